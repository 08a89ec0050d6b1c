#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/lines.h"

namespace oodml::worker {

/// Cuts a stream of bytes into lines. A line longer than the protocol allows is dropped whole and counted; what
/// stands after the last newline when the stream ends is a torn line and never a message.
class LineSplitter {
 public:
  std::vector<std::string> feed(std::string_view bytes) {
    std::vector<std::string> lines;
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      take(bytes.substr(0, end));
      if (end == std::string_view::npos) break;
      if (!overlong_) lines.push_back(std::move(line_));
      line_.clear();
      overlong_ = false;
      bytes.remove_prefix(end + 1);
    }
    return lines;
  }

  std::int64_t overlong_lines() const { return overlong_lines_; }
  bool torn() const { return !line_.empty() || overlong_; }

 private:
  void take(std::string_view part) {
    if (overlong_) return;
    if (line_.size() + part.size() < protocol::kMaxLine) {
      line_ += part;
      return;
    }
    overlong_ = true;
    ++overlong_lines_;
    line_.clear();
  }

  std::string line_;
  bool overlong_ = false;
  std::int64_t overlong_lines_ = 0;
};

}  // namespace oodml::worker
