#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace oodml::coordinator::store {

/// The name of a file system that several machines share ("NFS"), by statfs's f_type; its locks and shared memory
/// do not hold SQLite's promises. Empty for a local one.
std::string shared_file_system(long statfs_type);

/// The one process's right to a database, held as flock on `<database>.lock` for this object's life. The file
/// holds the owner's process id and stays behind.
class OwnerLock {
 public:
  /// kFailedPrecondition: another process owns it (the message has its id), or it is on a network file system.
  static Result<OwnerLock> take(const std::filesystem::path& database);

  OwnerLock(OwnerLock&& other) noexcept;
  OwnerLock& operator=(OwnerLock&&) = delete;
  ~OwnerLock();

 private:
  explicit OwnerLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace oodml::coordinator::store
