#include "coordinator/cli/top/full_screen.h"

#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <ostream>
#include <string_view>

namespace oodml::cli {
namespace {

constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";  // the other screen, no cursor
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::array kFatal = {SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

termios usual_mode{};  // how the terminal was; whoever sets screen_is_open has written it
std::atomic<bool> screen_is_open{false};
static_assert(std::atomic<bool>::is_always_lock_free);

/// Does nothing that a signal's handler may not.
void restore_terminal() {
  if (!screen_is_open.exchange(false)) return;
  [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, kLeave.data(), kLeave.size());
  ::tcsetattr(STDIN_FILENO, TCSANOW, &usual_mode);
}

/// The signal's own effect follows: it was installed for once.
void restore_and_end(int number) {
  restore_terminal();
  ::raise(number);
}

void handle_fatal_signals() {
  struct sigaction action{};
  action.sa_handler = restore_and_end;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int number : kFatal) ::sigaction(number, &action, nullptr);
}

}  // namespace

Result<std::unique_ptr<FullScreen>> FullScreen::open(std::ostream& out) {
  if (::tcgetattr(STDIN_FILENO, &usual_mode) != 0) {
    return failed_precondition("standard input is no terminal; --once prints what there is and ends");
  }
  termios raw = usual_mode;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  raw.c_cc[VSUSP] = _POSIX_VDISABLE;  // a shell would come up on this screen
  handle_fatal_signals();
  screen_is_open = true;
  if (::tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0) {
    screen_is_open = false;
    return system_failure("set up the terminal", errno);
  }
  out << kEnter << std::flush;
  return std::unique_ptr<FullScreen>(new FullScreen(out));
}

FullScreen::~FullScreen() {
  out_ << std::flush;
  restore_terminal();
  for (const int number : kFatal) ::signal(number, SIG_DFL);
}

void FullScreen::show(const std::vector<std::string>& lines) {
  std::string bytes = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) bytes += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
  bytes += "\x1b[J";
  if (bytes == shown_) return;
  out_ << bytes << std::flush;
  shown_ = std::move(bytes);
}

std::optional<std::string> FullScreen::keys(std::chrono::milliseconds patience) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&input, 1, static_cast<int>(patience.count()));
  if (ready == 0 || (ready < 0 && errno == EINTR)) return "";
  std::array<char, 64> buffer;
  const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return "";
  if (count <= 0) return std::nullopt;
  return std::string(buffer.data(), static_cast<std::size_t>(count));
}

}  // namespace oodml::cli
