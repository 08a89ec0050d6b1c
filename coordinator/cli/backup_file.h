#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "coordinator/cli/client.h"
#include "core/base/result.h"

namespace oodml::cli {

/// Bytes that are there, and of how many; of 0 while the coordinator makes its copy.
using CopyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Writes a copy of the coordinator's database, as of one moment, into `file`, which appears whole, on disk, and with
/// mode 0600, or not at all; its bytes. A connection that breaks is taken up again where it was, as long as the
/// coordinator keeps the copy. kAlreadyExists: there is such a file; kDataLoss: what arrived has another SHA-256.
Result<std::int64_t> write_backup(Client& client, const std::filesystem::path& file, const CopyProgress& progress);

}  // namespace oodml::cli
