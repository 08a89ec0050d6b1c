#include "core/embedding_files/label_file.h"

#include <optional>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/foreign_file.h"
#include "core/embedding_files/array_file.h"
#include "core/embedding_files/choose_array.h"
#include "core/embedding_files/label_array.h"
#include "core/embedding_files/label_lines.h"

namespace oodml::embedding_files {
namespace {

Result<Array> from_bytes(std::string bytes, FileKind kind, const Choices& choices, const std::string& name,
                         std::vector<std::string>& notes) {
  if (kind == FileKind::kTable) {
    OODML_ASSIGN_OR_RETURN(LabelLines lines, parse_labels(bytes, name, choices));
    notes = std::move(lines.notes);
    return Array{{}, std::move(lines.labels)};
  }
  if (kind == FileKind::kNpy) {
    OODML_ASSIGN_OR_RETURN(Array array, read_npy(bytes, name));
    return as_label_column(std::move(array), choices.label_column, name, notes);
  }
  OODML_ASSIGN_OR_RETURN(const ArrayFile file, open_arrays(kind, std::move(bytes), name));
  OODML_ASSIGN_OR_RETURN(auto chosen, choose_labels(file, choices.label_array, "", std::nullopt, notes));
  if (!chosen) {
    return invalid_argument(name + ": no array 'labels' in it; name one with --label-array; there are " +
                            file.contents());
  }
  return as_label_column(std::move(chosen->array), choices.label_column, name + ", array '" + chosen->name + "'",
                         notes);
}

}  // namespace

Result<Array> read_label_file(const std::filesystem::path& path, FileKind kind, const Choices& choices,
                              std::vector<std::string>& notes) {
  OODML_ASSIGN_OR_RETURN(std::string bytes, read_file(path, kMostFileBytes));
  const std::string_view foreign = foreign_kind(bytes);
  auto labels = from_bytes(std::move(bytes), kind, choices, path.string(), notes);
  const bool may_be_labels = foreign.empty() || kind != FileKind::kTable;  // any line of text could be one
  if (labels && may_be_labels) return labels;
  return failure(reason_of(labels ? Status() : labels.error(), kind, foreign, path.string()));
}

Result<std::vector<std::string>> read_name_file(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMostFileBytes));
  return parse_names(text, path.string());
}

}  // namespace oodml::embedding_files
