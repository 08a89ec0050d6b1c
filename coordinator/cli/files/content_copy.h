#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "coordinator/cli/files/artifact_client.h"
#include "coordinator/cli/files/download.h"
#include "core/base/result.h"

namespace oodml::cli {

/// A content of a file that some trial left.
struct Content {
  std::string sha256;
  std::int64_t bytes = 0;
};

/// What `oodml-coordinator --list-contents` prints: a line "SHA256 BYTES" each.
Result<std::vector<Content>> parse_contents(const std::string& text);

struct ContentCopy {
  std::int64_t there = 0;  ///< That the folder had.
  std::int64_t copied = 0, copied_bytes = 0;
  std::vector<std::string> lacking;  ///< SHA-256 of those that the coordinator has no more.
};

/// Those of `contents` that `folder` lacks, from the coordinator, as the store of one has them: content/ab/abcdef...
/// What is there with its size is taken for whole, as it got its name after its SHA-256 was right; broken off it goes
/// on where it was.
Result<ContentCopy> copy_contents(ArtifactClient& client, const std::vector<Content>& contents,
                                  const std::filesystem::path& folder, const Came& came);

}  // namespace oodml::cli
