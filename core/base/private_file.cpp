#include "core/base/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "core/base/atomic_file.h"

namespace oodml {
namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

std::string octal(mode_t mode) {
  char text[8];
  std::snprintf(text, sizeof(text), "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

Status check_mode(const std::filesystem::path& file, std::string_view what) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return system_failure(std::string(what) + " " + file.string(), errno);
  if (S_ISDIR(info.st_mode)) return invalid_argument(std::string(what) + " " + file.string() + " is a folder");
  if (!S_ISREG(info.st_mode) || !is_open_to_others(info.st_uid, info.st_mode, ::geteuid())) return {};
  return invalid_argument(std::string(what) + " " + file.string() + " can be read or written by others (mode " +
                          octal(info.st_mode) + "); do `chmod 600 " + file.string() + "`");
}

}  // namespace

bool is_open_to_others(uid_t owner, mode_t mode, uid_t me) {
  const bool roots = owner == 0 && me != 0;
  return (mode & kOthers & ~(roots ? S_IRGRP : 0u)) != 0;
}

Result<std::string> read_private_file(const std::filesystem::path& file, std::uint64_t max_bytes,
                                      std::string_view what) {
  OODML_RETURN_IF_ERROR(check_mode(file, what));
  return read_file(file, max_bytes);
}

Result<bool> make_private(const std::filesystem::path& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return false;
    return system_failure("look at " + path.string(), errno);
  }
  if ((info.st_mode & kOthers) == 0) return false;
  const mode_t wanted = info.st_mode & 07777 & ~kOthers;
  if (::chmod(path.c_str(), wanted) == 0) return true;
  return failed_precondition(path.string() + " can be read or written by others (mode " + octal(info.st_mode) +
                             ") and this process may not change that (" + std::generic_category().message(errno) +
                             "); let its owner do `chmod " + octal(wanted) + " " + path.string() + "`");
}

Result<int> open_private(const std::filesystem::path& path, int flags) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | flags, S_IRUSR | S_IWUSR);
  if (fd < 0) return system_failure("open " + path.string(), errno);
  const Result<bool> tightened = make_private(path);
  if (tightened) return fd;
  ::close(fd);
  return failure(tightened.error());
}

Status write_private_file(const std::filesystem::path& path, std::string_view text) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) return system_failure("remove " + path.string(), error.value());
  OODML_ASSIGN_OR_RETURN(const int descriptor, open_private(path, O_EXCL));
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  const int failed = written == static_cast<ssize_t>(text.size()) ? 0 : errno;
  ::close(descriptor);
  return failed == 0 ? Status() : system_failure("write " + path.string(), failed);
}

}  // namespace oodml
