#include "core/identity/file_hashes.h"

#include <sstream>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/identity/short_hash.h"

namespace oodml::identity {
namespace {

constexpr std::uint64_t kMaxRecordBytes = 4096;
constexpr std::size_t kHashDigits = 32;

std::string record_text(const FileStamp& stamp, const std::string& hash) {
  std::string text;
  for (const std::int64_t part : stamp) text += std::to_string(part) + " ";
  return text + hash + "\n";
}

}  // namespace

std::filesystem::path FileHashes::record_of(const std::string& file) const { return folder_ / short_hash(file); }

/// What an earlier run wrote down; a torn or foreign record holds no hash.
FileHashes::Known FileHashes::read(const std::string& file) const {
  const auto text =
      folder_.empty() ? Result<std::string>(not_found("no folder")) : read_file(record_of(file), kMaxRecordBytes);
  Known known;
  if (!text) return known;
  std::istringstream words(*text);
  for (std::int64_t& part : known.stamp) words >> part;
  words >> known.hash;
  if (known.hash.size() != kHashDigits) known.hash.clear();
  return known;
}

Result<std::string> FileHashes::of(const std::filesystem::path& file) {
  std::error_code error;
  const std::string key = std::filesystem::absolute(file, error).native();
  const auto before = file_stamp(file);
  if (!before) return not_found("no file " + file.string());
  auto found = known_.find(key);
  if (found == known_.end()) found = known_.emplace(key, read(key)).first;
  if (!found->second.hash.empty() && found->second.stamp == *before) return found->second.hash;

  OODML_ASSIGN_OR_RETURN(const std::string whole, sha256_hex_of_file(file));
  const std::string hash = whole.substr(0, kHashDigits);
  found->second = {};
  if (before != file_stamp(file) || !is_settled(*before, clock_.now())) return hash;
  found->second = {*before, hash};
  if (folder_.empty()) return hash;
  std::filesystem::create_directories(folder_, error);
  if (!error) (void)write_file_atomically(record_of(key), record_text(*before, hash));  // remembering is a convenience
  return hash;
}

}  // namespace oodml::identity
