#include "worker/child_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/base/exit_code.h"
#include "core/protocol/lines.h"
#include "worker/stray_processes.h"

namespace oodml::worker {
namespace {

constexpr std::size_t kMaxPipe = 2 << 20;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// All that the child needs between vfork and exec, where it shares this process's memory.
struct ChildPlan {
  pid_t parent;
  int null_fd, log_fd, third_fd, error_fd;
  const char* folder;
  char* const* arguments;
  char* const* environment;
};

[[noreturn]] void become_program(const ChildPlan& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(kExitNotStarted);  // The worker died before the line above could take effect.
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const bool ready = ::dup2(plan.null_fd, 0) >= 0 && ::dup2(plan.log_fd, 1) >= 0 && ::dup2(plan.log_fd, 2) >= 0 &&
                     ::dup2(plan.third_fd, protocol::kEventDescriptor) >= 0 && ::chdir(plan.folder) == 0;
  if (ready) {
    ::close_range(protocol::kEventDescriptor + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execve(plan.arguments[0], plan.arguments, plan.environment);
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(plan.error_fd, &error, sizeof(error));
  ::_exit(kExitNotStarted);
}

/// 0, or the errno with which the child could not become the program. The pipe closes when exec succeeds.
int exec_error(const Descriptor& errors) {
  int error = 0;
  ssize_t count = 0;
  while ((count = ::read(errors.get(), &error, sizeof(error))) < 0 && errno == EINTR) {
  }
  return count == static_cast<ssize_t>(sizeof(error)) ? error : 0;
}

class ChildProcess final : public Process {
 public:
  ChildProcess(pid_t pid, Descriptor pidfd, Descriptor events, std::string mark)
      : pid_(pid), pidfd_(std::move(pidfd)), events_(std::move(events)), mark_(std::move(mark)) {}

  ~ChildProcess() override {
    if (!ended_) end();
  }

  pid_t pid() const override { return pid_; }
  ExitStatus status() const override { return status_; }
  void send_signal(int signal) override {
    if (!ended_) ::kill(-pid_, signal);
  }

  Reading read(Duration wait) override {
    if (ended_) return {"", true};
    std::array<pollfd, 2> waits{pollfd{pidfd_.get(), POLLIN, 0}, pollfd{events_.get(), POLLIN, 0}};
    ::poll(waits.data(), events_.open() ? 2 : 1, static_cast<int>(wait.count()));
    if (waits[0].revents != 0) {
      end();
      return {read_rest(), true};
    }
    return {waits[1].revents != 0 ? read_pipe() : std::string(), false};
  }

 private:
  /// What is there now; closes the pipe at its end.
  std::string read_pipe() {
    std::string bytes(1 << 16, '\0');
    const ssize_t count = ::read(events_.get(), bytes.data(), bytes.size());
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) events_.reset();
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  /// Nobody is left to write: at most one pipe's worth, whose size Linux limits to 1 MiB.
  std::string read_rest() {
    std::string rest;
    while (events_.open() && rest.size() < kMaxPipe) {
      const std::string bytes = read_pipe();
      if (bytes.empty()) break;
      rest += bytes;
    }
    return rest;
  }

  /// The group goes before the child is reaped, while its number cannot be given to anybody else.
  void end() {
    ::kill(-pid_, SIGKILL);
    status_ = reap(pid_);
    ended_ = true;
    const auto lived = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began_);
    kill_stray_processes(mark_, numbers_tell_age(pid_, lived) ? pid_ : 0);
  }

  pid_t pid_;
  Descriptor pidfd_, events_;
  std::string mark_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  ExitStatus status_;
  bool ended_ = false;
};

}  // namespace

ExitStatus reap(pid_t pid) {
  ExitStatus status;
  int wait_status = 0;
  while (::waitpid(pid, &wait_status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(wait_status)) status.signal = WTERMSIG(wait_status);
  if (WIFEXITED(wait_status)) status.code = WEXITSTATUS(wait_status);
  return status;
}

Result<pid_t> start_child(const ChildStart& start) {
  OODML_ASSIGN_OR_RETURN(Pipe errors, make_pipe());
  std::vector<std::string> arguments = start.command, environment = start.environment;
  const std::vector<char*> argument_list = pointers(arguments);
  const std::vector<char*> environment_list = pointers(environment);
  const ChildPlan plan{::getpid(),         start.null_fd,        start.log_fd,         start.third_fd,
                       errors.write.get(), start.folder.c_str(), argument_list.data(), environment_list.data()};
  // This thread waits until the child has called exec or _exit, and all that the child does before are system calls.
  const pid_t pid = ::vfork();
  if (pid < 0) return system_failure("fork for " + start.command[0], errno);
  if (pid == 0) become_program(plan);
  ::setpgid(pid, pid);  // As the child does: whoever is first, the group exists from here on.
  errors.write.reset();
  if (const int error = exec_error(errors.read); error != 0) {
    reap(pid);
    return system_failure("start " + start.command[0] + " in " + start.folder.string(), error);
  }
  return pid;
}

Result<std::unique_ptr<Process>> watch_child(pid_t pid, Descriptor events, std::string mark) {
  // glibc 2.36 declares pidfd_open without C linkage.
  Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const int error = errno;
  const bool watched = pidfd.open();
  auto process = std::make_unique<ChildProcess>(pid, std::move(pidfd), std::move(events), std::move(mark));
  if (!watched) return system_failure("watch process " + std::to_string(pid), error);
  return std::unique_ptr<Process>(std::move(process));
}

}  // namespace oodml::worker
