#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <clocale>
#include <csignal>
#include <cstring>
#include <iostream>

#include "coordinator/cli/app.h"
#include "core/base/guard.h"
#include "core/base/hangup.h"
#include "core/base/print.h"
#include "core/connection/client_settings.h"
#include "proto/convert/grpc_log.h"

namespace {

std::atomic<int> interrupts{0};
static_assert(std::atomic<int>::is_always_lock_free);

void count_interrupt(int) { ++interrupts; }
void leave(int) { _exit(oodml::kExitInterrupted); }

void handle_with(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
  if (!oodml::hangup_is_ignored()) sigaction(SIGHUP, &action, nullptr);
}

/// Whoever asks has taken over stopping.
int counted_interrupts() {
  static const bool taken_over = (handle_with(count_interrupt), true);
  static_cast<void>(taken_over);
  return interrupts.load();
}

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1 && oodml::process_environment("TERM").value_or("dumb") != "dumb";
}

oodml::cli::TerminalSize terminal_size() {
  winsize size{};
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
      return {size.ws_col, size.ws_row};
  }
  return {};
}

oodml::cli::Style style_of(bool terminal) {
  const bool utf8 = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  const bool colour = terminal && oodml::process_environment("NO_COLOR").value_or("").empty();
  return {.colour = colour, .utf8 = utf8, .width = terminal ? terminal_size().columns : 0};
}

int run(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  oodml::convert::drop_grpc_log();  // its failures reach people through our own messages
  handle_with(leave);
  const bool out_is_terminal = is_terminal(STDOUT_FILENO);
  const bool err_is_terminal = is_terminal(STDERR_FILENO);
  oodml::SystemClock clock;
  oodml::cli::Surroundings around{.out = std::cout,
                                  .err = std::cerr,
                                  .in = std::cin,
                                  .out_style = style_of(out_is_terminal),
                                  .err_style = style_of(err_is_terminal),
                                  .in_is_terminal = isatty(STDIN_FILENO) == 1,
                                  .out_is_terminal = out_is_terminal,
                                  .err_is_terminal = err_is_terminal,
                                  .terminal_size = terminal_size,
                                  .environment = oodml::process_environment,
                                  .interrupts = counted_interrupts,
                                  .clock = clock};
  const int code = oodml::cli::run({argv + 1, argv + argc}, around);
  // What a closed terminal misses, nobody misses; a file without its end does not count as done.
  if (code != oodml::kExitDone || out_is_terminal || std::cout.flush()) return code;
  oodml::print_note("oodml: stdout cannot be written: not all of the output is there\n");
  return oodml::kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  return oodml::run_program("oodml", [&] { return run(argc, argv); });
}
