#include "core/warm/request.h"

namespace oodml::warm {

Result<std::string> encode(const Request& request) {
  std::string bytes;
  bool has_nul = false;
  const auto add = [&](const std::string& text) {
    has_nul |= text.find('\0') != std::string::npos;
    bytes.append(text).push_back('\0');
  };
  add(request.folder);
  add(request.variable);
  for (const std::string& word : request.words) add(word);
  if (has_nul) return invalid_argument("a word of a trial's command line holds a NUL");
  if (bytes.size() > kMaxRequest) {
    return invalid_argument("a trial's command line has " + std::to_string(bytes.size()) + " bytes, at most " +
                            std::to_string(kMaxRequest) + " can be asked of a template");
  }
  return bytes;
}

Result<Request> decode(std::string_view bytes) {
  std::vector<std::string> texts;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\0');
    if (end == std::string_view::npos) return invalid_argument("a request without its end");
    texts.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
  if (texts.size() < 3) return invalid_argument("a request of " + std::to_string(texts.size()) + " texts");
  Request request{.folder = std::move(texts[0]), .variable = std::move(texts[1]), .words = {}};
  request.words.assign(std::make_move_iterator(texts.begin() + 2), std::make_move_iterator(texts.end()));
  return request;
}

}  // namespace oodml::warm
