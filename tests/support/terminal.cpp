#include "tests/support/terminal.h"

#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace oodml::testing {

TerminalProgram::TerminalProgram(const std::vector<std::string>& words, bool after_nohup,
                                 const ProcessOptions& options) {
  std::vector<std::string> texts = words;
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  pid_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
  if (pid_ < 0) throw std::runtime_error("forkpty");
  if (pid_ > 0) return;
  ::close_range(3, ~0U, 0);  // whatever the test runner left open
  for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (after_nohup) ::signal(SIGHUP, SIG_IGN);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

TerminalProgram::~TerminalProgram() {
  close_terminal();
  if (status_ >= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool TerminalProgram::says(const std::string& text) {
  std::array<char, 4096> buffer;
  while (seen_.find(text) == std::string::npos) {
    const ssize_t count = ::read(terminal_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    seen_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return true;
}

void TerminalProgram::type(const std::string& keys) const {
  if (::write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("type into the terminal");
  }
}

void TerminalProgram::resize(int columns, int rows) const {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(rows);
  ::ioctl(terminal_, TIOCSWINSZ, &size);
}

bool TerminalProgram::reads_lines() const {
  termios now{};
  return ::tcgetattr(terminal_, &now) == 0 && (now.c_lflag & ICANON) != 0 && (now.c_lflag & ECHO) != 0;
}

void TerminalProgram::close_terminal() {
  if (terminal_ >= 0) ::close(terminal_);
  terminal_ = -1;
}

void TerminalProgram::signal(int number) const { ::kill(pid_, number); }

int TerminalProgram::wait(std::chrono::milliseconds at_most) {
  wait_until(
      [this] {
        int status = 0;
        if (status_ < 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
          status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        return status_ >= 0;
      },
      at_most);
  return status_;
}

}  // namespace oodml::testing
