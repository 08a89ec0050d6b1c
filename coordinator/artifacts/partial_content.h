#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string_view>

#include "coordinator/artifacts/disk_file.h"
#include "coordinator/service/artifacts.h"
#include "core/base/result.h"
#include "core/base/sha256_stream.h"

namespace oodml::coordinator::artifacts {

/// A content while it comes, hashed as it does. Its bytes lie in `file`, which a restart reads and goes on from; whole
/// and verified it is synced and renamed to `home`. Safe from any thread.
class PartialContent {
 public:
  PartialContent(ContentName name, std::filesystem::path file, std::filesystem::path home)
      : name_(std::move(name)), file_(std::move(file)), home_(std::move(home)) {}

  /// What is there so far.
  Result<ContentPresence> look();
  /// As Uploads::put. kResourceExhausted: the disk is full; what came before is kept.
  Result<ContentPresence> append(std::int64_t offset, std::string_view data);

 private:
  struct Open {
    DiskFile file;
    Sha256Stream hash;
    std::int64_t size = 0;
    bool from_before = false;  // some bytes were on the disk when it was opened: a power cut may have damaged them
  };
  Status open();
  Status write(std::string_view data);
  Result<ContentPresence> present_or_whole();
  Result<ContentPresence> refuse(const std::string& hash);
  Status take_home();

  const ContentName name_;
  const std::filesystem::path file_, home_;
  std::mutex mutex_;
  std::optional<Open> open_;  // guarded by mutex_; none: what is on disk has to be read again
  bool whole_ = false;        // guarded by mutex_
};

}  // namespace oodml::coordinator::artifacts
