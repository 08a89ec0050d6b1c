#include "core/embeddings/csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "core/base/utf8.h"

namespace oodml::embeddings {
namespace {

constexpr std::size_t kMaxColumns = 1 << 20;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view unquoted(std::string_view field) {
  field = trimmed(field);
  const bool is_quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
  return is_quoted ? field.substr(1, field.size() - 2) : field;
}

/// Lines of a text with their numbers, empty ones left out.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
  }

  bool next() {
    while (!rest_.empty()) {
      const auto end = rest_.find('\n');
      line_ = trimmed(rest_.substr(0, end));
      rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
      ++number_;
      if (!line_.empty()) return true;
    }
    return false;
  }

  std::string_view line() const { return line_; }
  std::size_t number() const { return number_; }

 private:
  std::string_view rest_, line_;
  std::size_t number_ = 0;
};

char separator_of(std::string_view line) {
  for (const char candidate : {',', '\t', ';'}) {
    if (line.find(candidate) != line.npos) return candidate;
  }
  return ' ';
}

/// The next field of a line, which loses it; runs of spaces separate once.
std::string_view take_field(std::string_view& line, char separator) {
  std::size_t end = line.find(separator);
  if (line.starts_with('"')) {
    const std::size_t quote = line.find('"', 1);
    end = quote == line.npos ? line.npos : line.find(separator, quote);
  }
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(end == line.npos ? line.size() : end + 1);
  while (separator == ' ' && line.starts_with(' ')) line.remove_prefix(1);
  return unquoted(field);
}

std::optional<double> to_number(std::string_view field) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double value = 0.0;
  const auto parsed = std::from_chars(field.data(), field.data() + field.size(), value);
  const bool whole = parsed.ptr == field.data() + field.size();
  if (whole && parsed.ec == std::errc::result_out_of_range) return field.find("e-") != field.npos ? 0.0 : HUGE_VAL;
  return whole && parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
}

void split(std::string_view line, char separator, std::vector<std::string_view>& fields) {
  fields.clear();
  const bool ends_in_separator = separator != ' ' && line.ends_with(separator);
  while (!line.empty() && fields.size() <= kMaxColumns) fields.push_back(take_field(line, separator));
  if (ends_in_separator) fields.push_back({});
}

/// Takes the lines of a table one by one.
class TableReader {
 public:
  TableReader(const std::string& name, bool last_column_is_label)
      : name_(name), label_columns_(last_column_is_label ? 1 : 0) {}

  Status take(std::string_view line, std::size_t number) {
    line_number_ = number;
    const bool is_first = columns_ == 0;
    if (is_first) separator_ = separator_of(line);
    split(line, separator_, fields_);
    if (is_first) OODML_RETURN_IF_ERROR(take_shape());
    if (fields_.size() != columns_) {
      return wrong(std::to_string(fields_.size()) + " columns, want " + std::to_string(columns_) + " as in line " +
                   std::to_string(first_line_));
    }
    return is_first && is_heading() ? Status() : take_row();
  }

  Result<CsvRows> finish() {
    if (rows_ == 0) return invalid_argument(name_ + ": no rows in it");
    return CsvRows{std::move(values_), static_cast<std::int64_t>(columns_ - label_columns_), std::move(labels_)};
  }

 private:
  Failure wrong(const std::string& what) const {
    return invalid_argument(name_ + ":" + std::to_string(line_number_) + ": " + what);
  }

  Status take_shape() {
    columns_ = fields_.size();
    first_line_ = line_number_;
    if (columns_ > kMaxColumns) return wrong("more than " + std::to_string(kMaxColumns) + " columns");
    if (columns_ > label_columns_) return {};
    return wrong("one column; wanted are numbers and a label behind them, or numbers and --labels");
  }

  /// Column names: a field in the place of a number that is none.
  bool is_heading() const {
    return std::any_of(fields_.begin(), fields_.end() - static_cast<std::ptrdiff_t>(label_columns_),
                       [](std::string_view field) { return !to_number(field); });
  }

  Status take_row() {
    for (std::size_t column = 0; column < columns_ - label_columns_; ++column) {
      const auto number = to_number(fields_[column]);
      if (!number) {
        return wrong("'" + to_valid_utf8(fields_[column].substr(0, 40)) + "' in column " + std::to_string(column + 1) +
                     " is no number");
      }
      values_.push_back(*number);
    }
    if (label_columns_ > 0 && fields_.back().empty()) return wrong("the last column, the label, is empty");
    if (label_columns_ > 0) labels_.emplace_back(fields_.back());
    ++rows_;
    return {};
  }

  const std::string& name_;
  const std::size_t label_columns_;
  char separator_ = ',';
  std::size_t columns_ = 0, first_line_ = 0, line_number_ = 0;
  std::int64_t rows_ = 0;
  std::vector<std::string_view> fields_;
  std::vector<double> values_;
  std::vector<std::string> labels_;
};

}  // namespace

Result<CsvRows> parse_csv(std::string_view text, const std::string& name, bool last_column_is_label) {
  TableReader table(name, last_column_is_label);
  for (Lines lines(text); lines.next();) OODML_RETURN_IF_ERROR(table.take(lines.line(), lines.number()));
  return table.finish();
}

Result<std::vector<std::string>> parse_label_lines(std::string_view text, const std::string& name) {
  std::vector<std::string> labels;
  Lines lines(text);
  std::size_t expected = 0;
  while (lines.next()) {
    if (++expected != lines.number()) {
      return invalid_argument(name + ":" + std::to_string(expected) + ": an empty line; wanted is one label a line");
    }
    labels.emplace_back(unquoted(lines.line()));
  }
  static constexpr std::array<std::string_view, 4> kHeadings = {"label", "labels", "class", "target"};
  if (!labels.empty() && std::ranges::count(kHeadings, labels.front()) > 0) labels.erase(labels.begin());
  if (labels.empty()) return invalid_argument(name + ": no labels in it");
  return labels;
}

}  // namespace oodml::embeddings
