#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/choices.h"
#include "core/embedding_files/fields.h"
#include "core/embedding_files/text_lines.h"

namespace oodml::embedding_files {

/// How a table is written, as its first lines show it.
struct TableStart {
  TextLines rows;  ///< Its next line is the first row.
  char separator = ',';
  std::size_t columns = 0;            ///< Of a row, without the empty one behind a trailing separator.
  bool ends_in_separator = false;     ///< Every line does.
  std::vector<std::string> headings;  ///< One a column; none where nothing names them.
  std::size_t heading_line = 0, first_row_line = 0;
  std::vector<Field> first_row;    ///< Views into the text.
  std::vector<std::string> notes;  ///< For the reader of the figures.
};

/// Looks at the first lines of a table, also at one `sep=;` as spreadsheets write it. kInvalidArgument, with line and
/// column, where there is no row, or where the first line can be a heading and a row alike.
Result<TableStart> start_of_table(std::string_view text, const std::string& name, const Choices& choices);

/// Whether the fields of a line are as many as the first row has; the empty one behind a trailing separator is taken
/// away. kInvalidArgument otherwise.
Status fit_row(const TableStart& table, std::vector<Field>& fields, std::size_t line, const std::string& name);

/// "column 3" or "column 3 ('e2')".
std::string column_text(const TableStart& table, std::size_t column);

/// The column that a choice names: a heading, or a number from 1. kInvalidArgument says what columns there are.
Result<std::size_t> find_column(const TableStart& table, const std::string& choice, const std::string& name);

}  // namespace oodml::embedding_files
