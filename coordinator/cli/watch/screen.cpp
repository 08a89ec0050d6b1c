#include "coordinator/cli/watch/screen.h"

#include <algorithm>

#include "coordinator/cli/output/text.h"

namespace oodml::cli {

std::size_t painted_width(const std::string& line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b') {
      plain += line[i];
      continue;
    }
    while (i < line.size() && line[i] != 'm') ++i;
  }
  return display_width(plain);
}

std::string Screen::frame(const std::vector<std::string>& lines, std::size_t columns) {
  std::string bytes = started_ ? "" : "\x1b[?25l";
  started_ = true;
  // After the window was made narrower, an old line may take several rows.
  std::size_t rows = 0;
  for (const std::size_t width : drawn_widths_)
    rows += std::max<std::size_t>(1, (width + columns - 1) / std::max<std::size_t>(columns, 1));
  if (rows > 0) bytes += "\x1b[" + std::to_string(rows) + "A\r";
  drawn_widths_.clear();
  for (const std::string& line : lines) {
    bytes += line + "\x1b[K\r\n";
    drawn_widths_.push_back(painted_width(line));
  }
  return bytes + "\x1b[J";
}

std::string Screen::finish() {
  if (!started_) return "";
  started_ = false;
  drawn_widths_.clear();
  return "\x1b[?25h";
}

}  // namespace oodml::cli
