#include "core/scripts/failure_text.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "core/base/printable.h"

namespace oodml::scripts {
namespace {

constexpr std::size_t kMessageBytes = 600, kLineBytes = 120, kFrames = 4;
constexpr std::string_view kSerialized = "Traceback of TorchScript, serialized code";
constexpr std::string_view kOriginal = "Traceback of TorchScript, original code";
constexpr std::string_view kPlain = "Traceback of TorchScript (most recent call last):";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// Of `File "/home/me/net.py", line 12, in forward`: "net.py:12 in forward".
std::string place_of(std::string_view line) {
  line = trimmed(line);
  line.remove_prefix(std::string_view("File \"").size());
  const auto quote = line.find('"');
  if (quote == line.npos) return {};
  const std::string_view path = line.substr(0, quote);
  const auto slash = path.rfind('/');
  std::string_view rest = line.substr(quote + 1);
  if (!rest.starts_with(", line ")) return {};
  rest.remove_prefix(7);
  std::string place(slash == path.npos ? path : path.substr(slash + 1));
  const auto comma = rest.find(',');
  place += ":" + std::string(rest.substr(0, comma));
  if (comma != rest.npos) place += std::string(rest.substr(comma + 1));
  return place;
}

/// The frames of one traceback, outermost first: the place, and the line above the one that says HERE.
std::vector<std::string> frames_of(const std::vector<std::string_view>& lines) {
  std::vector<std::string> frames;
  std::string place;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (trimmed(lines[i]).starts_with("File \"")) place = place_of(lines[i]);
    if (lines[i].find("<--- HERE") == lines[i].npos || i == 0) continue;
    const std::string code = printable(trimmed(lines[i - 1]), kLineBytes);
    frames.push_back((place.empty() ? "" : place + ": ") + code);
    place.clear();
  }
  return frames;
}

/// From where the last of these headings stands; the original code stands behind the serialised one.
std::string_view traceback_of(std::string_view what) {
  for (const std::string_view heading : {kOriginal, kSerialized, kPlain}) {
    if (const auto at = what.rfind(heading); at != what.npos) return what.substr(at + heading.size());
  }
  return {};
}

/// What follows the last frame, without the name of the exception's type in front.
std::string_view message_of(std::string_view traceback) {
  const auto here = traceback.rfind("<--- HERE");
  std::string_view message = trimmed(here == traceback.npos ? traceback : traceback.substr(here + 9));
  while (message.starts_with('\n')) message = trimmed(message.substr(1));
  for (const std::string_view type : {"RuntimeError: ", "torch.jit.Error: "}) {
    if (message.starts_with(type)) return message.substr(type.size());
  }
  return message;
}

/// The beginning, up to where LibTorch lists its own frames, in one line.
std::string one_line(std::string_view message) {
  std::string text;
  for (const std::string_view line : lines_of(message)) {
    if (line.starts_with("Exception raised from") || line.starts_with("frame #")) break;
    if (!trimmed(line).empty()) text += (text.empty() ? "" : " ") + std::string(trimmed(line));
  }
  return printable(text, kMessageBytes);
}

}  // namespace

std::string failure_text(std::string_view what) {
  const std::string_view traceback = traceback_of(what);
  if (traceback.empty()) return one_line(what);
  std::vector<std::string> frames = frames_of(lines_of(traceback));
  std::ranges::reverse(frames);
  if (frames.size() > kFrames) frames.resize(kFrames);
  std::string text = one_line(message_of(traceback));
  for (std::size_t i = 0; i < frames.size(); ++i) text += (i == 0 ? ", at " : "; from ") + frames[i];
  return text;
}

}  // namespace oodml::scripts
