#include "coordinator/cli/output/progress_bar.h"

#include <algorithm>
#include <cmath>

namespace oodml::cli {
namespace {

constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

std::string repeated(const char* sign, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += sign;
  return text;
}

std::size_t columns(double share, std::size_t width) {
  return static_cast<std::size_t>(std::floor(std::clamp(share, 0.0, 1.0) * static_cast<double>(width) + 1e-9));
}

std::string ascii_bar(std::size_t succeeded, std::size_t failed, std::size_t running, std::size_t width) {
  std::string bar = std::string(succeeded, '#') + std::string(failed, 'x') + std::string(running, '>');
  bar.resize(width, '.');
  return bar;
}

}  // namespace

std::string progress_bar(const BarParts& parts, std::size_t width, const Style& style) {
  const double total = std::max(parts.total, 1e-9);
  const std::size_t inner = style.utf8 ? width : width - std::min<std::size_t>(width, 2);
  // Ends of the pieces are rounded down one after the other, so that they always add up.
  const std::size_t end_succeeded = columns(parts.succeeded / total, inner);
  std::size_t end_failed = columns((parts.succeeded + parts.failed) / total, inner);
  if (parts.failed > 0 && end_failed == end_succeeded && end_failed < inner) ++end_failed;  // a failure is always seen
  const double share = std::clamp((parts.succeeded + parts.failed + parts.running) / total, 0.0, 1.0);
  const std::size_t end_running = std::max(end_failed, columns(share, inner));
  if (!style.utf8) {
    return "[" + ascii_bar(end_succeeded, end_failed - end_succeeded, end_running - end_failed, inner) + "]";
  }
  const double over = share * static_cast<double>(inner) - static_cast<double>(end_running);
  const auto eighths = over > 0 ? std::min<std::size_t>(7, static_cast<std::size_t>(over * 8 + 1e-9)) : 0;
  const std::size_t used = end_running + (eighths > 0 ? 1 : 0);
  return style.paint(Colour::kGreen, repeated("█", end_succeeded)) +
         style.paint(Colour::kRed, repeated("█", end_failed - end_succeeded)) +
         style.paint(Colour::kCyan, repeated("█", end_running - end_failed) + kEighths[eighths]) +
         style.paint(Colour::kDim, repeated("░", inner - std::min(inner, used)));
}

}  // namespace oodml::cli
