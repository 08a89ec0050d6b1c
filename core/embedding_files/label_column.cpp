#include "core/embedding_files/label_column.h"

#include <limits>
#include <optional>
#include <utility>

#include "core/embedding_files/column_roles.h"
#include "core/embedding_files/decimal.h"
#include "core/embedding_files/label_text.h"
#include "core/embedding_files/table_start.h"

namespace oodml::embedding_files {
namespace {

Failure several_fields(const TableStart& table, const std::string& name) {
  const std::size_t last = table.columns;
  const std::string as_pairs = last == 2 ? ", as in `number label`" : ", where one label a line is wanted";
  return invalid_argument(name + ":" + std::to_string(table.first_row_line) + ": " + std::to_string(last) +
                          " fields a line" + as_pairs + "; say which one is the label, as in --label-column " +
                          std::to_string(last) +
                          (table.separator == ' ' ? ", or put labels of several words in quotes" : ""));
}

/// Looks at the other column of pairs `number label`.
class OrderOfPairs {
 public:
  OrderOfPairs(const TableStart& table, std::size_t label)
      : is_looked_at_(table.columns == 2), other_(label == 0 ? 1 : 0) {}

  void take(const std::vector<Field>& fields, std::size_t line) {
    if (!is_looked_at_) return;
    const auto number = parse_decimal(fields[other_].text, '.');
    is_looked_at_ = number.has_value();
    if (number.value_or(before_) < before_ && first_line_ == 0) first_line_ = line;
    before_ = number.value_or(before_);
  }

  /// A note where the numbers fall, since labels belong to the rows in the order of their lines.
  std::optional<std::string> note() const {
    if (!is_looked_at_ || first_line_ == 0) return std::nullopt;
    return "the numbers in column " + std::to_string(other_ + 1) + " are not in order (line " +
           std::to_string(first_line_) + "); the label of the n-th row is taken from the n-th line";
  }

 private:
  bool is_looked_at_;
  std::size_t other_, first_line_ = 0;
  double before_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

Result<LabelLines> read_label_column(std::string_view text, const std::string& name, const Choices& choices) {
  OODML_ASSIGN_OR_RETURN(const TableStart table, start_of_table(text, name, choices));
  std::optional<std::size_t> column;
  if (choices.label_column.empty()) {
    OODML_ASSIGN_OR_RETURN(column, label_by_heading(table, name));
    if (!column && table.columns > 1) return several_fields(table, name);
  } else {
    OODML_ASSIGN_OR_RETURN(column, find_column(table, choices.label_column, name));
  }
  const std::size_t taken = column.value_or(0);
  LabelLines read{.labels = {}, .notes = table.notes};
  OrderOfPairs order(table, taken);
  std::vector<Field> fields;
  for (TextLines lines = table.rows; lines.next();) {
    split_fields(lines.line(), table.separator, fields);
    OODML_RETURN_IF_ERROR(fit_row(table, fields, lines.number(), name));
    const std::string place = name + ":" + std::to_string(lines.number()) + ": " + column_text(table, taken);
    OODML_ASSIGN_OR_RETURN(std::string label, label_of(fields[taken], place));
    read.labels.push_back(std::move(label));
    order.take(fields, lines.number());
  }
  if (const auto note = order.note()) read.notes.push_back(*note);
  return read;
}

}  // namespace oodml::embedding_files
