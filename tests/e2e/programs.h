#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace oodml::testing {

/// A benchmarks root with fashion_mnist in it, made as the demo makes it.
void make_fashion_mnist(const std::filesystem::path& root);

/// `oodml local` of the tiny sweep in two slots, with its state in `folder / state` and the images in `folder /
/// benchmarks`.
std::vector<std::string> local_command(const std::filesystem::path& folder, const std::string& state,
                                       const std::vector<std::string>& further = {});

/// A coordinator on a free port with its database below `folder`; starts again on the same port and database.
class CoordinatorProgram {
 public:
  explicit CoordinatorProgram(const std::filesystem::path& folder);
  void start();
  void kill();  ///< -9
  void stop();  ///< SIGTERM; expects a clean exit.
  std::string address() const { return address_; }

 private:
  std::filesystem::path folder_;
  std::string address_;
  std::optional<Process> process_;
};

/// A worker with one CPU slot; a second start with the same name is the same worker again.
Process start_worker(const CoordinatorProgram& coordinator, const std::filesystem::path& folder,
                     const std::filesystem::path& benchmarks, const std::string& name,
                     const std::vector<std::string>& further = {});

/// The command line, talking to `coordinator`.
Output oodml(const CoordinatorProgram& coordinator, std::vector<std::string> words);

/// A trial's results.json without what a clock measured: equal for equal bits.
nlohmann::json figures_of(const std::filesystem::path& results);

}  // namespace oodml::testing
