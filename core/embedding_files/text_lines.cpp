#include "core/embedding_files/text_lines.h"

#include <algorithm>

namespace oodml::embedding_files {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

Status check_is_text(std::string_view text, const std::string& name) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return invalid_argument(name + ": text in UTF-16; save it as UTF-8");
  }
  const std::size_t zero = text.find('\0');
  if (zero == text.npos) return {};
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n');
  return invalid_argument(name + ":" + std::to_string(line) + ": a byte of zero, so this is no text");
}

TextLines::TextLines(std::string_view text) : rest_(text), line_end_(text.find('\n') == text.npos ? '\r' : '\n') {
  if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
}

std::string_view TextLines::take_line() {
  const auto end = rest_.find(line_end_);
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return line;
}

bool TextLines::next() {
  while (!rest_.empty()) {
    line_ = take_line();
    const std::string_view content = trimmed(line_);
    if (content.empty()) continue;
    if (!content.starts_with('#')) {
      if (last_comment_ != 0) comment_between_ = last_comment_;
      has_begun_ = true;
      return true;
    }
    if (has_begun_) {
      last_comment_ = number_;
    } else {
      heading_comment_ = content.substr(std::min(content.find_first_not_of('#'), content.size()));
    }
  }
  return false;
}

}  // namespace oodml::embedding_files
