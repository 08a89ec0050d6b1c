#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <thread>

#include "coordinator/cli/local/earlier_run.h"
#include "coordinator/cli/local/local_run.h"
#include "coordinator/cli/local/local_tokens.h"
#include "coordinator/cli/local/programs.h"
#include "core/base/atomic_file.h"

namespace oodml::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTick{50};
constexpr std::chrono::seconds kStartPatience{60};
constexpr std::chrono::seconds kStopPatience{20};
constexpr std::uint64_t kMaxLinkBytes = 4096;

Status ended_early(ChildProcess& child, const std::string& name) {
  const std::optional<std::string> end = child.ended();
  if (!end) return {};
  return internal_error(name + " ended with " + *end + "; its log " + child.log_file().string() + " closes with:\n" +
                        child.log_tail());
}

Result<int> wait_for_port(Session& session, const StatePaths& state, ChildProcess& coordinator, int interrupts_before) {
  const auto deadline = steady_clock::now() + kStartPatience;
  while (steady_clock::now() < deadline) {
    if (const std::optional<int> port = read_port(state)) return *port;
    OODML_RETURN_IF_ERROR(ended_early(coordinator, "oodml-coordinator"));
    if (session.around.interrupts() > interrupts_before) return failure(StatusCode::kCancelled, "interrupted");
    std::this_thread::sleep_for(kTick);
  }
  return failure(StatusCode::kDeadlineExceeded,
                 "oodml-coordinator did not come up; see " + state.coordinator_log().string());
}

/// NAME=FILE with FILE as seen from here, where the worker may stand elsewhere.
std::string with_absolute_file(const std::string& program) {
  const std::size_t equals = program.find('=');
  std::error_code error;
  const auto file = equals == std::string::npos ? "" : std::filesystem::absolute(program.substr(equals + 1), error);
  return error || file.empty() ? program : program.substr(0, equals + 1) + file.lexically_normal().string();
}

std::vector<std::string> worker_arguments(const StatePaths& state, const LocalOptions& options, const DataRoots& roots,
                                          int port) {
  std::vector<std::string> arguments = {
      "--coordinator",     Address{.port = port}.text(), "--state-dir",       state.worker_state().string(),
      "--benchmarks-root", roots.benchmarks.string(),    "--die-with-parent", std::to_string(::getpid())};
  const auto add = [&](const char* flag, const std::string& value) {
    arguments.emplace_back(flag);
    arguments.push_back(value);
  };
  // The coordinator of this run speaks to this machine alone: what environment and client.toml say is of another one.
  add("--tls-ca", "");
  add("--token-file", state.worker_token().string());
  arguments.emplace_back("--resume-at-once");  // who runs the command again wants its trials to go on
  if (options.threads_per_slot > 0) add("--threads-per-slot", std::to_string(options.threads_per_slot));
  if (options.gpus_per_slot > 1) add("--gpus-per-slot", std::to_string(options.gpus_per_slot));
  add("--delivery-seconds", "10");  // without a coordinator, events wait on disk for the next run
  add("--upload-seconds", "10");
  add("--keep-runs", "all");  // the state folder is where its owner looks for what trials left
  if (!options.devices.empty()) add("--devices", options.devices);
  if (options.share_devices) arguments.emplace_back("--share-devices");
  if (options.retry_failed) arguments.emplace_back("--retry-devices");
  if (options.slots > 0) add("--cpu-slots", std::to_string(options.slots));
  if (!roots.weights.empty()) add("--weights-root", roots.weights.string());
  for (const std::string& program : options.programs) add("--program", with_absolute_file(program));
  if (options.allow_scripts) arguments.emplace_back("--allow-scripts");
  const std::filesystem::path& scripts = options.source.scripts_folder;
  if (!scripts.empty()) arguments.push_back(std::filesystem::absolute(scripts).string());
  return arguments;
}

/// Whether the child ended before `patience` was over; an interrupt cuts it short.
bool ends_within(Session& session, ChildProcess& child, std::optional<milliseconds> patience) {
  const int interrupts_before = session.around.interrupts();
  const auto start = steady_clock::now();
  while (!child.ended()) {
    if (session.around.interrupts() > interrupts_before) return false;
    if (patience && steady_clock::now() - start > *patience) return false;
    std::this_thread::sleep_for(kTick);
  }
  return true;
}

}  // namespace

std::optional<int> read_port(const StatePaths& state) {
  const Result<std::string> text = read_file(state.port_file(), 1024);
  return text ? parse_port(*text) : std::nullopt;
}

std::optional<int> parse_port(const std::string& text) {
  std::string_view digits = text;
  while (!digits.empty() && (digits.back() == '\n' || digits.back() == ' ')) digits.remove_suffix(1);
  digits.remove_prefix(digits.rfind(':') == std::string_view::npos ? 0 : digits.rfind(':') + 1);
  int port = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size();
  return whole && port > 0 && port < 65536 ? std::optional<int>(port) : std::nullopt;
}

Result<LocalServices> LocalServices::start(Session& session, const StatePaths& state, const LocalOptions& options,
                                           const DataRoots& roots, int interrupts_before) {
  OODML_ASSIGN_OR_RETURN(const auto program, program_beside("oodml-coordinator"));
  OODML_RETURN_IF_ERROR(wait_for_earlier_run(session, state, interrupts_before));
  std::error_code error;
  std::filesystem::remove(state.port_file(), error);  // an earlier run's
  if (error) return system_failure("remove " + state.port_file().string(), error.value());
  OODML_RETURN_IF_ERROR(write_local_tokens(state));
  // After a run that was killed, its trials are free again when their leases end: soon, with everything on one machine.
  // There is no other that could run what this one cannot.
  std::vector<std::string> arguments = {"--listen",
                                        Address{.port = 0}.text(),
                                        "--port-file",
                                        state.port_file().string(),
                                        "--database",
                                        state.database().string(),
                                        "--tokens",
                                        state.tokens().string(),
                                        "--heartbeat-seconds",
                                        "3",
                                        "--lease-seconds",
                                        "30",
                                        "--restart-grace-seconds",
                                        "15",
                                        "--machine-retries",
                                        "0",
                                        "--die-with-parent",
                                        std::to_string(::getpid())};
  if (options.web) {
    arguments.insert(arguments.end(),
                     {"--web", Address{.port = 0}.text(), "--web-entry-file", state.web_entry_file().string(),
                      "--web-entry-token", state.person_token().string()});
  }
  OODML_ASSIGN_OR_RETURN(ChildProcess coordinator, ChildProcess::start(program, arguments, state.coordinator_log()));
  OODML_ASSIGN_OR_RETURN(const int port, wait_for_port(session, state, coordinator, interrupts_before));
  if (options.web) {  // written before the port
    OODML_ASSIGN_OR_RETURN(const std::string link, read_file(state.web_entry_file(), kMaxLinkBytes));
    session.note("The web page, by a link that works once: " + link);
  }
  return LocalServices(std::move(coordinator), port, worker_arguments(state, options, roots, port), state);
}

Status LocalServices::start_worker() {
  OODML_ASSIGN_OR_RETURN(const auto program, program_beside("oodml-worker"));
  OODML_ASSIGN_OR_RETURN(worker_, ChildProcess::start(program, worker_arguments_, state_.worker_log()));
  return {};
}

Status LocalServices::check() {
  OODML_RETURN_IF_ERROR(ended_early(coordinator_, "oodml-coordinator"));
  return worker_ ? ended_early(*worker_, "oodml-worker") : Status();
}

void LocalServices::stop(Session& session) {
  if (worker_) worker_->signal(SIGTERM);
  if (worker_ && !ends_within(session, *worker_, std::nullopt)) {
    session.note("Stopping at once; the newest checkpoints are kept.\n");
    worker_->kill_group();
  }
  session.hang_up();  // the coordinator gives callers a moment to leave
  coordinator_.signal(SIGTERM);
  if (!ends_within(session, coordinator_, kStopPatience)) coordinator_.kill_group();
}

}  // namespace oodml::cli
