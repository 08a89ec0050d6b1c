#include "core/embedding_files/file_kind.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace oodml::embedding_files {

Result<FileKind> file_kind_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ending == ".csv" || ending == ".tsv" || ending == ".txt") return FileKind::kTable;
  if (ending == ".npy") return FileKind::kNpy;
  if (ending == ".npz") return FileKind::kNpz;
  if (ending == ".safetensors") return FileKind::kSafetensors;
  return invalid_argument(path.string() +
                          ": unknown kind of file; read are .npy, .npz, .safetensors, .csv, .tsv and .txt");
}

Status reason_of(const Status& failed, FileKind kind, std::string_view foreign, const std::string& name) {
  const bool is_own =
      (kind == FileKind::kNpz && foreign == "a ZIP archive") || (kind == FileKind::kNpy && foreign == "a NumPy array");
  if (foreign.empty() || is_own) return failed;
  return invalid_argument(name + ": this is " + std::string(foreign) +
                          "; read are .npy, .npz, .safetensors and tables");
}

bool holds_named_arrays(FileKind kind) { return kind == FileKind::kNpz || kind == FileKind::kSafetensors; }

Result<ArrayFile> open_arrays(FileKind kind, std::string bytes, const std::string& name) {
  return kind == FileKind::kNpz ? ArrayFile::open_npz(std::move(bytes), name)
                                : ArrayFile::open_safetensors(std::move(bytes), name);
}

}  // namespace oodml::embedding_files
