#include "coordinator/cli/output/style.h"

namespace oodml::cli {
namespace {

const char* escape(Colour colour) {
  switch (colour) {
    case Colour::kNone:
      return "";
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kCyan:
      return "\x1b[36m";
    case Colour::kBlue:
      return "\x1b[34m";
    case Colour::kMagenta:
      return "\x1b[35m";
    case Colour::kDim:
      return "\x1b[2m";
    case Colour::kBold:
      return "\x1b[1m";
  }
  return "";
}

}  // namespace

std::string Style::paint(Colour wanted, std::string_view text) const {
  if (!colour || wanted == Colour::kNone || text.empty()) return std::string(text);
  return escape(wanted) + std::string(text) + "\x1b[0m";
}

Colour colour_of_state(std::string_view state) {
  if (state == "succeeded" || state == "finished" || state == "ready") return Colour::kGreen;
  if (state == "failed" || state == "lost" || state == "not answering" || state == "set aside") return Colour::kRed;
  if (state == "running") return Colour::kCyan;
  if (state == "backoff" || state == "paused" || state == "draining" || state == "drained" || state == "cordoned")
    return Colour::kYellow;
  return Colour::kDim;
}

}  // namespace oodml::cli
