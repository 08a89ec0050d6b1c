#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/job/identity.h"
#include "core/models/tensor_file.h"
#include "core/train/run_state.h"

namespace oodml::train {

/// Everything a run resumes from.
struct Snapshot {
  RunState state;
  models::NamedTensors network, criterion, optimizer;
  models::NamedTensors extras;  ///< Of what else is kept: store.*, keys.*, adversary.*, selected.*
};

/// Writes the safetensors files, state.json and, last, manifest.json with the SHA-256 of each; gives the manifest's
/// text.
Result<std::string> write_checkpoint_files(const std::filesystem::path& folder, const Snapshot& snapshot,
                                           const std::string& fingerprint, const job::Identity& identity);

/// Version, trial, data and checksums. kFailedPrecondition for another trial's, kAborted for one of other data,
/// kDataLoss for a damaged one.
Status verify_checkpoint_files(const std::filesystem::path& folder, const std::string& fingerprint,
                               const job::Identity& identity);

/// Of a folder that was verified.
Result<Snapshot> read_checkpoint_files(const std::filesystem::path& folder);

}  // namespace oodml::train
