#include "coordinator/store/owner_lock.h"

#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "core/base/private_file.h"

namespace oodml::coordinator::store {
namespace {

constexpr std::array<std::pair<unsigned long, const char*>, 14> kShared = {{
    {0x6969, "NFS"},
    {0x517B, "SMB"},
    {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB2"},
    {0x65735546, "FUSE"},
    {0x5346414F, "AFS"},
    {0x73757245, "Coda"},
    {0x01021997, "9P"},
    {0x00C36400, "Ceph"},
    {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},
    {0x19830326, "BeeGFS"},
    {0x7461636F, "OCFS2"},
    {0x01161970, "GFS2"},
}};

std::string owner_in(int descriptor) {
  char text[32] = {};
  const ssize_t length = pread(descriptor, text, sizeof(text) - 1, 0);
  std::string owner(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!owner.empty() && (owner.back() < '0' || owner.back() > '9')) owner.pop_back();
  return owner.empty() ? "unknown" : owner;
}

}  // namespace

std::string shared_file_system(long statfs_type) {
  const unsigned long type = static_cast<unsigned long>(statfs_type) & 0xFFFFFFFFul;
  for (const auto& [known, name] : kShared) {
    if (known == type) return name;
  }
  return "";
}

Result<OwnerLock> OwnerLock::take(const std::filesystem::path& database) {
  const std::filesystem::path folder = database.has_parent_path() ? database.parent_path() : ".";
  struct statfs file_system{};
  if (statfs(folder.c_str(), &file_system) != 0) {
    return system_failure("folder " + folder.string() + " of the coordinator's database", errno);
  }
  if (const std::string shared = shared_file_system(file_system.f_type); !shared.empty()) {
    return failed_precondition("database " + database.string() + " is on a network file system (" + shared +
                               "), where SQLite can lose data; put it on a local disk");
  }
  const std::string path = database.string() + ".lock";
  OODML_ASSIGN_OR_RETURN(const int descriptor, open_private(path));
  OwnerLock lock(descriptor);
  if (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_failure("lock of " + path, errno);
    return failed_precondition("database " + database.string() + " is in use by another coordinator, process " +
                               owner_in(lock.descriptor_) + " (lock file " + path + "); stop it first");
  }
  // The id is for people; a full disk must not keep the coordinator from starting.
  const std::string owner = std::to_string(getpid()) + "\n";
  if (ftruncate(lock.descriptor_, 0) != 0 || pwrite(lock.descriptor_, owner.data(), owner.size(), 0) < 0) errno = 0;
  return lock;
}

OwnerLock::OwnerLock(OwnerLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

OwnerLock::~OwnerLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace oodml::coordinator::store
