#include "worker/left_files.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/job/limits.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::FileKind;
using job::StoredFile;

constexpr const char* kManifest = "manifest.json";
constexpr std::uint64_t kMaxManifest = 1 << 20;

/// File names of one folder; they are one part each.
using Hashes = std::map<std::string, std::string>;

/// As core/train/checkpoint_files.cpp writes it.
Result<Hashes> hashes_in(const fs::path& folder) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(folder / kManifest, kMaxManifest));
  Hashes hashes;
  try {
    const nlohmann::json manifest = nlohmann::json::parse(text);
    for (const auto& [part, sha256] : manifest.at("parts").items()) {
      if (fs::path(part).filename() != part) throw std::invalid_argument("'" + part + "' is no file's name");
      hashes[part] = sha256.get<std::string>();
    }
  } catch (const std::exception& error) {
    return failure(StatusCode::kDataLoss, "checkpoint " + folder.string() + ": " + kManifest + ": " + error.what());
  }
  hashes[kManifest] = sha256_hex(text);
  return hashes;
}

Result<StoredFile> stored_file(const fs::path& run, const std::string& path, FileKind kind, std::int64_t epoch) {
  std::error_code error;
  const auto bytes = fs::file_size(run / path, error);
  if (error) return system_failure("read " + (run / path).string(), error.value());
  return StoredFile{.path = path,
                    .kind = kind,
                    .epoch = epoch,
                    .sha256 = "",
                    .bytes = static_cast<std::int64_t>(bytes),
                    .stored = {}};
}

/// Every plain file in and below `run / below`; names that begin with a dot are being written.
Status add_below(const fs::path& run, const std::string& below, FileKind kind, std::vector<StoredFile>& files) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(run / below, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with(".")) {
      if (entry->is_directory()) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || entry->is_symlink()) continue;
    if (files.size() >= static_cast<std::size_t>(job::kMaxStoredFiles)) break;
    OODML_ASSIGN_OR_RETURN(StoredFile file,
                           stored_file(run, fs::relative(entry->path(), run).generic_string(), kind, 0));
    files.push_back(std::move(file));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return system_failure("list " + (run / below).string(), error.value());
  }
  return {};
}

Status add_checkpoint(const fs::path& run, const NewestCheckpoint& checkpoint, FileKind kind,
                      std::vector<StoredFile>& files) {
  const std::string folder = "checkpoints/" + checkpoint.name;
  OODML_ASSIGN_OR_RETURN(const Hashes hashes, hashes_in(run / folder));
  for (const auto& [name, sha256] : hashes) {
    OODML_ASSIGN_OR_RETURN(StoredFile file, stored_file(run, folder + "/" + name, kind, checkpoint.place.epoch));
    file.sha256 = sha256;
    files.push_back(std::move(file));
  }
  return {};
}

/// Where it has at least so many bytes.
Status add_file(const fs::path& run, const std::string& name, FileKind kind, std::vector<StoredFile>& files,
                std::int64_t least = 0) {
  std::error_code error;
  if (!fs::is_regular_file(run / name, error)) return {};
  OODML_ASSIGN_OR_RETURN(StoredFile file, stored_file(run, name, kind, 0));
  if (file.bytes < least) return {};
  files.push_back(std::move(file));
  return {};
}

/// Best epochs with the number of each (core/train/best_checkpoints.cpp).
Status add_best(const fs::path& run, std::vector<StoredFile>& files) {
  const std::size_t before = files.size();
  OODML_RETURN_IF_ERROR(add_below(run, "best", FileKind::kBest, files));
  for (std::size_t i = before; i < files.size(); ++i) {
    const auto about = read_file(run / fs::path(files[i].path).parent_path() / "best.json", kMaxManifest);
    const auto json = nlohmann::json::parse(about.value_or(""), nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && json.contains("epoch") && json["epoch"].is_number_integer()) {
      files[i].epoch = std::max<std::int64_t>(0, json["epoch"].get<std::int64_t>());
    }
  }
  return {};
}

Status add_kind(const fs::path& run, FileKind kind, std::vector<StoredFile>& files) {
  switch (kind) {
    case FileKind::kCheckpoint:
      return {};
    case FileKind::kBest:
      return add_best(run, files);
    case FileKind::kLast:
      if (const auto newest = newest_checkpoint(run)) return add_checkpoint(run, *newest, kind, files);
      return {};
    case FileKind::kLog:
      return add_file(run, "log.txt", kind, files, 1);
    case FileKind::kResults:
      return add_file(run, "results.json", kind, files);
    case FileKind::kCsv:
      OODML_RETURN_IF_ERROR(add_file(run, "Parameter_Info.txt", kind, files));
      return add_below(run, "CSV_Logs", kind, files);
    case FileKind::kTensorboard:
      return add_below(run, "tensorboard", kind, files);
  }
  return {};
}

}  // namespace

std::optional<NewestCheckpoint> newest_checkpoint(const fs::path& run) {
  std::optional<NewestCheckpoint> newest;
  std::error_code error;
  for (fs::directory_iterator entry(run / "checkpoints", error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    const auto place = job::checkpoint_place(name);
    if (place && (!newest || *place > newest->place)) newest = {std::move(name), *place};
  }
  return newest;
}

Result<FileSet> checkpoint_set(const fs::path& run, const NewestCheckpoint& checkpoint) {
  FileSet set{.name = "checkpoint", .files = {}};
  OODML_RETURN_IF_ERROR(add_checkpoint(run, checkpoint, FileKind::kCheckpoint, set.files));
  OODML_RETURN_IF_ERROR(add_below(run, "best", FileKind::kCheckpoint, set.files));
  return set;
}

std::string checkpoint_of(const std::vector<StoredFile>& files) {
  for (const StoredFile& file : files) {
    const fs::path folder = fs::path(file.path).parent_path();
    if (folder.parent_path() == "checkpoints" && job::checkpoint_place(folder.filename().native())) {
      return folder.filename();
    }
  }
  return "";
}

Result<FileSet> artifact_set(const fs::path& run, const std::set<FileKind>& kinds) {
  FileSet set{.name = "artifacts", .files = {}};
  for (const FileKind kind : kinds) OODML_RETURN_IF_ERROR(add_kind(run, kind, set.files));
  return set;
}

Status verify_checkpoint(const fs::path& folder) {
  OODML_ASSIGN_OR_RETURN(const Hashes hashes, hashes_in(folder));
  for (const auto& [name, wanted] : hashes) {
    OODML_ASSIGN_OR_RETURN(const std::string sha256, sha256_hex_of_file(folder / name));
    if (sha256 != wanted) {
      return failure(StatusCode::kDataLoss, "checkpoint " + folder.string() + ": " + name +
                                                " does not have the hash that " + kManifest + " says");
    }
  }
  return {};
}

}  // namespace oodml::worker
