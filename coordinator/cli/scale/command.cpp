#include "coordinator/cli/scale/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include "coordinator/cli/output/text.h"

extern char** environ;

namespace oodml::cli::scale {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t kMaxOutput = 16 << 20;

/// A descriptor that is closed in any case.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(-1); }
  void reset(int number) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }
  int get() const { return number_; }

 private:
  int number_;
};

/// A running program in a process group of its own, with what it says; killed and reaped in any case.
struct Child {
  pid_t pid = -1;
  Descriptor input, out, err;
  std::string said, complained;

  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid < 0) return;
    ::kill(-pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
};

/// In memory, so that a program that does not read it cannot hold us up.
Status hold_input(std::string_view input, Descriptor& descriptor) {
  descriptor.reset(::memfd_create("input", MFD_CLOEXEC));
  if (descriptor.get() < 0) return system_failure("make an input in memory", errno);
  while (!input.empty()) {
    const ssize_t written = ::write(descriptor.get(), input.data(), input.size());
    if (written < 0) return system_failure("write an input in memory", errno);
    input.remove_prefix(static_cast<std::size_t>(written));
  }
  ::lseek(descriptor.get(), 0, SEEK_SET);
  return {};
}

Status start(const std::vector<std::string>& words, std::string_view input, Child& child) {
  OODML_RETURN_IF_ERROR(hold_input(input, child.input));
  std::array<int, 2> out{}, err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return system_failure("make a pipe", errno);
  child.out.reset(out[0]);
  const Descriptor out_end(out[1]);
  if (::pipe2(err.data(), O_CLOEXEC) != 0) return system_failure("make a pipe", errno);
  child.err.reset(err[0]);
  const Descriptor err_end(err[1]);

  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  for (std::string& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&files, child.input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out_end.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err_end.get(), STDERR_FILENO);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const int error = ::posix_spawnp(&child.pid, words[0].c_str(), &files, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error == 0) return {};
  child.pid = -1;
  if (error == ENOENT) return not_found("no program " + words[0] + " along PATH");
  return system_failure("start " + words[0], error);
}

/// Reads once; false at the end of the stream.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
  if (got <= 0) return got < 0 && errno == EINTR;
  text.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

/// Until both streams have ended; kDeadlineExceeded, kResourceExhausted.
Status listen(Child& child, const std::string& name, Steady::time_point deadline) {
  std::array<pollfd, 2> streams = {pollfd{child.out.get(), POLLIN, 0}, pollfd{child.err.get(), POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const auto left = std::chrono::ceil<Duration>(deadline - Steady::now()).count();
    if (left <= 0) return failure(StatusCode::kDeadlineExceeded, "");
    if (::poll(streams.data(), streams.size(), static_cast<int>(std::min<std::int64_t>(left, 60'000))) < 0) continue;
    if (streams[0].revents != 0 && !read_some(child.out.get(), child.said)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !read_some(child.err.get(), child.complained)) streams[1].fd = -1;
    if (child.said.size() + child.complained.size() > kMaxOutput) {
      return failure(StatusCode::kResourceExhausted, name + " printed more than 16 MiB");
    }
  }
  return {};
}

/// Its exit status, once it has ended.
Result<int> reap(Child& child, Steady::time_point deadline) {
  int status = 0;
  while (true) {
    const pid_t ended = ::waitpid(child.pid, &status, WNOHANG);
    if (ended == child.pid) break;
    if (ended < 0 && errno != EINTR) return system_failure("wait for a program", errno);
    if (Steady::now() >= deadline) return failure(StatusCode::kDeadlineExceeded, "");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  child.pid = -1;
  return status;
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::size_t begin = text.rfind('\n');
  return one_line(begin == std::string::npos ? text : text.substr(begin + 1));
}

}  // namespace

Result<std::string> run_command(const std::vector<std::string>& words, std::string_view input, Duration limit) {
  const Steady::time_point deadline = Steady::now() + limit;
  Child child;
  OODML_RETURN_IF_ERROR(start(words, input, child));
  Status heard = listen(child, words[0], deadline);
  const Result<int> status = heard.ok() ? reap(child, deadline) : failure(heard);
  if (!status && status.error().code() == StatusCode::kDeadlineExceeded) {
    return failure(StatusCode::kDeadlineExceeded,
                   words[0] + " did not answer within " + std::to_string(limit.count() / 1000) + " s and was killed");
  }
  if (!status) return failure(status.error());
  if (*status == 0) return std::move(child.said);
  const std::string end = WIFSIGNALED(*status) ? "signal " + std::to_string(WTERMSIG(*status))
                                               : "exit code " + std::to_string(WEXITSTATUS(*status));
  const std::string why = last_line(child.complained.empty() ? child.said : child.complained);
  return unavailable(words[0] + " ended with " + end + (why.empty() ? "" : ": " + why));
}

}  // namespace oodml::cli::scale
