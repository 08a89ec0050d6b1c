#include "core/embedding_files/label_lines.h"

#include <algorithm>
#include <utility>

#include "core/base/printable.h"
#include "core/embedding_files/decimal.h"
#include "core/embedding_files/fields.h"
#include "core/embedding_files/headings.h"
#include "core/embedding_files/label_column.h"
#include "core/embedding_files/label_text.h"
#include "core/embedding_files/text_lines.h"

namespace oodml::embedding_files {
namespace {

constexpr std::string_view kStrongSeparators = ",;\t";

std::string at(const std::string& name, std::size_t line) { return name + ":" + std::to_string(line); }

struct Line {
  std::string_view text;
  std::size_t number = 0;
};

/// All lines that hold something; an empty one or a comment between them is an error.
Result<std::vector<Line>> lines_of(std::string_view text, const std::string& name) {
  OODML_RETURN_IF_ERROR(check_is_text(text, name));
  std::vector<Line> lines;
  for (TextLines read(text); read.next();) {
    if (!lines.empty() && read.number() != lines.back().number + 1) {
      return invalid_argument(at(name, lines.back().number + 1) +
                              ": an empty line or a comment; wanted is one label a line");
    }
    lines.push_back({trimmed(read.line()), read.number()});
  }
  if (lines.empty()) return invalid_argument(name + ": no labels in it");
  return lines;
}

/// A line that is one field.
Field whole(std::string_view line) {
  const bool is_quoted = line.size() >= 2 && line.front() == '"' && line.find('"', 1) == line.size() - 1;
  return is_quoted ? Field{line.substr(1, line.size() - 2), true} : Field{line, false};
}

/// What the lines of a label file have in common.
struct Shape {
  char strong = 0;                ///< A separator that the first line has outside of quotes.
  std::size_t words = 0;          ///< In every line, as far as all have as many; else 0.
  bool begin_with_number = true;  ///< All lines, a heading of one word left out: several words, the first a number.
};

bool is_heading_word(const Line& line) { return kind_of_heading(whole(line.text).text) == HeadingKind::kLabel; }

Shape shape_of(const std::vector<Line>& lines) {
  Shape shape;
  std::vector<Field> fields;
  for (const char separator : kStrongSeparators) {
    split_fields(lines.front().text, separator, fields);
    if (fields.size() > 1 && shape.strong == 0) shape.strong = separator;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    split_fields(lines[i].text, ' ', fields);
    shape.words = i == 0 || shape.words == fields.size() ? fields.size() : 0;
    if (i == 0 && lines.size() > 1 && is_heading_word(lines[0])) continue;
    shape.begin_with_number =
        shape.begin_with_number && fields.size() > 1 && parse_decimal(fields.front().text, '.').has_value();
  }
  return shape;
}

/// Whether the first of lines with one label each is a heading: a usual one, or the one text above integers.
bool has_heading(const std::vector<Line>& lines, const Choices& choices) {
  if (choices.heading) return *choices.heading;
  if (is_heading_word(lines.front())) return true;
  const auto below = [](const Line& line) { return parse_decimal(whole(line.text).text, '.').has_value(); };
  const bool is_number = below(lines.front()) || is_missing(lines.front().text);
  return lines.size() > 2 && !is_number && std::ranges::all_of(lines.begin() + 1, lines.end(), below);
}

/// One label a line.
Result<LabelLines> read_whole_lines(const std::vector<Line>& lines, const std::string& name, const Choices& choices) {
  LabelLines read;
  const bool heading = has_heading(lines, choices);
  if (heading && !is_heading_word(lines.front())) {
    read.notes.push_back("line " + std::to_string(lines.front().number) + ", '" + printable(lines.front().text, 40) +
                         "', is taken for a heading (--heading no: for a label)");
  }
  for (std::size_t i = heading ? 1 : 0; i < lines.size(); ++i) {
    const Field field = whole(lines[i].text);
    const std::string place = at(name, lines[i].number);
    if (!field.is_quoted && field.text.find_first_of(kStrongSeparators) != field.text.npos &&
        field.text.front() != '"') {
      return invalid_argument(place + ": '" + printable(field.text, 40) +
                              "' has several fields, unlike the lines before; put a label with a separator in quotes");
    }
    OODML_ASSIGN_OR_RETURN(std::string label, label_of(field, place));
    read.labels.push_back(std::move(label));
  }
  if (read.labels.empty()) return invalid_argument(name + ": no labels in it");
  return read;
}

}  // namespace

Result<LabelLines> parse_labels(std::string_view text, const std::string& name, const Choices& choices) {
  OODML_ASSIGN_OR_RETURN(const std::vector<Line> lines, lines_of(text, name));
  const Shape shape = shape_of(lines);
  const bool is_chosen = !choices.label_column.empty();
  if (is_chosen || shape.strong != 0 || shape.words > 1) return read_label_column(text, name, choices);
  if (!shape.begin_with_number) return read_whole_lines(lines, name, choices);
  return invalid_argument(at(name, lines.front().number) +
                          ": every line begins with a number and goes on, as in `number label`; say which word is the "
                          "label with --label-column, and put labels of several words in quotes");
}

Result<std::vector<std::string>> parse_names(std::string_view text, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(const std::vector<Line> lines, lines_of(text, name));
  std::vector<std::string> names;
  for (const Line& line : lines) names.push_back(content_of(whole(line.text)));
  if (is_heading_word(lines.front())) names.erase(names.begin());
  if (names.empty()) return invalid_argument(name + ": no names in it");
  return names;
}

}  // namespace oodml::embedding_files
