#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace oodml::job {

/// What a file of a trial is to people.
enum class FileKind { kCheckpoint, kBest, kLast, kLog, kResults, kCsv, kTensorboard };

/// A file that an attempt left, by its path below the run folder.
struct StoredFile {
  std::string path;  ///< Relative, without . or .. in it: checkpoints/0003/network.safetensors
  FileKind kind = FileKind::kLog;
  std::int64_t epoch = 0;  ///< Of checkpoints; 0: none.
  std::string sha256;      ///< 64 hexadecimal digits.
  std::int64_t bytes = 0;
  Time stored{};  ///< When it was published; what workers say of it is not looked at.
  friend bool operator==(const StoredFile&, const StoredFile&) = default;
};

/// The newest checkpoint that an earlier attempt uploaded.
struct ResumeFrom {
  AttemptEpoch attempt = 0;
  std::int64_t epoch = 0;
  std::int64_t step = 0;  ///< Within the next epoch; 0: at the end of one.
  std::vector<StoredFile> files;
  friend bool operator==(const ResumeFrom&, const ResumeFrom&) = default;
};

/// checkpoint, best, last, log, results, csv, tensorboard
const char* to_text(FileKind kind);

}  // namespace oodml::job
