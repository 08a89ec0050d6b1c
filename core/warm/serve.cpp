#include "core/warm/serve.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/base/exit_code.h"
#include "core/warm/loaded_files.h"
#include "core/warm/request.h"
#include "core/warm/shown_words.h"
#include "core/warm/sibling.h"

extern char** environ;

namespace oodml::warm {
namespace {

constexpr int kEvents = 3;  // where a trial has its events (core/protocol)

using Descriptors = std::array<int, kDescriptors>;

struct Asked {
  Request request;
  Descriptors files{};
};

void close_all(const Descriptors& files) {
  for (const int file : files) ::close(file);
}

/// The files of a message; false when there are not as many as there should be.
bool take_files(msghdr& message, Descriptors& files) {
  const cmsghdr* control = CMSG_FIRSTHDR(&message);
  if (control == nullptr || control->cmsg_type != SCM_RIGHTS) return false;
  if (control->cmsg_len != CMSG_LEN(sizeof(files))) return false;
  std::memcpy(files.data(), CMSG_DATA(control), sizeof(files));
  return true;
}

/// The next request; nothing when the worker is gone, or what came is none.
std::optional<Asked> receive() {
  std::string bytes(kMaxRequest, '\0');
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Descriptors))> control{};
  iovec part{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t count = 0;
  while ((count = ::recvmsg(kSocketDescriptor, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  Asked asked;
  if (count <= 0 || !take_files(message, asked.files)) return std::nullopt;
  auto request = decode(std::string_view(bytes).substr(0, static_cast<std::size_t>(count)));
  if (!request) return std::nullopt;
  asked.request = *std::move(request);
  return asked;
}

void report(int descriptor, pid_t pid, int error) {
  const Report report{.pid = pid, .error = error};
  [[maybe_unused]] const ssize_t told = ::write(descriptor, &report, sizeof(report));
}

/// As between fork and exec (worker/process_launcher.cpp); signals and their mask are as the template was executed
/// with.
bool take_place(const Asked& asked, pid_t worker) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != worker) ::_exit(kExitNotStarted);  // It died before the line above could take effect.
  const Descriptors& files = asked.files;
  return ::dup2(files[kNull], STDIN_FILENO) >= 0 && ::dup2(files[kLog], STDOUT_FILENO) >= 0 &&
         ::dup2(files[kLog], STDERR_FILENO) >= 0 && ::dup2(files[Descriptor::kEvents], kEvents) >= 0 &&
         ::chdir(asked.request.folder.c_str()) == 0;
}

bool take_words(const Request& request) {
  static std::string variable;  // putenv() keeps the text itself
  variable = request.variable;
  if (::putenv(variable.data()) != 0) return false;
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  return show_words(request.words, environment).ok();
}

/// In the copy.
void become_trial(const Asked& asked, pid_t worker) {
  const int reports = asked.files[kReport];
  report(reports, ::getpid(), 0);
  errno = 0;
  if (!take_place(asked, worker) || !take_words(asked.request)) {
    report(reports, ::getpid(), errno != 0 ? errno : ENOTSUP);
    ::_exit(kExitNotStarted);
  }
  ::close_range(kEvents + 1, ~0U, 0);
}

bool say_ready() { return ::send(kSocketDescriptor, &kReady, 1, MSG_NOSIGNAL) == 1; }

}  // namespace

std::optional<std::vector<std::string>> serve() {
  const pid_t worker = ::getppid();
  const LoadedFiles files;
  if (count_threads() != 1 || !say_ready()) return std::nullopt;
  while (auto asked = receive()) {
    if (!files.are_unchanged() || count_threads() != 1) return std::nullopt;
    const pid_t pid = make_sibling();
    if (pid == 0) {
      become_trial(*asked, worker);
      return std::move(asked->request.words);
    }
    const int error = errno;
    report(asked->files[kReport], pid, pid < 0 ? error : 0);
    close_all(asked->files);
  }
  return std::nullopt;
}

}  // namespace oodml::warm
