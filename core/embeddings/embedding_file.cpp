#include "core/embeddings/embedding_file.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "core/base/atomic_file.h"
#include "core/base/safetensors.h"
#include "core/base/words.h"
#include "core/base/zip.h"
#include "core/embeddings/csv.h"
#include "core/embeddings/npy.h"
#include "core/embeddings/numbers.h"

namespace oodml::embeddings {
namespace {

constexpr std::uint64_t kMaxBytes = 16ULL << 30;
constexpr auto kEmbeddings = "embeddings";
constexpr auto kLabels = "labels";

std::string ending_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

bool is_table(const std::string& ending) { return ending == ".csv" || ending == ".tsv" || ending == ".txt"; }

Status check_ending(const std::filesystem::path& path) {
  const std::string ending = ending_of(path);
  if (is_table(ending) || ending == ".npy" || ending == ".npz" || ending == ".safetensors") return {};
  return invalid_argument(path.string() +
                          ": unknown kind of file; read are .npy, .npz, .safetensors, .csv, .tsv and .txt");
}

Result<Array> tensor_of(const SafetensorsFile& file, const std::string& tensor, const std::string& name) {
  using Kind = ElementType::Kind;
  static const std::map<std::string, ElementType> types = {
      {"F16", {Kind::kFloat, 2}},   {"F32", {Kind::kFloat, 4}},    {"F64", {Kind::kFloat, 8}},
      {"I8", {Kind::kInteger, 1}},  {"I16", {Kind::kInteger, 2}},  {"I32", {Kind::kInteger, 4}},
      {"I64", {Kind::kInteger, 8}}, {"U8", {Kind::kUnsigned, 1}},  {"U16", {Kind::kUnsigned, 2}},
      {"U32", {Kind::kUnsigned, 4}}, {"U64", {Kind::kUnsigned, 8}}, {"BF16", {Kind::kBrainFloat, 2}},
      {"BOOL", {Kind::kBool, 1}}};
  const auto stored = file.tensors.find(tensor);
  if (stored == file.tensors.end()) {
    std::vector<std::string> known;
    for (const auto& [other, value] : file.tensors) {
      if (known.size() < 20) known.push_back(other.substr(0, 80));
    }
    return not_found(name + ": no tensor '" + tensor + "' in it; there are " + joined(known));
  }
  return Array{to_numbers(types.at(stored->second.dtype), stored->second.bytes, stored->second.shape), {}};
}

/// [N, D] of numbers, integers made float64.
Result<torch::Tensor> to_rows(const Array& array, const std::string& name) {
  if (array.is_text() || array.numbers.dim() != 2) {
    return invalid_argument(name + ": embeddings must be numbers of two dimensions (rows, D), not " +
                            (array.is_text() ? "texts" : std::to_string(array.numbers.dim()) + " dimensions"));
  }
  return array.numbers.is_floating_point() ? array.numbers : array.numbers.to(at::kDouble);
}

Result<Array> read_npy(std::string_view bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(StoredArray stored, parse_npy(bytes, name));
  return to_array(std::move(stored));
}

Result<EmbeddingFile> read_npz(const std::string& bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(const ZipArchive archive, ZipArchive::open(bytes, name));
  const auto read = [&](const std::string& array) -> Result<Array> {
    OODML_ASSIGN_OR_RETURN(const std::string member, archive.read(array + ".npy"));
    return read_npy(member, name + ", array '" + array + "'");
  };
  EmbeddingFile file;
  OODML_ASSIGN_OR_RETURN(const Array rows, read(kEmbeddings));
  OODML_ASSIGN_OR_RETURN(file.rows, to_rows(rows, name));
  if (archive.members().contains(std::string(kLabels) + ".npy")) {
    OODML_ASSIGN_OR_RETURN(file.labels, read(kLabels));
  }
  return file;
}

Result<EmbeddingFile> from_safetensors(std::string bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(const SafetensorsFile stored, parse_safetensors(std::move(bytes), name));
  EmbeddingFile file;
  OODML_ASSIGN_OR_RETURN(const Array rows, tensor_of(stored, kEmbeddings, name));
  OODML_ASSIGN_OR_RETURN(file.rows, to_rows(rows, name));
  if (stored.tensors.contains(kLabels)) {
    OODML_ASSIGN_OR_RETURN(file.labels, tensor_of(stored, kLabels, name));
  }
  return file;
}

Result<EmbeddingFile> from_table(const std::string& text, const std::string& name, bool last_column_is_label) {
  OODML_ASSIGN_OR_RETURN(CsvRows table, parse_csv(text, name, last_column_is_label));
  const auto rows = static_cast<std::int64_t>(table.values.size()) / table.columns;
  EmbeddingFile file{.rows = at::tensor(table.values, at::kDouble).view({rows, table.columns})};
  if (last_column_is_label) file.labels = Array{{}, std::move(table.labels)};
  return file;
}

}  // namespace

Result<EmbeddingFile> read_embedding_file(const std::filesystem::path& path, bool last_column_is_label) {
  const std::string ending = ending_of(path), name = path.string();
  OODML_RETURN_IF_ERROR(check_ending(path));
  OODML_ASSIGN_OR_RETURN(std::string bytes, read_file(path, kMaxBytes));
  if (ending == ".npz") return read_npz(bytes, name);
  if (ending == ".safetensors") return from_safetensors(std::move(bytes), name);
  if (is_table(ending)) return from_table(bytes, name, last_column_is_label);
  OODML_ASSIGN_OR_RETURN(const Array array, read_npy(bytes, name));
  OODML_ASSIGN_OR_RETURN(auto rows, to_rows(array, name));
  return EmbeddingFile{.rows = std::move(rows), .labels = std::nullopt};
}

Result<Array> read_label_file(const std::filesystem::path& path) {
  const std::string ending = ending_of(path), name = path.string();
  OODML_RETURN_IF_ERROR(check_ending(path));
  OODML_ASSIGN_OR_RETURN(std::string bytes, read_file(path, kMaxBytes));
  if (ending == ".npy") return read_npy(bytes, name);
  if (ending == ".npz") {
    OODML_ASSIGN_OR_RETURN(const ZipArchive archive, ZipArchive::open(bytes, name));
    OODML_ASSIGN_OR_RETURN(const std::string member, archive.read(std::string(kLabels) + ".npy"));
    return read_npy(member, name + ", array 'labels'");
  }
  if (ending == ".safetensors") {
    OODML_ASSIGN_OR_RETURN(const SafetensorsFile stored, parse_safetensors(std::move(bytes), name));
    return tensor_of(stored, kLabels, name);
  }
  OODML_ASSIGN_OR_RETURN(auto labels, parse_label_lines(bytes, name));
  return Array{{}, std::move(labels)};
}

}  // namespace oodml::embeddings
