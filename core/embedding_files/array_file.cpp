#include "core/embedding_files/array_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/printable.h"
#include "core/embedding_files/npy.h"
#include "core/embedding_files/numbers.h"

namespace oodml::embedding_files {
namespace {

constexpr std::string_view kMemberEnding = ".npy";
constexpr std::size_t kShownArrays = 12;

Array of_tensor(const StoredTensor& stored) {
  using Kind = ElementType::Kind;
  static const std::map<std::string, ElementType> types = {
      {"F16", {Kind::kFloat, 2}},    {"F32", {Kind::kFloat, 4}},    {"F64", {Kind::kFloat, 8}},
      {"I8", {Kind::kInteger, 1}},   {"I16", {Kind::kInteger, 2}},  {"I32", {Kind::kInteger, 4}},
      {"I64", {Kind::kInteger, 8}},  {"U8", {Kind::kUnsigned, 1}},  {"U16", {Kind::kUnsigned, 2}},
      {"U32", {Kind::kUnsigned, 4}}, {"U64", {Kind::kUnsigned, 8}}, {"BF16", {Kind::kBrainFloat, 2}},
      {"BOOL", {Kind::kBool, 1}}};
  return {to_numbers(types.at(stored.dtype), stored.bytes, stored.shape), {}};
}

std::string description(const std::string& array, const Result<Array>& read) {
  const std::string shown = "'" + printable(array, 60) + "'";
  if (!read) return shown + ", which is not read";
  if (read->is_text()) return shown + " [" + std::to_string(read->texts.size()) + "] of texts";
  return shown + " " + shape_text(read->numbers) + (read->numbers.is_floating_point() ? " of floats" : " of integers");
}

}  // namespace

std::string shape_text(const torch::Tensor& tensor) {
  std::string text;
  for (const std::int64_t size : tensor.sizes()) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

Result<Array> read_npy(std::string_view bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(StoredArray stored, parse_npy(bytes, name));
  return to_array(std::move(stored));
}

Result<ArrayFile> ArrayFile::open_npz(std::string bytes, const std::string& name) {
  const auto shared = std::make_shared<const std::string>(std::move(bytes));
  OODML_ASSIGN_OR_RETURN(ZipArchive archive, ZipArchive::open(*shared, name));
  return ArrayFile(Npz{shared, std::move(archive)}, name);
}

Result<ArrayFile> ArrayFile::open_safetensors(std::string bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(SafetensorsFile file, parse_safetensors(std::move(bytes), name));
  return ArrayFile(std::move(file), name);
}

std::vector<std::string> ArrayFile::names() const {
  std::vector<std::string> names;
  if (const auto* npz = std::get_if<Npz>(&file_)) {
    for (const auto& [member, entry] : npz->archive.members()) {
      if (member.ends_with(kMemberEnding)) names.push_back(member.substr(0, member.size() - kMemberEnding.size()));
    }
  } else {
    for (const auto& [tensor, stored] : std::get<SafetensorsFile>(file_).tensors) names.push_back(tensor);
  }
  return names;
}

Result<Array> ArrayFile::read(const std::string& array) const {
  const auto known = names();
  if (std::ranges::count(known, array) == 0) {
    return invalid_argument(name_ + ": no array '" + printable(array, 60) + "' in it; there are " + contents());
  }
  if (const auto* tensors = std::get_if<SafetensorsFile>(&file_)) return of_tensor(tensors->tensors.at(array));
  const ZipArchive& archive = std::get<Npz>(file_).archive;
  const std::string member = array + std::string(kMemberEnding),
                    shown = name_ + ", array '" + printable(array, 60) + "'";
  if (archive.members().at(member).method == 0) {
    OODML_ASSIGN_OR_RETURN(const std::string_view stored, archive.view(member));
    return read_npy(stored, shown);
  }
  OODML_ASSIGN_OR_RETURN(const std::string unpacked, archive.read(member));
  return read_npy(unpacked, shown);
}

std::string ArrayFile::contents() const {
  const auto known = names();
  std::string text;
  for (std::size_t i = 0; i < std::min(known.size(), kShownArrays); ++i) {
    text += (i == 0 ? "" : ", ") + description(known[i], read(known[i]));
  }
  if (known.size() > kShownArrays) text += " and " + std::to_string(known.size() - kShownArrays) + " more";
  return text.empty() ? "none" : text;
}

}  // namespace oodml::embedding_files
