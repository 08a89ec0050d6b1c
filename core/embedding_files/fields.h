#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::embedding_files {

inline constexpr std::size_t kMaxColumns = 1 << 20;

/// One field of a line, trimmed and without its quotes.
struct Field {
  std::string_view text;
  bool is_quoted = false;
};

/// Splits a line at ',', ';', '|' or tabs, or for ' ' at runs of spaces and tabs. A field in double quotes may hold the
/// separator. More than kMaxColumns fields are cut off behind one too many.
void split_fields(std::string_view line, char separator, std::vector<Field>& fields);

/// The text, a doubled quote inside quotes made one.
std::string content_of(const Field& field);

/// Which of them separates the fields of a table, judged by its first lines (one or two, views into them): the one that
/// finds most numbers, also such with a decimal comma, and least else.
char find_separator(const std::vector<std::string_view>& lines);

}  // namespace oodml::embedding_files
