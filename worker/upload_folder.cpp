#include "worker/upload_folder.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "core/base/sha256.h"
#include "core/job/limits.h"
#include "worker/descriptor.h"
#include "worker/passing_file.h"
#include "worker/run_directory.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kMaxJson = 8 << 20;
constexpr const char* kOwner = "owner.json";
constexpr const char* kFiles = "files.json";
constexpr const char* kUnfinished = ".unfinished-";

Failure damaged(const fs::path& file, const std::string& why) {
  return failure(StatusCode::kDataLoss, file.string() + ": " + why);
}

json to_json(const job::StoredFile& file) {
  return {{"path", file.path},
          {"kind", static_cast<int>(file.kind)},
          {"epoch", file.epoch},
          {"sha256", file.sha256},
          {"bytes", file.bytes}};
}

job::StoredFile file_of(const json& value) {
  const int kind = value.at("kind");
  if (kind < 0 || kind > static_cast<int>(job::FileKind::kTensorboard)) throw std::invalid_argument("unknown kind");
  return {.path = value.at("path"),
          .kind = static_cast<job::FileKind>(kind),
          .epoch = value.at("epoch"),
          .sha256 = value.at("sha256"),
          .bytes = value.at("bytes"),
          .stored = {}};
}

/// Reads and parses; what `use` throws of it is a damaged file.
template <typename Use>
Status read_json(const fs::path& file, Use use) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(file, kMaxJson));
  try {
    use(json::parse(text));
  } catch (const std::exception& error) {
    return damaged(file, error.what());
  }
  return {};
}

/// A second name, or a copy where the file system has none.
Status link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (!error) return {};
  if (error == std::errc::no_such_file_or_directory) return system_failure("link " + from.string(), error.value());
  fs::copy_file(from, to, error);
  if (error) return system_failure("copy " + from.string(), error.value());
  return {};
}

Result<StagedSet> read_set(const fs::path& folder) {
  StagedSet set{.name = folder.filename(), .folder = folder, .files = {}};
  OODML_RETURN_IF_ERROR(read_json(folder / kFiles, [&](const json& files) {
    for (const json& file : files) set.files.push_back(file_of(file));
  }));
  return set;
}

}  // namespace

UploadFolder UploadFolder::at(const fs::path& run, const job::Lease& lease) { return {run, lease}; }

Result<UploadFolder> UploadFolder::create(const fs::path& run, const job::Lease& lease) {
  UploadFolder folder(run, lease);
  OODML_RETURN_IF_ERROR(folder.make());
  return folder;
}

/// owner.json comes last: whoever finds it finds the rest.
Status UploadFolder::make() const {
  const fs::path owner = path() / kOwner;
  std::error_code error;
  if (fs::exists(owner, error)) return {};
  OODML_RETURN_IF_ERROR(make_durable(run_));
  OODML_RETURN_IF_ERROR(make_folders(path()));
  const json text = {{"trial", lease_.trial.value}, {"attempt", lease_.attempt}, {"lease", lease_.id.value}};
  return write_file_atomically(owner, text.dump() + "\n");
}

Result<UploadFolder> UploadFolder::open(const fs::path& run) {
  job::Lease lease;
  OODML_RETURN_IF_ERROR(read_json(run / "upload" / kOwner, [&](const json& owner) {
    lease = {TrialId{owner.at("trial")}, owner.at("attempt"), LeaseId{owner.at("lease").get<std::string>()}};
  }));
  return UploadFolder(run, lease);
}

Result<StagedSet> UploadFolder::stage(FileSet set) const {
  OODML_RETURN_IF_ERROR(make());
  const fs::path temporary = path() / (kUnfinished + set.name), target = path() / set.name;
  OODML_RETURN_IF_ERROR(remove_folder(temporary));
  std::error_code made;  // nobody misses it after a power cut, so its name need not be on the disk
  if (!fs::create_directory(temporary, made)) return system_failure("make " + temporary.string(), made.value());
  json list = json::array();
  for (std::size_t i = 0; i < set.files.size(); ++i) {
    job::StoredFile& file = set.files[i];
    const fs::path link = temporary / std::to_string(i);
    OODML_RETURN_IF_ERROR(link_or_copy(run_ / file.path, link));
    OODML_RETURN_IF_ERROR(sync_file(link));  // who wrote it may not have
    std::error_code error;
    file.bytes = static_cast<std::int64_t>(fs::file_size(link, error));
    if (error) return system_failure("read " + link.string(), error.value());
    if (file.sha256.empty()) {
      OODML_ASSIGN_OR_RETURN(file.sha256, sha256_hex_of_file(link));
    }
    list.push_back(to_json(file));
  }
  OODML_RETURN_IF_ERROR(write_file_atomically(temporary / kFiles, list.dump() + "\n"));  // and the links beside it
  OODML_RETURN_IF_ERROR(replace_folder(temporary, target));
  return StagedSet{.name = set.name, .folder = target, .files = std::move(set.files)};
}

Result<std::vector<StagedSet>> UploadFolder::staged() const {
  OODML_RETURN_IF_ERROR(finish_replacements(path()));
  std::vector<StagedSet> sets;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path(), error)) {
    if (!entry.is_directory() || entry.path().filename().string().starts_with(".")) continue;
    OODML_ASSIGN_OR_RETURN(StagedSet set, read_set(entry.path()));
    sets.push_back(std::move(set));
  }
  if (error) return system_failure("list " + path().string(), error.value());
  std::ranges::sort(sets, std::greater(), &StagedSet::name);
  return sets;
}

Status UploadFolder::remove(const StagedSet& set) const { return remove_folder(set.folder); }

Status UploadFolder::note_published(const std::string& checkpoint) const {
  return write_file_atomically(path() / "published", checkpoint);
}

std::string UploadFolder::published() const { return read_file(path() / "published", 64).value_or(""); }

Status UploadFolder::note_end(job::Outcome outcome) const {
  OODML_RETURN_IF_ERROR(make());
  return write_file_atomically(path() / "ended", job::to_text(outcome));
}

std::optional<job::Outcome> UploadFolder::end() const {
  const auto text = read_file(path() / "ended", 64);
  return text ? job::parse_outcome(*text) : std::nullopt;
}

Status UploadFolder::close() const { return remove_folder(path()); }

Status note_ended(const fs::path& run, const EndedRun& ended) {
  const json text = {{"outcome", job::to_text(ended.outcome)}, {"needed", ended.is_needed}};
  return write_passing_file(run / "ended.json", text.dump() + "\n");
}

std::optional<EndedRun> ended_run(const fs::path& run) {
  EndedRun ended;
  const Status read = read_json(run / "ended.json", [&](const json& value) {
    const auto outcome = job::parse_outcome(value.at("outcome").get<std::string>());
    if (!outcome) throw std::invalid_argument("unknown outcome");
    ended = {.outcome = *outcome, .is_needed = value.at("needed")};
  });
  return read.ok() ? std::optional(ended) : std::nullopt;
}

}  // namespace oodml::worker
