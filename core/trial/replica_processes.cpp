#include "core/trial/replica_processes.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/exit_code.h"
#include "core/job/trial_state.h"
#include "core/protocol/lines.h"

namespace oodml::trial {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";  // also after the file was replaced

std::filesystem::path report_path(const std::filesystem::path& reports, std::int64_t number) {
  return reports / ("failed-" + std::to_string(number));
}

/// In the child, between fork and exec: nothing but system calls.
[[noreturn]] void become_replica(char* const* arguments, pid_t parent) {
  signal(SIGTERM, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent) execv(kThisProgram, arguments);  // else it died before the line above
  _exit(kExitNotStarted);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  }
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

bool is_loss(int status) { return !WIFEXITED(status) || WEXITSTATUS(status) != 0; }
bool only_noticed(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == kExitPeerLost; }

}  // namespace

void write_report(const std::filesystem::path& reports, std::int64_t number, const job::Failed& failure) {
  (void)write_file_atomically(report_path(reports, number), protocol::encode(failure));
}

Result<std::unique_ptr<ReplicaProcesses>> ReplicaProcesses::start(
    const std::vector<std::vector<std::string>>& arguments, std::filesystem::path reports, OnLost on_lost) {
  std::error_code error;
  std::filesystem::remove_all(reports, error);
  std::filesystem::create_directories(reports, error);
  if (error) return system_failure("make " + reports.string(), error.value());
  std::unique_ptr<ReplicaProcesses> processes(new ReplicaProcesses(std::move(reports), std::move(on_lost)));
  if (processes->wake_ < 0) return system_failure("make an eventfd", errno);
  for (const auto& words : arguments) OODML_RETURN_IF_ERROR(processes->launch(words));
  processes->watcher_ = std::thread([self = processes.get()] { self->watch(); });
  return processes;
}

ReplicaProcesses::ReplicaProcesses(std::filesystem::path reports, OnLost on_lost)
    : reports_(std::move(reports)), on_lost_(std::move(on_lost)), wake_(eventfd(0, EFD_CLOEXEC)) {}

Status ReplicaProcesses::launch(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t self = getpid(), pid = fork();
  if (pid < 0) return system_failure("start a replica of the trial", errno);
  if (pid == 0) become_replica(words.data(), self);
  children_.push_back({.pid = pid, .watch = static_cast<int>(syscall(SYS_pidfd_open, pid, 0)), .status = {}});
  return children_.back().watch < 0 ? system_failure("watch a replica of the trial", errno) : Status();
}

ReplicaProcesses::~ReplicaProcesses() {
  if (watcher_.joinable()) {
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof(one));
    watcher_.join();
  }
  for (const Child& child : children_) {
    if (!child.status) kill(child.pid, SIGKILL);
  }
  for (const Child& child : children_) {
    while (!child.status && waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) continue;
    if (child.watch >= 0) close(child.watch);
  }
  if (wake_ >= 0) close(wake_);
  std::error_code ignored;
  std::filesystem::remove_all(reports_, ignored);
}

void ReplicaProcesses::watch() {
  while (!any_lost()) {
    if (!wait_for_change(std::nullopt)) return;
  }
  // Others may follow; among them may be the one that was the reason.
  const auto deadline = std::chrono::steady_clock::now() + kGrace;
  for (;;) {
    const auto left = std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
    if (left <= Duration::zero()) break;
    if (!wait_for_change(left)) return;
  }
  on_lost_(*worst());
}

bool ReplicaProcesses::wait_for_change(std::optional<Duration> at_most) {
  std::vector<pollfd> watched = {{wake_, POLLIN, 0}};
  for (const Child& child : children_) watched.push_back({child.status ? -1 : child.watch, POLLIN, 0});
  const int wait = at_most ? static_cast<int>(at_most->count()) : -1;
  if (poll(watched.data(), watched.size(), wait) <= 0) return true;
  if (watched[0].revents != 0) return false;
  const std::lock_guard lock(mutex_);
  for (Child& child : children_) {
    int status = 0;
    if (!child.status && waitpid(child.pid, &status, WNOHANG) == child.pid) child.status = status;
  }
  changed_.notify_all();
  return true;
}

bool ReplicaProcesses::any_lost() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(children_.begin(), children_.end(), [](const Child& c) { return c.status && is_loss(*c.status); });
}

std::optional<job::Failed> ReplicaProcesses::worst() const {
  const std::lock_guard lock(mutex_);
  std::optional<job::Failed> found;
  bool found_real = false;
  for (std::size_t i = 0; i < children_.size(); ++i) {
    if (!children_[i].status || !is_loss(*children_[i].status)) continue;
    const std::string who = fmt::format("replica {} of {}", i + 2, children_.size() + 1);
    const auto line = read_file(report_path(reports_, static_cast<std::int64_t>(i + 1)), protocol::kMaxLine);
    const auto report = line ? protocol::decode(std::string_view(*line).substr(0, line->find('\n')))
                             : Result<std::optional<job::EventBody>>(std::nullopt);
    if (report && *report && std::holds_alternative<job::Failed>(**report)) {
      const auto& failure = std::get<job::Failed>(**report);
      return job::Failed{failure.kind, who + ": " + failure.message};
    }
    if (found_real || (found && only_noticed(*children_[i].status))) continue;
    found_real = !only_noticed(*children_[i].status);
    found = job::Failed{job::to_text(job::Outcome::kInfrastructure),
                        who + " was lost: " + how_it_ended(*children_[i].status)};
  }
  return found;
}

std::optional<job::Failed> ReplicaProcesses::cause() {
  {
    std::unique_lock lock(mutex_);
    const auto ended = [&] {
      return std::any_of(children_.begin(), children_.end(),
                         [](const Child& c) { return c.status && is_loss(*c.status) && !only_noticed(*c.status); });
    };
    changed_.wait_for(lock, kGrace / 2, ended);
  }
  return worst();
}

}  // namespace oodml::trial
