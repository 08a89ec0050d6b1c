#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "coordinator/cli/files/artifact_client.h"
#include "coordinator/cli/files/chosen_files.h"
#include "core/base/result.h"

namespace oodml::cli {

/// Told how many bytes more are there; what it fails with ends the download.
using Came = std::function<Status(std::int64_t bytes)>;

/// The next bytes from an offset on.
using ReadChunk = std::function<Result<v1::ReadArtifactReply>(std::int64_t offset)>;

/// A file of a trial to its place below `folder`, which is there. Comes under the name of its content, and gets its own
/// when it is whole and verified: broken off it goes on where it was, and one that is there and whole stays. True when
/// something had to come. kFailedPrecondition: a link below the folder leads elsewhere; kDataLoss: the bytes that came
/// are not what they were said to be.
Result<bool> download(ArtifactClient& client, const std::filesystem::path& folder, const ChosenFile& wanted,
                      const Came& came);
/// The same from wherever `read` has it.
Result<bool> download(const ReadChunk& read, const std::filesystem::path& folder, const ChosenFile& wanted,
                      const Came& came);

}  // namespace oodml::cli
