#include "core/splits/split_file.h"

#include <algorithm>

#include "core/base/atomic_file.h"
#include "core/base/foreign_file.h"
#include "core/base/printable.h"
#include "core/pickle/reader.h"
#include "core/splits/json_outline.h"
#include "core/splits/pickle_splits.h"
#include "core/splits/split_json.h"
#include "core/splits/split_values.h"

namespace oodml::splits {
namespace {

constexpr std::uint64_t kMaxJsonBytes = 64ULL << 20;

/// What does not begin as a pickle is JSON.
Status check_json(std::string_view bytes, std::string_view file_name) {
  if (const std::string_view kind = foreign_kind(bytes); !kind.empty()) {
    return invalid_argument("is " + std::string(kind) + ", not a split file");
  }
  if (bytes.size() > kMaxJsonBytes) return invalid_argument("larger than 64 MiB, the most that is read");
  if (!file_name.ends_with(".pkl") || bytes.starts_with('{')) return {};
  return invalid_argument("not a pickle of protocol 2 to 5, which begins with byte 0x80");
}

/// "cars196" of data/cars196_splits.pkl and of cars196/splits.pkl
std::string benchmark_of(const std::filesystem::path& file) {
  constexpr std::string_view kEnd = "_splits";
  const std::string stem = file.stem().native();
  if (stem.size() > kEnd.size() && stem.ends_with(kEnd)) return stem.substr(0, stem.size() - kEnd.size());
  const std::string folder = file.parent_path().filename().native();
  return stem != "splits" || folder.empty() ? stem : folder;
}

Result<SplitFile> parse(std::string_view bytes, std::string_view file_name) {
  if (pickle::looks_like_pickle(bytes)) return parse_split_pickle(bytes, benchmark_of(file_name));
  OODML_RETURN_IF_ERROR(check_json(bytes, file_name));
  return parse_split_json(bytes);
}

Result<std::vector<std::string>> keys_of(std::string_view bytes, std::string_view file_name) {
  if (pickle::looks_like_pickle(bytes)) return split_ids_of_pickle(bytes);
  OODML_RETURN_IF_ERROR(check_json(bytes, file_name));
  return split_ids_of_json(bytes);
}

Result<std::vector<std::string>> parse_ids(std::string_view bytes, std::string_view file_name) {
  OODML_ASSIGN_OR_RETURN(std::vector<std::string> ids, keys_of(bytes, file_name));
  for (const std::string& id : ids) OODML_RETURN_IF_ERROR(check_split_id(id));
  return ids;
}

/// `result` with a failure that names the file.
template <typename T>
Result<T> named(Result<T> result, std::string_view file_name) {
  if (result) return result;
  return failure(result.error().code(), printable(file_name, 4096) + ": " + result.error().message());
}

}  // namespace

const Split* SplitFile::find(std::string_view id) const {
  const auto found = std::ranges::find(splits, id, &Split::id);
  return found == splits.end() ? nullptr : &*found;
}

Result<SplitFile> parse_split_file(std::string_view bytes, std::string_view file_name) {
  return named(parse(bytes, file_name), file_name);
}

Result<SplitFile> read_split_file(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, read_file(path, pickle::Limits{}.bytes));
  return parse_split_file(bytes, path.native());
}

Result<std::vector<std::string>> parse_split_ids(std::string_view bytes, std::string_view file_name) {
  return named(parse_ids(bytes, file_name), file_name);
}

Result<std::vector<std::string>> read_split_ids(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, read_file(path, pickle::Limits{}.bytes));
  return parse_split_ids(bytes, path.native());
}

std::filesystem::path split_file_in(const std::filesystem::path& folder, const std::string& name) {
  const std::filesystem::path asked = folder / name;
  std::error_code ignored;
  if (name != kUsualSplitFile || std::filesystem::exists(asked, ignored)) return asked;
  for (const std::string& published : {folder.filename().native() + "_splits.pkl", std::string("splits.pkl")}) {
    if (std::filesystem::exists(folder / published, ignored)) return folder / published;
  }
  return asked;
}

}  // namespace oodml::splits
