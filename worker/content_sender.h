#pragma once

#include <filesystem>
#include <functional>

#include "worker/coordinator_client.h"
#include "worker/upload_folder.h"

namespace oodml::worker {

/// Brings contents to the coordinator: by chunks, each acknowledged before the next, or into a folder that both see.
class ContentSender {
 public:
  /// `artifact_root`: the coordinator's, where this machine sees it too; empty: it does not.
  ContentSender(CoordinatorClient& client, std::filesystem::path artifact_root)
      : client_(client), root_(std::move(artifact_root)) {}

  /// All contents, then their names. Goes on where an earlier try stopped. kCancelled once `interrupted()` holds,
  /// kDataLoss when a file is not what was staged any more.
  Status send(const job::Lease& lease, const StagedSet& set, const std::function<bool()>& interrupted);

 private:
  Status send_content(const job::Lease& lease, const job::StoredFile& file, const std::filesystem::path& from,
                      const std::function<bool()>& interrupted);

  CoordinatorClient& client_;
  const std::filesystem::path root_;
};

}  // namespace oodml::worker
