#include "core/embedding_files/column_roles.h"

#include <algorithm>

#include "core/base/printable.h"
#include "core/embedding_files/decimal.h"
#include "core/embedding_files/headings.h"

namespace oodml::embedding_files {
namespace {

HeadingKind kind_of(const TableStart& table, std::size_t column) {
  return column < table.headings.size() ? kind_of_heading(table.headings[column]) : HeadingKind::kOther;
}

bool is_number(const Field& field) {
  return parse_decimal(field.text, '.').has_value() || parse_decimal(field.text, ',').has_value();
}

bool is_text(const Field& field) { return !is_number(field) && !is_missing(field.text); }

/// Gives every column of one table its role.
class Roles {
 public:
  Roles(const TableStart& table, const Choices& choices, bool has_labels, const std::string& name)
      : table_(table), choices_(choices), has_labels_(has_labels), name_(name), skipped_(table.columns, false) {}

  Result<ColumnRoles> find() {
    OODML_RETURN_IF_ERROR(skip_chosen());
    if (has_labels_) OODML_RETURN_IF_ERROR(find_label());
    if (choices_.skip_columns.empty()) OODML_RETURN_IF_ERROR(skip_named());
    for (std::size_t column = 0; column < table_.columns; ++column) {
      if (column == roles_.label || skipped_[column]) continue;
      OODML_RETURN_IF_ERROR(check_dimension(column));
      roles_.dimensions.push_back(column);
    }
    if (!roles_.dimensions.empty()) return std::move(roles_);
    return at_row("no column of numbers" + std::string(has_labels_ ? " beside the label" : "") +
                  "; wanted is a row a line, numbers separated by commas, tabs, semicolons or spaces, and a label or "
                  "--labels");
  }

 private:
  Failure at_row(const std::string& what) const {
    return invalid_argument(name_ + ":" + std::to_string(table_.first_row_line) + ": " + what);
  }

  std::string named(std::size_t column) const { return column_text(table_, column); }

  /// How an option names a column.
  std::string word(std::size_t column) const {
    const bool has_name = column < table_.headings.size() && !table_.headings[column].empty() &&
                          std::ranges::count(table_.headings, table_.headings[column]) == 1;
    return has_name ? printable(table_.headings[column], 40) : std::to_string(column + 1);
  }

  Status skip_chosen() {
    for (const std::string& choice : choices_.skip_columns) {
      if (choice == kKeepAllColumns && choices_.skip_columns.size() == 1) continue;
      OODML_ASSIGN_OR_RETURN(const std::size_t column, find_column(table_, choice, name_));
      skipped_[column] = true;
    }
    return {};
  }

  Status find_label() {
    if (!choices_.label_column.empty()) {
      OODML_ASSIGN_OR_RETURN(roles_.label, find_column(table_, choices_.label_column, name_));
      if (!skipped_[*roles_.label]) return {};
      return invalid_argument(name_ + ": " + named(*roles_.label) + " is in --label-column and in --skip-columns");
    }
    OODML_ASSIGN_OR_RETURN(roles_.label, label_by_heading(table_, name_));
    if (roles_.label && !skipped_[*roles_.label]) return {};
    return take_last();
  }

  Status take_last() {
    std::size_t last = table_.columns;
    while (last > 0 && skipped_[last - 1]) --last;
    if (last < 2) return at_row("one column; wanted are numbers and a label behind them, or numbers and --labels");
    roles_.label = last - 1;
    roles_.label_by_place = true;
    if (!is_numbered_like_neighbour(table_.headings, last - 1)) return {};
    return at_row(named(last - 1) +
                  " is named like the columns beside it, and none is named label or class; say which "
                  "one is the label with --label-column, or where the labels are with --labels");
  }

  /// Leaves out what its heading calls the row's number or name, or a label that is not asked for.
  Status skip_named() {
    for (std::size_t column = 0; column < table_.columns; ++column) {
      if (column == roles_.label || skipped_[column] || column >= table_.headings.size()) continue;
      const HeadingKind kind = kind_of(table_, column);
      if (kind == HeadingKind::kOther) continue;
      if (kind == HeadingKind::kEmpty && column > 0) {
        return at_row(named(column) + " has no heading; --skip-columns " + word(column) +
                      " leaves it out, --skip-columns none takes it for a dimension");
      }
      if (kind == HeadingKind::kRowName && roles_.label_by_place) {
        return at_row(named(column) +
                      " may name the row or its class; say which column is the label with "
                      "--label-column, and what to leave out with --skip-columns");
      }
      skipped_[column] = true;
      roles_.notes.push_back(named(column) + " is left out: " +
                             (kind == HeadingKind::kLabel ? "a label, and others are asked for"
                                                          : "it names the rows (--skip-columns says otherwise)"));
    }
    return {};
  }

  Status check_dimension(std::size_t column) const {
    const Field& field = table_.first_row[column];
    if (!is_text(field)) return {};
    return at_row("'" + printable(field.text, 40) + "' in " + named(column) + " is no number; " +
                  (has_labels_ && choices_.label_column.empty()
                       ? "if these are the labels say --label-column " + word(column) + ", else "
                       : "") +
                  "--skip-columns " + word(column) + " leaves the column out");
  }

  const TableStart& table_;
  const Choices& choices_;
  const bool has_labels_;
  const std::string& name_;
  std::vector<bool> skipped_;
  ColumnRoles roles_;
};

}  // namespace

Result<std::optional<std::size_t>> label_by_heading(const TableStart& table, const std::string& name) {
  std::vector<std::size_t> labels;
  for (std::size_t column = 0; column < table.columns; ++column) {
    if (kind_of(table, column) == HeadingKind::kLabel) labels.push_back(column);
  }
  if (labels.size() < 2) return labels.empty() ? std::nullopt : std::optional(labels.front());
  return invalid_argument(name + ": " + column_text(table, labels[0]) + " and " + column_text(table, labels[1]) +
                          " can both be the label; say which one with --label-column");
}

Result<ColumnRoles> roles_of(const TableStart& table, const Choices& choices, bool has_labels,
                             const std::string& name) {
  return Roles(table, choices, has_labels, name).find();
}

}  // namespace oodml::embedding_files
