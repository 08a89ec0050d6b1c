#include "core/embedding_files/csv.h"

#include <cmath>
#include <optional>
#include <utility>

#include "core/base/printable.h"
#include "core/embedding_files/column_roles.h"
#include "core/embedding_files/decimal.h"
#include "core/embedding_files/headings.h"
#include "core/embedding_files/label_text.h"
#include "core/embedding_files/table_start.h"

namespace oodml::embedding_files {
namespace {

/// Takes the rows of a table one by one.
class RowReader {
 public:
  RowReader(const std::string& name, const TableStart& table, const ColumnRoles& roles)
      : name_(name), table_(table), roles_(roles), is_plain_(roles.dimensions.size(), true) {}

  Status take(std::string_view line, std::size_t number) {
    line_number_ = number;
    split_fields(line, table_.separator, fields_);
    OODML_RETURN_IF_ERROR(fit_row(table_, fields_, number, name_));
    for (std::size_t i = 0; i < roles_.dimensions.size(); ++i) {
      OODML_RETURN_IF_ERROR(take_number(roles_.dimensions[i]));
      if (is_plain_[i]) is_plain_[i] = is_plain(fields_[roles_.dimensions[i]].text);
    }
    if (!roles_.label) return {};
    const Field& field = fields_[*roles_.label];
    auto label = label_of(field, place(*roles_.label) + by_place());
    if (!label) return invalid_argument(label.error().message() + advice());
    labels_.push_back(*std::move(label));
    return {};
  }

  CsvRows finish() {
    CsvRows rows{.values = std::move(values_), .labels = std::move(labels_), .notes = table_.notes};
    for (std::size_t i = 0; i < roles_.dimensions.size(); ++i) {
      const std::size_t column = roles_.dimensions[i];
      rows.dimensions.push_back({.text = column_text(table_, column),
                                 .is_named = !table_.headings.empty(),
                                 .is_numbered = is_numbered_like_neighbour(table_.headings, column),
                                 .is_plain = is_plain_[i]});
    }
    rows.notes.insert(rows.notes.end(), roles_.notes.begin(), roles_.notes.end());
    return rows;
  }

 private:
  static bool is_plain(std::string_view text) {
    return is_plain_integer(text.starts_with('-') ? text.substr(1) : text);
  }

  Failure wrong(const std::string& what) const {
    return invalid_argument(name_ + ":" + std::to_string(line_number_) + ": " + what);
  }

  std::string place(std::size_t column) const {
    return name_ + ":" + std::to_string(line_number_) + ": " + column_text(table_, column);
  }

  std::string by_place() const { return roles_.label_by_place ? ", the last, taken for the label" : ", the label"; }
  std::string advice() const {
    return roles_.label_by_place ? "; if the label is another column say --label-column, if it is none, --labels" : "";
  }

  Status take_number(std::size_t column) {
    const std::string_view text = fields_[column].text;
    auto number = parse_decimal(text, '.');
    if (number) {
      if (comma_line_ != 0 && text.find('.') != text.npos) return two_marks(column, "comma", comma_line_);
      if (point_line_ == 0 && text.find('.') != text.npos) point_line_ = line_number_;
    } else if (table_.separator != ',' && (number = parse_decimal(text, ','))) {
      if (point_line_ != 0) return two_marks(column, "point", point_line_);
      comma_line_ = line_number_;
    }
    if (!number) return no_number(column);
    if (!std::isfinite(*number)) {
      return wrong("'" + printable(text, 40) + "' in " + column_text(table_, column) + " is not finite");
    }
    values_.push_back(*number);
    return {};
  }

  Failure two_marks(std::size_t column, const std::string& mark, std::size_t line) const {
    return wrong("'" + printable(fields_[column].text, 40) + "' in " + column_text(table_, column) + ", but line " +
                 std::to_string(line) + " has a decimal " + mark + "; write all numbers alike");
  }

  Failure no_number(std::size_t column) const {
    const std::string_view text = fields_[column].text;
    if (text.empty()) return wrong(column_text(table_, column) + " is empty");
    return wrong("'" + printable(text, 40) + "' in " + column_text(table_, column) + " is no number");
  }

  const std::string& name_;
  const TableStart& table_;
  const ColumnRoles& roles_;
  std::size_t line_number_ = 0;
  std::size_t point_line_ = 0, comma_line_ = 0;  ///< Where a decimal mark was seen.
  std::vector<Field> fields_;
  std::vector<bool> is_plain_;  ///< Of each dimension, so far.
  std::vector<double> values_;
  std::vector<std::string> labels_;
};

}  // namespace

Result<CsvRows> parse_csv(std::string_view text, const std::string& name, const Choices& choices, bool has_labels) {
  OODML_RETURN_IF_ERROR(check_is_text(text, name));
  OODML_ASSIGN_OR_RETURN(const TableStart table, start_of_table(text, name, choices));
  OODML_ASSIGN_OR_RETURN(const ColumnRoles roles, roles_of(table, choices, has_labels, name));
  RowReader reader(name, table, roles);
  for (TextLines lines = table.rows; lines.next();) {
    OODML_RETURN_IF_ERROR(reader.take(lines.line(), lines.number()));
    if (lines.comment_between() == 0) continue;
    return invalid_argument(name + ":" + std::to_string(lines.comment_between()) +
                            ": a comment between rows; take it out, or put a field that begins with # in quotes");
  }
  return reader.finish();
}

}  // namespace oodml::embedding_files
