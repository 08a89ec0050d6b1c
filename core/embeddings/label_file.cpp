#include "core/embeddings/label_file.h"

#include <optional>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/embeddings/array_file.h"
#include "core/embeddings/choose_array.h"
#include "core/embeddings/label_array.h"
#include "core/embeddings/label_lines.h"

namespace oodml::embeddings {

Result<Array> read_label_file(const std::filesystem::path& path, FileKind kind, const Choices& choices,
                              std::vector<std::string>& notes) {
  const std::string name = path.string();
  OODML_ASSIGN_OR_RETURN(std::string bytes, read_file(path, kMostFileBytes));
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
  if (!chosen) return invalid_argument(name + ": no array 'labels' in it; name one with --label-array; there are " + file.contents());
  return as_label_column(std::move(chosen->array), choices.label_column, name + ", array '" + chosen->name + "'", notes);
}

Result<std::vector<std::string>> read_name_file(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMostFileBytes));
  return parse_names(text, path.string());
}

}  // namespace oodml::embeddings
