#pragma once

#include <cstddef>
#include <string_view>

namespace oodml::cli {

/// What the sweeps of `oodml top` are sorted by; those that run always come first.
enum class TopOrder { kNewest, kName, kProgress, kFailures, kTimeLeft };
const char* to_text(TopOrder order);

/// What a person chose to see.
struct TopView {
  TopOrder order = TopOrder::kNewest;
  std::size_t page = 0;  ///< Of sweeps and of workers.
  bool over = false;     ///< To be left.

  /// As a terminal sends them: s sorts by the next order, n, space and page down turn the page, p and page up turn it
  /// back, q leaves; others do nothing.
  void press(std::string_view keys);
};

}  // namespace oodml::cli
