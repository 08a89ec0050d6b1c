#include "core/embedding_files/table_start.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/printable.h"
#include "core/embedding_files/decimal.h"
#include "core/embedding_files/headings.h"

namespace oodml::embedding_files {
namespace {

constexpr std::string_view kSeparatorLine = "sep=";
constexpr std::size_t kShownColumns = 12;

/// The first two lines, as far as there are any.
struct FirstLines {
  std::vector<std::string_view> lines;
  std::vector<std::size_t> numbers;
  TextLines from_first, from_second;  ///< Their next line is the first, the second.
  std::string_view comment;           ///< In front of them.
  std::optional<char> separator;
};

FirstLines first_lines(std::string_view text) {
  FirstLines found{.from_first = TextLines(text), .from_second = TextLines(text)};
  TextLines lines(text);
  while (found.lines.size() < 2) {
    const TextLines before = lines;
    if (!lines.next()) break;
    const std::string_view line = trimmed(lines.line());
    if (found.lines.empty() && line.size() == kSeparatorLine.size() + 1 && line.starts_with(kSeparatorLine)) {
      found.separator = line.back();
      continue;
    }
    (found.lines.empty() ? found.from_first : found.from_second) = before;
    found.lines.push_back(lines.line());
    found.numbers.push_back(lines.number());
  }
  found.comment = lines.heading_comment();
  return found;
}

bool is_blank(const Field& field) { return field.text.empty() && !field.is_quoted; }

std::vector<std::string> contents_of(const std::vector<Field>& fields) {
  std::vector<std::string> contents;
  for (const Field& field : fields) contents.push_back(content_of(field));
  return contents;
}

/// The names that a comment above the rows gives their columns; none where it says something else.
std::vector<std::string> headings_of_comment(std::string_view comment, const TableStart& table) {
  std::vector<Field> fields;
  split_fields(comment, table.separator, fields);
  const bool may_be_a_sentence = table.separator == ' ' && fields.size() <= 3;
  if (fields.size() != table.columns || table.columns < 2 || may_be_a_sentence) return {};
  const bool has_names = std::ranges::any_of(
      fields, [](const Field& field) { return !parse_decimal(field.text, '.') && !is_missing(field.text); });
  return has_names ? contents_of(fields) : std::vector<std::string>();
}

Failure unclear(const std::string& name, std::size_t line) {
  return invalid_argument(name + ":" + std::to_string(line) +
                          ": this line can name the columns or be a row; say --heading yes or --heading no");
}

Result<bool> has_heading(const std::vector<Field>& first, const std::vector<Field>& second, const Choices& choices,
                         const std::string& name, std::size_t line) {
  if (choices.heading) return *choices.heading;
  const FirstLine judged = judge_first_line(first, second);
  if (judged == FirstLine::kUnclear) return unclear(name, line);
  return judged == FirstLine::kHeading;
}

/// Takes the empty column away that a separator behind the last field makes.
void drop_trailing_column(TableStart& table) {
  const bool heading_ends_empty = !table.headings.empty() && table.headings.back().empty();
  if (heading_ends_empty && table.headings.size() == table.first_row.size() + 1) table.headings.pop_back();
  const bool heading_goes_on = table.headings.size() == table.first_row.size() && !table.headings.back().empty();
  if (table.first_row.size() < 2 || !is_blank(table.first_row.back()) || heading_goes_on) return;
  table.ends_in_separator = true;
  table.first_row.pop_back();
  if (table.headings.size() > table.first_row.size()) table.headings.pop_back();
  table.notes.push_back("lines end in a separator; behind it nothing is read");
}

Status check_headings(const TableStart& table, const std::string& name) {
  if (table.headings.empty() || table.headings.size() == table.columns) return {};
  const bool lacks_first = table.headings.size() + 1 == table.columns;
  return invalid_argument(name + ":" + std::to_string(table.first_row_line) + ": " + std::to_string(table.columns) +
                          " columns, want " + std::to_string(table.headings.size()) + " as in line " +
                          std::to_string(table.heading_line) +
                          (lacks_first ? "; give each column a heading, also that of row names" : ""));
}

}  // namespace

Result<TableStart> start_of_table(std::string_view text, const std::string& name, const Choices& choices) {
  const FirstLines begin = first_lines(text);
  if (begin.lines.empty()) return invalid_argument(name + ": no rows in it");
  TableStart table{.rows = begin.from_first,
                   .separator = begin.separator ? *begin.separator : find_separator(begin.lines),
                   .first_row_line = begin.numbers[0]};
  std::vector<Field> second;
  split_fields(begin.lines[0], table.separator, table.first_row);
  if (begin.lines.size() > 1) split_fields(begin.lines[1], table.separator, second);
  OODML_ASSIGN_OR_RETURN(const bool heading, has_heading(table.first_row, second, choices, name, begin.numbers[0]));
  if (heading) {
    if (begin.lines.size() < 2) return invalid_argument(name + ": no rows in it");
    table.headings = contents_of(table.first_row);
    if (is_plain_integer(table.headings.back()) && !choices.heading) {
      table.notes.push_back("line " + std::to_string(begin.numbers[0]) +
                            ", which counts the columns, is taken for their heading (--heading no: for a row)");
    }
    table.heading_line = begin.numbers[0];
    table.first_row_line = begin.numbers[1];
    table.first_row = second;
    table.rows = begin.from_second;
  }
  drop_trailing_column(table);
  table.columns = table.first_row.size();
  if (table.columns > kMaxColumns) {
    return invalid_argument(name + ":" + std::to_string(table.first_row_line) + ": more than " +
                            std::to_string(kMaxColumns) + " columns");
  }
  OODML_RETURN_IF_ERROR(check_headings(table, name));
  if (!heading && choices.heading.value_or(true)) table.headings = headings_of_comment(begin.comment, table);
  return table;
}

Status fit_row(const TableStart& table, std::vector<Field>& fields, std::size_t line, const std::string& name) {
  const bool has_more = fields.size() == table.columns + 1 && is_blank(fields.back());
  if (table.ends_in_separator && has_more) fields.pop_back();
  if (fields.size() == table.columns && has_more == table.ends_in_separator) return {};
  return invalid_argument(name + ":" + std::to_string(line) + ": " + std::to_string(fields.size()) + " columns, want " +
                          std::to_string(table.columns) + " as in line " + std::to_string(table.first_row_line) +
                          (table.ends_in_separator ? " and a separator behind them" : ""));
}

std::string column_text(const TableStart& table, std::size_t column) {
  std::string text = "column " + std::to_string(column + 1);
  if (column >= table.headings.size() || table.headings[column].empty()) return text;
  return text + " ('" + printable(table.headings[column], 40) + "')";
}

Result<std::size_t> find_column(const TableStart& table, const std::string& choice, const std::string& name) {
  const auto named = std::ranges::count(table.headings, choice);
  if (named == 1) return static_cast<std::size_t>(std::ranges::find(table.headings, choice) - table.headings.begin());
  if (named > 1) {
    return invalid_argument(name + ":" + std::to_string(table.heading_line) + ": " + std::to_string(named) +
                            " columns are named '" + printable(choice, 40) + "'; say the number of one, from 1");
  }
  std::size_t number = 0;
  const auto parsed = std::from_chars(choice.data(), choice.data() + choice.size(), number);
  const bool is_number = parsed.ec == std::errc() && parsed.ptr == choice.data() + choice.size();
  if (is_number && number >= 1 && number <= table.columns) return number - 1;
  const std::string names = table.headings.empty() ? "" : ", or " + name_list(table.headings, kShownColumns);
  return invalid_argument(name + ": no column '" + printable(choice, 40) + "' in it; there are 1 to " +
                          std::to_string(table.columns) + names);
}

}  // namespace oodml::embedding_files
