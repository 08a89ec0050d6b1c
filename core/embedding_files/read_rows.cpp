#include "core/embedding_files/read_rows.h"

#include <algorithm>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/foreign_file.h"
#include "core/embedding_files/choose_array.h"
#include "core/embedding_files/csv.h"
#include "core/embedding_files/label_array.h"
#include "core/embedding_files/row_checks.h"

namespace oodml::embedding_files {
namespace {

/// [N, D] of an array; integers become float64.
Result<torch::Tensor> matrix_of(const Array& array, const std::string& name) {
  if (array.is_text() || array.numbers.dim() != 2) {
    return invalid_argument(name + ": embeddings must be numbers of two dimensions (rows, D), not " +
                            (array.is_text() ? "texts" : "an array " + shape_text(array.numbers)));
  }
  if (array.numbers.numel() == 0) {
    return invalid_argument(name + ": no embeddings in its array " + shape_text(array.numbers));
  }
  return array.numbers.is_floating_point() ? array.numbers : array.numbers.to(at::kDouble);
}

/// Takes the columns of an array apart as the choices say.
Status divide(Rows& rows, const Choices& choices, bool label_is_column, const std::string& name) {
  std::vector<std::int64_t> kept(static_cast<std::size_t>(rows.numbers.size(1)), 1);
  const auto take = [&](const std::string& column) -> Result<torch::Tensor> {
    OODML_ASSIGN_OR_RETURN(torch::Tensor taken, column_of(rows.numbers, column, name));
    kept[std::stoul(column) - 1] = 0;
    return taken;
  };
  if (label_is_column) {
    OODML_ASSIGN_OR_RETURN(torch::Tensor label, take(choices.label_column));
    rows.labels = Array{std::move(label), {}};
  }
  for (const std::string& column : choices.skip_columns) {
    if (column != kKeepAllColumns) OODML_RETURN_IF_ERROR(take(column));
  }
  if (std::ranges::count(kept, 0) == 0) return {};
  rows.numbers = rows.numbers.index_select(1, at::tensor(kept, at::kLong).nonzero().flatten());
  if (rows.numbers.size(1) > 0) return {};
  return invalid_argument(name + ": no column is left for the embeddings");
}

Status check(const Rows& rows, const Choices& choices, const std::vector<Dimension>& dimensions,
             const std::string& name) {
  OODML_RETURN_IF_ERROR(check_finite(rows.numbers, name));
  return choices.skip_columns.empty() ? check_columns(rows.numbers, dimensions, name) : Status();
}

Result<Rows> from_array(const Array& array, const Choices& choices, bool has_labels, const std::string& name) {
  Rows rows;
  OODML_ASSIGN_OR_RETURN(rows.numbers, matrix_of(array, name));
  OODML_RETURN_IF_ERROR(divide(rows, choices, has_labels && !choices.label_column.empty(), name));
  OODML_RETURN_IF_ERROR(check(rows, choices, {}, name));
  return rows;
}

Result<Rows> from_arrays(const ArrayFile& file, const Choices& choices, bool has_labels) {
  std::vector<std::string> notes;
  OODML_ASSIGN_OR_RETURN(const ChosenArray chosen, choose_rows(file, choices.array, notes));
  std::optional<ChosenArray> labels;
  if (has_labels) {
    const auto count = chosen.array.is_text() || chosen.array.numbers.dim() == 0
                           ? std::nullopt
                           : std::optional(chosen.array.numbers.size(0));
    OODML_ASSIGN_OR_RETURN(labels, choose_labels(file, choices.label_array, chosen.name, count, notes));
    if (!labels && choices.label_column.empty()) {
      return invalid_argument(file.name() +
                              ": no labels in it; name their array with --label-array, or their file with "
                              "--labels; there are " +
                              file.contents());
    }
  }
  const std::string name = file.name() + ", array '" + chosen.name + "'";
  OODML_ASSIGN_OR_RETURN(Rows rows, from_array(chosen.array, choices, has_labels && !labels, name));
  rows.notes = std::move(notes);
  if (!labels) return rows;
  OODML_ASSIGN_OR_RETURN(rows.labels, as_label_column(std::move(labels->array), choices.label_column,
                                                      file.name() + ", array '" + labels->name + "'", rows.notes));
  return rows;
}

Result<Rows> from_table(std::string_view text, const Choices& choices, bool has_labels, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(CsvRows table, parse_csv(text, name, choices, has_labels));
  const auto columns = std::ssize(table.dimensions);
  Rows rows{.numbers = at::tensor(table.values, at::kDouble).view({-1, columns}), .labels = {}, .notes = table.notes};
  OODML_RETURN_IF_ERROR(check(rows, choices, table.dimensions, name));
  if (has_labels) rows.labels = Array{{}, std::move(table.labels)};
  return rows;
}

Result<Rows> from_bytes(std::string bytes, FileKind kind, const Choices& choices, bool has_labels,
                        const std::string& name) {
  if (kind == FileKind::kTable) return from_table(bytes, choices, has_labels, name);
  if (holds_named_arrays(kind)) {
    OODML_ASSIGN_OR_RETURN(const ArrayFile file, open_arrays(kind, std::move(bytes), name));
    return from_arrays(file, choices, has_labels);
  }
  OODML_ASSIGN_OR_RETURN(const Array array, read_npy(bytes, name));
  if (has_labels && choices.label_column.empty()) {
    return invalid_argument(name +
                            ": no labels in it; name their file with --labels or their column with --label-column, "
                            "or write an .npz or .safetensors with the arrays embeddings and labels");
  }
  return from_array(array, choices, has_labels, name);
}

}  // namespace

Result<Rows> read_rows(const std::filesystem::path& path, FileKind kind, const Choices& choices, bool has_labels) {
  OODML_ASSIGN_OR_RETURN(std::string bytes, read_file(path, kMostFileBytes));
  const std::string_view foreign = foreign_kind(bytes);
  auto rows = from_bytes(std::move(bytes), kind, choices, has_labels, path.string());
  if (rows) return rows;
  return failure(reason_of(rows.error(), kind, foreign, path.string()));
}

}  // namespace oodml::embedding_files
