#include "coordinator/cli/local/state_reader.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <thread>

#include "coordinator/cli/client.h"
#include "coordinator/cli/local/local_run.h"
#include "coordinator/cli/local/local_tokens.h"
#include "coordinator/cli/local/programs.h"
#include "core/base/atomic_file.h"
#include "core/base/file_id.h"

namespace oodml::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kReaderTick = 10ms;
constexpr auto kReaderPatience = 60s;
constexpr std::string_view kListening = "listening on ";

/// The run that is going on with this database; nothing when the port in the folder is an old one's.
std::optional<Connection> run_that_goes_on(const StatePaths& state) {
  const std::optional<int> port = read_port(state);
  if (!port) return std::nullopt;
  Connection connection = connection_to_run(state, Address{.port = *port}.text());
  const auto client = Client::open(connection, {.unseen = 200ms, .known = 1s, .deadline = 2s});
  if (!client) return std::nullopt;
  const Result<v1::GetVersionReply> there = (*client)->version();
  const bool same = there && !there->database_file().empty() && there->database_file() == file_id(state.database());
  return same ? std::optional(std::move(connection)) : std::nullopt;
}

/// A file without a name for what the reader prints, so that it leaves nothing in the folder.
class Printed {
 public:
  Printed() : file_(memfd_create("oodml-reader", MFD_CLOEXEC)) {}
  ~Printed() {
    if (file_ >= 0) close(file_);
  }
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;

  bool is_open() const { return file_ >= 0; }
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(file_); }

  /// What stands behind `start` on the first line that begins with it.
  std::optional<std::string> line_after(std::string_view start) const {
    std::ifstream lines(path());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(start) && !lines.eof()) return line.substr(start.size());
    }
    return std::nullopt;
  }

 private:
  int file_;
};

}  // namespace

Result<std::shared_ptr<StateReader>> StateReader::open(const std::filesystem::path& folder) {
  std::error_code error;
  const StatePaths state{std::filesystem::absolute(folder).lexically_normal()};
  if (!std::filesystem::exists(state.database(), error)) {
    return not_found("no run of oodml local in " + state.folder.string() +
                     "; name the folder of its --state (./oodml-state unless said)");
  }
  if (auto run = run_that_goes_on(state)) {
    return std::shared_ptr<StateReader>(new StateReader(state.folder, *std::move(run), std::nullopt));
  }
  OODML_ASSIGN_OR_RETURN(const std::filesystem::path program, program_beside("oodml-coordinator"));
  const Printed printed;
  if (!printed.is_open()) return system_failure("make a file in memory", errno);
  OODML_ASSIGN_OR_RETURN(const PassedToken passed, PassedToken::make());
  const std::vector<std::string> arguments = {"--read-only",
                                              "--tokens",
                                              passed.tokens_file(),
                                              "--database",
                                              state.database().string(),
                                              "--listen",
                                              Address{.port = 0}.text(),
                                              "--log-level",
                                              "error",
                                              "--die-with-parent",
                                              std::to_string(::getpid())};
  OODML_ASSIGN_OR_RETURN(ChildProcess reader, ChildProcess::start(program, arguments, printed.path()));
  const auto deadline = steady_clock::now() + kReaderPatience;
  while (steady_clock::now() < deadline) {
    if (const auto address = printed.line_after(kListening)) {
      return std::shared_ptr<StateReader>(new StateReader(
          state.folder, {.address = *address, .given = true, .token = passed.token()}, std::move(reader)));
    }
    if (const auto end = reader.ended()) {
      return failed_precondition(
          "cannot read " + state.database().string() + ": " +
          printed.line_after("oodml-coordinator: ").value_or(program.string() + " ended with " + *end));
    }
    std::this_thread::sleep_for(kReaderTick);
  }
  return failure(StatusCode::kDeadlineExceeded,
                 program.string() + " did not come up to read " + state.database().string());
}

}  // namespace oodml::cli
