#include "core/trial/share_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/print.h"
#include "core/trial/console.h"

namespace oodml::trial {
namespace {

constexpr std::chrono::milliseconds kBetweenDraws{100};
constexpr std::size_t kWidth = 79;

}  // namespace

ShareLine::ShareLine() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

void ShareLine::show(std::string_view what, double share) {
  if (!is_terminal_) return;
  const auto now = Clock::now();
  const bool is_new = what != what_;
  if (is_new) {
    what_ = what;
    started_ = now;
  } else if (now - drawn_ < kBetweenDraws) {
    return;
  }
  drawn_ = now;
  std::string line = what_;
  if (share > 0.0) {
    const double seconds = std::chrono::duration<double>(now - started_).count();
    line += fmt::format("  {:.0f} %", 100 * share);
    if (seconds > 1.0) line += "  " + duration_text(seconds * (1.0 - share) / share) + " left";
  }
  print_note("\r\x1b[K" + line.substr(0, kWidth));
  is_open_ = true;
}

void ShareLine::close() {
  if (is_open_) print_note("\r\x1b[K");
  is_open_ = false;
}

}  // namespace oodml::trial
