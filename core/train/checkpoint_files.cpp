#include "core/train/checkpoint_files.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/base/words.h"

namespace oodml::train {
namespace fs = std::filesystem;
namespace {

constexpr int kFormatVersion = 3;  // 3: state.json counts finite losses
constexpr std::uint64_t kMaxJsonBytes = 256ULL << 20;
constexpr const char* kState = "state.json";
constexpr const char* kManifest = "manifest.json";
constexpr std::array<std::pair<const char*, models::NamedTensors Snapshot::*>, 4> kTensorParts = {{
    {"network.safetensors", &Snapshot::network},
    {"criterion.safetensors", &Snapshot::criterion},
    {"optimizer.safetensors", &Snapshot::optimizer},
    {"extras.safetensors", &Snapshot::extras},
}};

nlohmann::json to_json(const job::Identity& identity) {
  return {{"results_version", identity.results_version}, {"program", identity.program}, {"data", identity.data}};
}

/// Of a manifest; unknown when an earlier version of the program wrote it.
job::Identity identity_in(const nlohmann::json& manifest) {
  const auto found = manifest.find("identity");
  if (found == manifest.end()) return {};
  return {.results_version = found->at("results_version"), .program = found->at("program"), .data = found->at("data")};
}

Failure damaged(const fs::path& path, const std::string& why) {
  return failure(StatusCode::kDataLoss, "checkpoint " + path.string() + ": " + why);
}

}  // namespace

Result<std::string> write_checkpoint_files(const fs::path& folder, const Snapshot& snapshot,
                                           const std::string& fingerprint, const job::Identity& identity) {
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
  std::string text = manifest.dump(1) + "\n";
  OODML_RETURN_IF_ERROR(write_file_atomically(folder / kManifest, text));
  return text;
}

Status verify_checkpoint_files(const fs::path& folder, const std::string& fingerprint, const job::Identity& identity) {
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

Result<Snapshot> read_checkpoint_files(const fs::path& folder) {
  Snapshot snapshot;
  OODML_ASSIGN_OR_RETURN(const std::string state, read_file(folder / kState, kMaxJsonBytes));
  OODML_ASSIGN_OR_RETURN(snapshot.state, parse_run_state(state));
  for (const auto& [part, tensors] : kTensorParts) {
    OODML_ASSIGN_OR_RETURN(snapshot.*tensors, models::read_tensors(folder / part));
  }
  return snapshot;
}

}  // namespace oodml::train
