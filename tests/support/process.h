#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// Real programs for integration and end-to-end tests.
namespace oodml::testing {

/// build/bin/<name>, from the environment variable OODML_BIN that ctest sets.
std::string program(const std::string& name);
/// A path in the checkout, from OODML_SOURCE.
std::filesystem::path source(const std::string& relative);

struct ProcessOptions {
  std::map<std::string, std::string> environment;  ///< On top of the test's own.
  std::filesystem::path folder;                    ///< Working folder; empty: the test's own.
  std::filesystem::path output;                    ///< stdout and stderr go here, appended; empty: discarded.
};

/// A child in a process group of its own; the whole group is killed with the object.
class Process {
 public:
  explicit Process(const std::vector<std::string>& words, const ProcessOptions& options = {});
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t pid() const { return pid_; }
  void signal(int number) const;  ///< To the process alone.
  bool running();
  /// Waits at most so long; the exit status, 128 + signal, or -1 when it still runs.
  int wait(std::chrono::milliseconds at_most = std::chrono::seconds(60));

 private:
  pid_t pid_ = -1;
  int status_ = -1;
};

struct Output {
  int exit_code = -1;  ///< 128 + signal when killed
  std::string out, err;
};

/// Runs a program to its end; killed (exit code 137) after `at_most`.
Output run(const std::vector<std::string>& words, const ProcessOptions& options = {},
           std::chrono::milliseconds at_most = std::chrono::seconds(120));

/// Asks again every few milliseconds until true; false when `at_most` is over.
bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds at_most = std::chrono::seconds(60));

/// A TCP port of this machine that nobody listens on, from a range that systems do not hand out by themselves: for a
/// server that comes later, or comes back.
int free_port();

std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

/// Processes whose command line holds `text`: for "nothing is left behind".
std::vector<pid_t> processes_with(const std::string& text);

}  // namespace oodml::testing
