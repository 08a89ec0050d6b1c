#include "core/commands/share_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include "core/base/print.h"
#include "core/base/rough_duration.h"

namespace oodml::commands {
namespace {

constexpr std::chrono::milliseconds kBetweenDraws{100};
constexpr std::chrono::seconds kBetweenLines{15};
constexpr std::size_t kWidth = 79;

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace

ShareLine::ShareLine() : ShareLine(stderr, isatty(STDERR_FILENO) == 1, system_clock()) {}

ShareLine::ShareLine(std::FILE* out, bool is_terminal, const Clock& clock)
    : out_(out), is_terminal_(is_terminal), clock_(clock), started_(clock.steady_now()), shown_(started_) {}

std::string ShareLine::text_of(double share, TimePoint now) const {
  if (share <= 0.0) return what_;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const std::string done = fmt::format("{}  {:.0f} %", what_, 100 * share);
  return seconds > 1.0 ? done + "  " + rough_duration(seconds * (1.0 - share) / share) + " left" : done;
}

void ShareLine::show(std::string_view what, double share) {
  const auto now = clock_.steady_now();
  const bool is_new = what != what_;
  if (is_new) {
    what_ = what;
    started_ = now;
  }
  if (is_terminal_ ? !is_new && now - shown_ < kBetweenDraws : now - shown_ < kBetweenLines) return;
  shown_ = now;
  const std::string text = text_of(share, now).substr(0, kWidth);
  print_note(is_terminal_ ? "\r\x1b[K" + text : text + "\n", out_);
  is_open_ = is_terminal_;
}

void ShareLine::close() {
  if (is_open_) print_note("\r\x1b[K", out_);
  is_open_ = false;
}

}  // namespace oodml::commands
