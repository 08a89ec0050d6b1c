#include "worker/process_launcher.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "core/base/exit_code.h"
#include "core/protocol/lines.h"
#include "worker/stray_processes.h"

extern char** environ;

namespace oodml::worker {
namespace {

/// Owns a descriptor above those that the child's are moved to.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { reset(); }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

constexpr int kFirstPrivateFd = 10;
constexpr std::size_t kMaxPipe = 2 << 20;

Fd raised(int fd) {
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, kFirstPrivateFd);
  ::close(fd);
  return Fd(high);
}

struct Pipe {
  Fd read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("make a pipe", errno);
  Pipe pipe{raised(ends[0]), raised(ends[1])};
  if (!pipe.read.open() || !pipe.write.open()) return system_failure("make a pipe", errno);
  return pipe;
}

Result<Fd> open_file(const std::filesystem::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0) return system_failure("open " + path.string(), errno);
  return raised(fd);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// All that the child needs between fork and exec, where nothing may be allocated.
struct ChildPlan {
  pid_t parent;
  int null_fd, log_fd, event_fd, error_fd;
  const char* folder;
  char* const* arguments;
  char* const* environment;
};

[[noreturn]] void become_trial(const ChildPlan& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(kExitNotStarted);  // The worker died before the line above could take effect.
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const bool ready = ::dup2(plan.null_fd, 0) >= 0 && ::dup2(plan.log_fd, 1) >= 0 && ::dup2(plan.log_fd, 2) >= 0 &&
                     ::dup2(plan.event_fd, protocol::kEventDescriptor) >= 0 && ::chdir(plan.folder) == 0;
  if (ready) {
    ::close_range(protocol::kEventDescriptor + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execve(plan.arguments[0], plan.arguments, plan.environment);
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(plan.error_fd, &error, sizeof(error));
  ::_exit(kExitNotStarted);
}

class SystemProcess final : public Process {
 public:
  SystemProcess(pid_t pid, Fd pidfd, Fd events, std::string mark)
      : pid_(pid), pidfd_(std::move(pidfd)), events_(std::move(events)), mark_(std::move(mark)) {}

  ~SystemProcess() override {
    if (!ended_) end();
  }

  pid_t pid() const override { return pid_; }
  bool watched() const { return pidfd_.open(); }
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
    int wait_status = 0;
    while (::waitpid(pid_, &wait_status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(wait_status)) status_.signal = WTERMSIG(wait_status);
    if (WIFEXITED(wait_status)) status_.code = WEXITSTATUS(wait_status);
    ended_ = true;
    kill_stray_processes(mark_);
  }

  pid_t pid_;
  Fd pidfd_, events_;
  std::string mark_;
  ExitStatus status_;
  bool ended_ = false;
};

/// 0, or the errno with which the child could not become the program. The pipe closes when exec succeeds.
int exec_error(const Fd& errors) {
  int error = 0;
  ssize_t count = 0;
  while ((count = ::read(errors.get(), &error, sizeof(error))) < 0 && errno == EINTR) {
  }
  return count == static_cast<ssize_t>(sizeof(error)) ? error : 0;
}

bool is_secret(std::string_view name) {
  for (const std::string_view word : {"TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "ACCESS_KEY", "API_KEY"}) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  return false;
}

/// Programs differ in which of two values of one name they take, so there is one.
std::vector<std::string> with_variables(std::vector<std::string> environment, const std::vector<std::string>& more) {
  for (const std::string& variable : more) {
    const std::string name = variable.substr(0, variable.find('=') + 1);
    std::erase_if(environment, [&](const std::string& other) { return other.starts_with(name); });
    environment.push_back(variable);
  }
  return environment;
}

}  // namespace

std::vector<std::string> scrubbed_environment(char** environment) {
  std::vector<std::string> kept;
  for (char** entry = environment; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    std::string name(text.substr(0, text.find('=')));
    for (char& letter : name) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (!is_secret(name)) kept.emplace_back(text);
  }
  return kept;
}

Result<std::unique_ptr<Process>> SystemProcessLauncher::launch(const LaunchSpec& spec) {
  OODML_ASSIGN_OR_RETURN(Pipe events, make_pipe());
  OODML_ASSIGN_OR_RETURN(Pipe errors, make_pipe());
  OODML_ASSIGN_OR_RETURN(const Fd null, open_file("/dev/null", O_RDONLY));
  OODML_ASSIGN_OR_RETURN(const Fd log, open_file(spec.log, O_WRONLY | O_CREAT | O_APPEND));
  ::fcntl(events.read.get(), F_SETFL, O_NONBLOCK);

  std::string mark = kRunFolderVariable;
  mark.append(1, '=').append(spec.folder.native());
  std::vector<std::string> arguments = spec.command;
  std::vector<std::string> environment = with_variables(scrubbed_environment(environ), spec.environment);
  environment.push_back(mark);
  const std::vector<char*> argument_list = pointers(arguments);
  const std::vector<char*> environment_list = pointers(environment);
  const ChildPlan plan{::getpid(),
                       null.get(),
                       log.get(),
                       events.write.get(),
                       errors.write.get(),
                       spec.folder.c_str(),
                       argument_list.data(),
                       environment_list.data()};
  const pid_t pid = ::fork();
  if (pid < 0) return system_failure("fork for " + spec.command[0], errno);
  if (pid == 0) become_trial(plan);

  ::setpgid(pid, pid);  // As the child does: whoever is first, the group exists from here on.
  events.write.reset();
  errors.write.reset();
  // glibc 2.36 declares pidfd_open without C linkage.
  Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const int pidfd_error = errno;
  auto process = std::make_unique<SystemProcess>(pid, std::move(pidfd), std::move(events.read), mark);
  if (const int error = exec_error(errors.read); error != 0) {
    return system_failure("start " + spec.command[0] + " in " + spec.folder.string(), error);
  }
  if (!process->watched()) return system_failure("watch " + spec.command[0], pidfd_error);
  return std::unique_ptr<Process>(std::move(process));
}

}  // namespace oodml::worker
