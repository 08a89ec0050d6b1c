#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "coordinator/cli/app.h"
#include "core/base/clock.h"
#include "tests/coordinator/cli/fake_sweep_service.h"
#include "tests/coordinator/cli/samples.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli {

/// Runs the program's own entry with captured output against a fake coordinator.
class CliTest : public ::testing::Test {
 protected:
  CliTest() { environment_["OODML_COORDINATOR"] = service_.address(); }

  struct Outcome {
    int code = -1;
    std::string out, err;
  };

  Outcome run(const std::vector<std::string>& arguments, const std::string& input = "") {
    std::ostringstream out, err;
    std::istringstream in(input);
    Surroundings around{.out = out,
                        .err = err,
                        .in = in,
                        .out_style = {},
                        .err_style = {},
                        .in_is_terminal = in_is_terminal_,
                        .out_is_terminal = false,
                        .err_is_terminal = false,
                        .terminal_size = [] { return TerminalSize{}; },
                        .environment = [this](const char* name) -> std::optional<std::string> {
                          const auto found = environment_.find(name);
                          return found == environment_.end() ? std::nullopt : std::optional(found->second);
                        },
                        .interrupts = [this] { return interrupts_(); },
                        .clock = clock_};
    const int code = oodml::cli::run(arguments, around);
    return {code, out.str(), err.str()};
  }

  std::string write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path) << text;
    return path.string();
  }

  /// An address of this machine where nobody listens: bound once, then given back.
  static std::string dead_address() { return FakeSweepService().address(); }

  FakeSweepService service_;
  std::map<std::string, std::string> environment_;
  std::function<int()> interrupts_ = [] { return 0; };
  bool in_is_terminal_ = false;
  SystemClock clock_;
  oodml::testing::TemporaryFolder folder_;
};

}  // namespace oodml::cli
