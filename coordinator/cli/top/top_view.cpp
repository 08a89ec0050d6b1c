#include "coordinator/cli/top/top_view.h"

namespace oodml::cli {

const char* to_text(TopOrder order) {
  switch (order) {
    case TopOrder::kNewest:
      return "newest";
    case TopOrder::kName:
      return "name";
    case TopOrder::kProgress:
      return "progress";
    case TopOrder::kFailures:
      return "failures";
    case TopOrder::kTimeLeft:
      return "time left";
  }
  return "newest";
}

void TopView::press(std::string_view keys) {
  constexpr std::string_view kPageUp = "\x1b[5~", kPageDown = "\x1b[6~";
  const auto back = [this] { page -= page > 0 ? 1 : 0; };
  while (!keys.empty()) {
    std::size_t length = 1;
    if (keys.starts_with(kPageDown)) {
      length = kPageDown.size();
      ++page;
    } else if (keys.starts_with(kPageUp)) {
      length = kPageUp.size();
      back();
    } else if (keys[0] == '\x1b') {
      return;  // a key that has no meaning here, whose letters have none either
    } else if (keys[0] == 's') {
      order = order == TopOrder::kTimeLeft ? TopOrder::kNewest : static_cast<TopOrder>(static_cast<int>(order) + 1);
    } else if (keys[0] == 'n' || keys[0] == ' ') {
      ++page;
    } else if (keys[0] == 'p') {
      back();
    } else if (keys[0] == 'q' || keys[0] == 'Q') {
      over = true;
    }
    keys.remove_prefix(length);
  }
}

}  // namespace oodml::cli
