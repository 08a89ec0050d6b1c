#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace oodml::cli {

/// Redraws a block of lines in place, as one write a frame so that nothing flickers. Gives the bytes to write;
/// touches no terminal itself.
class Screen {
 public:
  /// The bytes that replace the last frame by `lines`, on a terminal that has `columns` now.
  std::string frame(const std::vector<std::string>& lines, std::size_t columns);
  /// Puts the cursor back as it was; the last frame stays. Nothing when no frame was drawn.
  std::string finish();

 private:
  std::vector<std::size_t> drawn_widths_;
  bool started_ = false;
};

/// Terminal columns of a line, its colours not counted.
std::size_t painted_width(const std::string& line);

}  // namespace oodml::cli
