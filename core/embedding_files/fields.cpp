#include "core/embedding_files/fields.h"

#include <algorithm>
#include <tuple>

#include "core/embedding_files/decimal.h"
#include "core/embedding_files/text_lines.h"

namespace oodml::embedding_files {
namespace {

constexpr std::string_view kSeparators = "\t;,| ";

std::size_t find_end(std::string_view line, std::size_t from, char separator) {
  return separator == ' ' ? line.find_first_of(" \t", from) : line.find(separator, from);
}

/// Where the quotes that open a line end; npos when they do not.
std::size_t closing_quote(std::string_view line) {
  std::size_t quote = line.find('"', 1);
  while (quote != line.npos && quote + 1 < line.size() && line[quote + 1] == '"') quote = line.find('"', quote + 2);
  return quote;
}

std::string_view without_leading(std::string_view line, char separator) {
  while (!line.empty() && (line.front() == ' ' || (line.front() == '\t' && separator != '\t'))) line.remove_prefix(1);
  return line;
}

/// The next field of a line, which loses it and the separator behind it.
Field take_field(std::string_view& line, char separator) {
  line = without_leading(line, separator);
  if (line.starts_with('"')) {
    const std::size_t quote = closing_quote(line);
    const std::size_t end = quote == line.npos ? quote : find_end(line, quote + 1, separator);
    if (quote != line.npos && trimmed(line.substr(quote + 1, end == line.npos ? end : end - quote - 1)).empty()) {
      const Field field{line.substr(1, quote - 1), true};
      line.remove_prefix(end == line.npos ? line.size() : end + 1);
      return field;
    }
  }
  const std::size_t end = find_end(line, 0, separator);
  const Field field{trimmed(line.substr(0, end)), false};
  line.remove_prefix(end == line.npos ? line.size() : end + 1);
  return field;
}

struct Score {
  std::size_t fewest_fields = 0;
  std::ptrdiff_t numbers = 0, others = 0;
};

Score score_of(const std::vector<std::string_view>& lines, char separator) {
  Score score{.fewest_fields = kMaxColumns};
  std::vector<Field> fields;
  for (const std::string_view line : lines) {
    split_fields(line, separator, fields);
    score.fewest_fields = std::min(score.fewest_fields, fields.size());
    for (const Field& field : fields) {
      if (field.text.empty()) continue;
      const bool is_number =
          parse_decimal(field.text, '.') || (separator != ',' && parse_decimal(field.text, ',').has_value());
      ++(is_number ? score.numbers : score.others);
    }
  }
  return score;
}

}  // namespace

void split_fields(std::string_view line, char separator, std::vector<Field>& fields) {
  fields.clear();
  if (separator == ' ') line = trimmed(line);
  while (separator != '\t' && line.ends_with(' ')) line.remove_suffix(1);
  const bool ends_in_separator = separator != ' ' && line.ends_with(separator);
  while (!line.empty() && fields.size() <= kMaxColumns) {
    fields.push_back(take_field(line, separator));
    if (separator == ' ') line = without_leading(line, separator);
  }
  if (ends_in_separator) fields.push_back({});
}

std::string content_of(const Field& field) {
  std::string text(field.text);
  if (!field.is_quoted) return text;
  for (std::size_t quote = text.find("\"\""); quote != text.npos; quote = text.find("\"\"", quote + 1)) {
    text.erase(quote, 1);
  }
  return text;
}

char find_separator(const std::vector<std::string_view>& lines) {
  char best = ',';
  std::tuple<bool, std::ptrdiff_t, std::ptrdiff_t> most(false, 0, 0);
  for (const char separator : kSeparators) {
    const Score score = score_of(lines, separator);
    const std::tuple ranked(score.fewest_fields >= 2, score.numbers, -score.others);
    if (std::get<0>(ranked) && (!std::get<0>(most) || ranked > most)) {
      most = ranked;
      best = separator;
    }
  }
  return best;
}

}  // namespace oodml::embedding_files
