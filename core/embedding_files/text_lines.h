#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml::embedding_files {

/// The lines of a text that hold something, with their numbers, ended by \n or \r\n, or all by \r. A byte order mark,
/// empty lines, and comments (`#`, as numpy.savetxt writes its header and footer) are left out.
class TextLines {
 public:
  explicit TextLines(std::string_view text);

  bool next();
  std::string_view line() const { return line_; }
  std::size_t number() const { return number_; }  ///< From 1.

  /// The last comment above the first line, without its #.
  std::string_view heading_comment() const { return heading_comment_; }
  /// The line of a comment with rows on both sides, which may have been a row; 0 while there is none.
  std::size_t comment_between() const { return comment_between_; }

 private:
  std::string_view take_line();

  std::string_view rest_, line_, heading_comment_;
  char line_end_;
  std::size_t number_ = 0, last_comment_ = 0, comment_between_ = 0;
  bool has_begun_ = false;
};

/// Without spaces, tabs and line ends at both sides.
std::string_view trimmed(std::string_view text);

/// kInvalidArgument for what is no text of one byte a character or UTF-8: UTF-16, or bytes of zero.
Status check_is_text(std::string_view text, const std::string& name);

}  // namespace oodml::embedding_files
