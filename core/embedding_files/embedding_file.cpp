#include "core/embedding_files/embedding_file.h"

#include <optional>
#include <utility>

#include "core/embedding_files/file_kind.h"
#include "core/embedding_files/label_array.h"
#include "core/embedding_files/label_file.h"
#include "core/embedding_files/read_rows.h"

namespace oodml::embedding_files {
namespace {

Status check_options(FileKind rows, std::optional<FileKind> labels, const Choices& choices, const std::string& file) {
  if (!choices.array.empty() && !holds_named_arrays(rows)) {
    return invalid_argument(file + ": --array is for .npz and .safetensors, whose arrays have names");
  }
  if (choices.label_array.empty() || holds_named_arrays(labels.value_or(rows))) return {};
  return invalid_argument(file + ": --label-array is for labels in .npz and .safetensors, whose arrays have names");
}

void add_notes(std::vector<std::string>& all, const std::vector<std::string>& notes, const std::string& name) {
  for (const std::string& note : notes) all.push_back(name + ": " + note);
}

Status check_counts(const LabelledRows& read, const std::string& file, bool are_tables) {
  const std::int64_t labels = read.labels.is_text() ? std::ssize(read.labels.texts) : read.labels.numbers.size(0);
  const std::int64_t rows = read.rows.size(0);
  if (labels == rows) return {};
  const std::string hint = labels == read.rows.size(1) ? "; these have as many columns: save the transpose"
                           : !are_tables               ? ""
                           : labels == rows + 1        ? "; is the first label a heading? Then say --heading yes"
                           : labels == rows - 1        ? "; is the first row a heading? Then say --heading yes"
                                                       : "";
  return invalid_argument(read.labels_from + ": " + std::to_string(labels) + " labels, but " + file + " has " +
                          std::to_string(rows) + " embeddings" + hint);
}

}  // namespace

Result<LabelledRows> read_labelled_rows(const std::filesystem::path& file, const std::filesystem::path& labels,
                                        const Choices& choices) {
  const bool has_labels = labels.empty();
  OODML_ASSIGN_OR_RETURN(const FileKind kind, file_kind_of(file));
  std::optional<FileKind> label_kind;
  if (!has_labels) {
    OODML_ASSIGN_OR_RETURN(label_kind, file_kind_of(labels));
  }
  OODML_RETURN_IF_ERROR(check_options(kind, label_kind, choices, file.string()));
  OODML_ASSIGN_OR_RETURN(Rows rows, read_rows(file, kind, choices, has_labels));
  LabelledRows read{
      .rows = std::move(rows.numbers), .labels = {}, .labels_from = (has_labels ? file : labels).string(), .notes = {}};
  add_notes(read.notes, rows.notes, file.string());
  std::vector<std::string> notes;
  if (has_labels) {
    OODML_ASSIGN_OR_RETURN(read.labels, as_label_column(*std::move(rows.labels), "", file.string(), notes));
  } else {
    OODML_ASSIGN_OR_RETURN(read.labels, read_label_file(labels, *label_kind, choices, notes));
  }
  add_notes(read.notes, notes, read.labels_from);
  const bool are_tables = kind == FileKind::kTable || label_kind == FileKind::kTable;
  OODML_RETURN_IF_ERROR(check_counts(read, file.string(), are_tables));
  return read;
}

}  // namespace oodml::embedding_files
