#include "core/base/free_space.h"

#include <sys/statvfs.h>

#include <cerrno>

namespace oodml {

Status check_free_space(const std::filesystem::path& folder, std::int64_t mib, const std::string& wanted_by) {
  struct statvfs numbers{};
  if (::statvfs(folder.c_str(), &numbers) != 0) return system_failure("look at the disk of " + folder.string(), errno);
  if ((numbers.f_flag & ST_RDONLY) != 0) {
    return failure(StatusCode::kPermissionDenied, "the disk of " + folder.string() + " is mounted read-only");
  }
  const auto free =
      static_cast<std::int64_t>((static_cast<unsigned __int128>(numbers.f_bavail) * numbers.f_frsize) >> 20);
  if (free < mib) {
    return failure(StatusCode::kResourceExhausted, "only " + std::to_string(free) + " MiB are free under " +
                                                       folder.string() + ", " + wanted_by + " wants " +
                                                       std::to_string(mib));
  }
  if (mib > 0 && numbers.f_files > 0 && numbers.f_favail == 0) {  // some file systems count no files
    return failure(StatusCode::kResourceExhausted,
                   "no more files can be made under " + folder.string() + ": its disk has no inodes left");
  }
  return {};
}

}  // namespace oodml
