#include "coordinator/artifacts/disk_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/base/private_file.h"

namespace oodml::coordinator::artifacts {

Result<DiskFile> DiskFile::open_to_read(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return system_failure("open " + path.string(), errno);
  return DiskFile(path, fd);
}

Result<DiskFile> DiskFile::open_to_write(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const int fd, open_private(path, O_NOFOLLOW));
  return DiskFile(path, fd);
}

DiskFile::DiskFile(DiskFile&& other) noexcept : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

DiskFile::~DiskFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::int64_t> DiskFile::size() const {
  struct stat info{};
  if (::fstat(fd_, &info) != 0) return system_failure("look at " + path_.string(), errno);
  return static_cast<std::int64_t>(info.st_size);
}

Result<std::string> DiskFile::read(std::int64_t offset, std::size_t count) const {
  std::string bytes(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    const ssize_t read = ::pread(fd_, bytes.data() + got, count - got, offset + static_cast<off_t>(got));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return system_failure("read " + path_.string(), errno);
    if (read == 0) break;
    got += static_cast<std::size_t>(read);
  }
  bytes.resize(got);
  return bytes;
}

Status DiskFile::write(std::int64_t offset, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure("write " + path_.string(), errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return {};
}

Status DiskFile::truncate(std::int64_t size) const {
  if (::ftruncate(fd_, size) != 0) return system_failure("cut " + path_.string(), errno);
  return {};
}

Status DiskFile::sync() const {
  if (::fsync(fd_) != 0) return system_failure("fsync " + path_.string(), errno);
  return {};
}

}  // namespace oodml::coordinator::artifacts
