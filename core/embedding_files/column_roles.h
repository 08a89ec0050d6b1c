#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/choices.h"
#include "core/embedding_files/table_start.h"

namespace oodml::embedding_files {

/// What the columns of a table of embeddings are.
struct ColumnRoles {
  std::vector<std::size_t> dimensions;  ///< Columns, ascending; at least one.
  std::optional<std::size_t> label;     ///< None where the labels stand elsewhere.
  bool label_by_place = false;          ///< It is the last column and nothing else says that it is the label.
  std::vector<std::string> notes;       ///< What was left out.
};

/// By the choices, else by the headings, else the last column is the label. kInvalidArgument, with line, column and the
/// option that settles it, where that would be a guess.
Result<ColumnRoles> roles_of(const TableStart& table, const Choices& choices, bool has_labels, const std::string& name);

/// The column of a table whose heading alone says that it is the label; nothing where none does. kInvalidArgument where
/// several do.
Result<std::optional<std::size_t>> label_by_heading(const TableStart& table, const std::string& name);

}  // namespace oodml::embedding_files
