#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/job/checkpoint_place.h"
#include "core/job/stored_file.h"

namespace oodml::worker {

/// Files of one attempt that go to the coordinator together.
struct FileSet {
  std::string name;  ///< checkpoint, artifacts
  /// Relative to the run folder; sha256 is empty where nobody has written it down.
  std::vector<job::StoredFile> files;
};

/// The newest committed checkpoint of a run folder: its name (0003-000017) and where it stands.
struct NewestCheckpoint {
  std::string name;
  job::CheckpointPlace place;
};
std::optional<NewestCheckpoint> newest_checkpoint(const std::filesystem::path& run);

/// A checkpoint with what an attempt that goes on from it needs beside it: the best epochs kept so far, which are not
/// in the checkpoint itself. Hashes are those of its manifest. kNotFound when it has gone meanwhile, kDataLoss when its
/// manifest cannot be read.
Result<FileSet> checkpoint_set(const std::filesystem::path& run, const NewestCheckpoint& checkpoint);

/// The name of the checkpoint that files are of: 0003-000017 where one is checkpoints/0003-000017/state.json. Empty:
/// none.
std::string checkpoint_of(const std::vector<job::StoredFile>& files);

/// What there is of these kinds. A log in which nothing was printed is none.
Result<FileSet> artifact_set(const std::filesystem::path& run, const std::set<job::FileKind>& kinds);

/// Whether each file of a checkpoint folder has the hash that its manifest says. kDataLoss says which has not.
Status verify_checkpoint(const std::filesystem::path& folder);

}  // namespace oodml::worker
