#include "core/train/checkpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "core/base/sha256.h"
#include "core/base/words.h"

namespace oodml::train {
namespace fs = std::filesystem;
namespace {

constexpr int kFormatVersion = 3;  // 3: state.json counts finite losses
constexpr std::uint64_t kMaxJsonBytes = 256ULL << 20;
constexpr std::string_view kTemporary = ".unfinished-";
constexpr const char* kState = "state.json";
constexpr const char* kManifest = "manifest.json";
constexpr std::array<std::pair<const char*, models::NamedTensors Snapshot::*>, 4> kTensorParts = {{
    {"network.safetensors", &Snapshot::network},
    {"criterion.safetensors", &Snapshot::criterion},
    {"optimizer.safetensors", &Snapshot::optimizer},
    {"extras.safetensors", &Snapshot::extras},
}};

fs::path folder_of(const fs::path& run_dir) { return run_dir / "checkpoints"; }

std::string padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

/// After a whole epoch with its evaluation: "0003". Anywhere else: "0003-000017".
std::string name_of(const RunState& state, bool epoch_complete) {
  return epoch_complete ? padded(state.epoch, 4) : padded(state.epoch, 4) + "-" + padded(state.step, 6);
}

/// Sorts by progress: 0003-000000 (before its evaluation), 0003, 0003-000001, ..., 0004.
using Place = std::pair<std::int64_t, std::int64_t>;

/// One that is being replaced (core/base/replace_folder.h) has the place of its name, and counts as long as it is
/// there.
std::optional<Place> place_of(std::string_view name) {
  if (name.ends_with(kReplacedSuffix)) name.remove_suffix(kReplacedSuffix.size());
  Place place{0, 0};
  const char* end = name.data() + name.size();
  const auto epoch = std::from_chars(name.data(), end, place.first);
  if (epoch.ec != std::errc()) return std::nullopt;
  if (epoch.ptr == end) return place;
  const auto step = *epoch.ptr == '-' ? std::from_chars(epoch.ptr + 1, end, place.second) : epoch;
  if (step.ec != std::errc() || step.ptr != end) return std::nullopt;
  if (place.second == 0) place.second = -1;
  return place;
}

struct Entry {
  Place place;
  fs::path path;
};

/// Committed checkpoints, newest first; empty when there is no folder.
std::vector<Entry> list(const fs::path& run_dir) {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder_of(run_dir), error), end; !error && it != end; it.increment(error)) {
    if (const auto place = place_of(it->path().filename().string())) entries.push_back({*place, it->path()});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.place != b.place ? a.place > b.place : a.path < b.path;  // of one place, the one that was replaced last
  });
  return entries;
}

nlohmann::json to_json(const job::Identity& identity) {
  return {{"results_version", identity.results_version}, {"program", identity.program}, {"data", identity.data}};
}

/// Of a manifest; unknown when an earlier version of the program wrote it.
job::Identity identity_in(const nlohmann::json& manifest) {
  const auto found = manifest.find("identity");
  if (found == manifest.end()) return {};
  return {.results_version = found->at("results_version"), .program = found->at("program"), .data = found->at("data")};
}

Status write_parts(const fs::path& folder, const Snapshot& snapshot, const std::string& fingerprint,
                   const job::Identity& identity, std::string& manifest_text) {
  nlohmann::json parts;
  const auto note = [&](const char* part) -> Status {
    OODML_ASSIGN_OR_RETURN(parts[part], sha256_hex_of_file(folder / part));
    return {};
  };
  for (const auto& [part, tensors] : kTensorParts) {
    OODML_RETURN_IF_ERROR(models::write_tensors(folder / part, snapshot.*tensors));
    OODML_RETURN_IF_ERROR(note(part));
  }
  OODML_RETURN_IF_ERROR(write_file_atomically(folder / kState, to_json(snapshot.state)));
  OODML_RETURN_IF_ERROR(note(kState));
  const nlohmann::json manifest = {{"version", kFormatVersion},     {"fingerprint", fingerprint},
                                   {"identity", to_json(identity)}, {"epoch", snapshot.state.epoch},
                                   {"step", snapshot.state.step},   {"parts", parts}};
  manifest_text = manifest.dump(1) + "\n";
  return write_file_atomically(folder / kManifest, manifest_text);
}

Failure damaged(const fs::path& path, const std::string& why) {
  return failure(StatusCode::kDataLoss, "checkpoint " + path.string() + ": " + why);
}

/// Version, trial, data and checksums. kFailedPrecondition for another trial's, kAborted for one of other data,
/// kDataLoss for a damaged one.
Status verify(const fs::path& folder, const std::string& fingerprint, const job::Identity& identity) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(folder / kManifest, kMaxJsonBytes));
  try {
    const auto manifest = nlohmann::json::parse(text);
    if (manifest.at("version") != kFormatVersion) {
      return damaged(folder, "has format version " + manifest.at("version").dump() + ", this program reads " +
                                 std::to_string(kFormatVersion));
    }
    const std::string owner = manifest.at("fingerprint");
    if (owner != fingerprint) {
      return failed_precondition("checkpoint " + folder.string() + " belongs to trial " + owner.substr(0, 12) +
                                 ", not to " + fingerprint.substr(0, 12) + "; use another run directory");
    }
    if (const auto changed = job::differences(identity_in(manifest), identity); !changed.empty()) {
      return {StatusCode::kAborted, "not gone on from checkpoint " + folder.string() +
                                        ", whose run was of other data: " + joined(changed) + " changed since"};
    }
    std::vector<std::string> parts = {kState};
    for (const auto& [part, tensors] : kTensorParts) parts.push_back(part);
    for (const std::string& part : parts) {
      OODML_ASSIGN_OR_RETURN(const std::string sha256, sha256_hex_of_file(folder / part));
      if (manifest.at("parts").at(part) != sha256) return damaged(folder, part + " does not have its checksum");
    }
  } catch (const nlohmann::json::exception& error) {
    return damaged(folder, std::string(kManifest) + ": " + error.what());
  }
  return {};
}

Result<Snapshot> read(const fs::path& folder) {
  Snapshot snapshot;
  OODML_ASSIGN_OR_RETURN(const std::string state, read_file(folder / kState, kMaxJsonBytes));
  OODML_ASSIGN_OR_RETURN(snapshot.state, parse_run_state(state));
  for (const auto& [part, tensors] : kTensorParts) {
    OODML_ASSIGN_OR_RETURN(snapshot.*tensors, models::read_tensors(folder / part));
  }
  return snapshot;
}

}  // namespace

CheckpointStore::CheckpointStore(fs::path run_dir, std::string fingerprint, std::int64_t keep, job::Identity identity)
    : run_dir_(std::move(run_dir)), fingerprint_(std::move(fingerprint)), keep_(keep), identity_(std::move(identity)) {}

Status CheckpointStore::prepare() const {
  OODML_RETURN_IF_ERROR(make_folders(folder_of(run_dir_)));
  OODML_RETURN_IF_ERROR(finish_replacements(folder_of(run_dir_)));
  OODML_RETURN_IF_ERROR(best().prepare());
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_of(run_dir_), error)) {
    if (entry.path().filename().string().starts_with(kTemporary)) OODML_RETURN_IF_ERROR(remove_folder(entry.path()));
  }
  return error ? Status(system_failure("list " + folder_of(run_dir_).string(), error.value())) : Status();
}

Result<CommittedCheckpoint> CheckpointStore::write(const Snapshot& snapshot) const {
  const RunState& state = snapshot.state;
  const std::string name = name_of(state, state.step == 0 && state.evaluated == state.epoch);
  const fs::path target = folder_of(run_dir_) / name;
  const fs::path temporary = folder_of(run_dir_) / (std::string(kTemporary) + name);
  OODML_RETURN_IF_ERROR(remove_folder(temporary));
  OODML_RETURN_IF_ERROR(make_folders(temporary));

  std::string manifest;
  if (Status written = write_parts(temporary, snapshot, fingerprint_, identity_, manifest); !written.ok()) {
    (void)remove_folder(temporary);  // gives the space back; the failure that counts is the write's
    return failure(std::move(written));
  }
  // There may be one of the same place, damaged or with the same bits, and perhaps it is the only one.
  OODML_RETURN_IF_ERROR(replace_folder(temporary, target));

  const auto committed = place_of(name);
  std::int64_t kept = 0;
  for (const Entry& entry : list(run_dir_)) {
    if (entry.place > *committed || ++kept > keep_) OODML_RETURN_IF_ERROR(remove_folder(entry.path));
  }
  return CommittedCheckpoint{"checkpoints/" + name, sha256_hex(manifest)};
}

Result<std::optional<Snapshot>> read_newest_checkpoint(const fs::path& run_dir, const std::string& fingerprint,
                                                       const std::function<void(std::string)>& warn,
                                                       const job::Identity& identity) {
  for (const Entry& entry : list(run_dir)) {
    const Status whole = verify(entry.path, fingerprint, identity);
    if (whole.code() == StatusCode::kFailedPrecondition) return failure(whole);
    if (whole.code() == StatusCode::kAborted) {
      warn(whole.message());
      continue;
    }
    Result<Snapshot> snapshot = whole.ok() ? read(entry.path) : failure(whole);
    if (snapshot) return std::move(*snapshot);
    warn("passed over a damaged checkpoint: " + snapshot.error().message());
  }
  return std::optional<Snapshot>();
}

}  // namespace oodml::train
