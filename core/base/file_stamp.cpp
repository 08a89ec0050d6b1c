#include "core/base/file_stamp.h"

#include <sys/stat.h>

#include <algorithm>

namespace oodml {
namespace {

constexpr std::int64_t kSettled = 60'000'000'000;  // nanoseconds; servers' clocks differ a little

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; }

}  // namespace

std::optional<FileStamp> file_stamp(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileStamp{static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
                   nanoseconds(status.st_mtim), nanoseconds(status.st_ctim), static_cast<std::int64_t>(status.st_size)};
}

bool is_settled(const FileStamp& stamp, Time now) {
  return std::max(stamp[2], stamp[3]) < to_millis(now) * 1'000'000 - kSettled;
}

}  // namespace oodml
