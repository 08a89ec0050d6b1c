#include "core/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/base/ids.h"
#include "core/base/unfinished_files.h"

namespace oodml {
namespace {

constexpr std::string_view kTemporary = ".tmp-";
constexpr std::size_t kTemporaryDigits = 12;

bool is_temporary(std::string_view name) {
  const std::size_t end = name.size() - std::min(name.size(), kTemporaryDigits);
  return name.substr(0, end).ends_with(kTemporary) &&
         name.find_first_not_of("0123456789abcdef", end) == std::string_view::npos;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Status write_all(int fd, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure("write " + name, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Status sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0) return system_failure("open " + folder.string(), errno);
  if (::fsync(descriptor.get()) != 0) return system_failure("fsync " + folder.string(), errno);
  return {};
}

Status sync_tree(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory(error)) {
      OODML_RETURN_IF_ERROR(sync_folder(it->path()));
      continue;
    }
    const Descriptor file(::open(it->path().c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return system_failure("open " + it->path().string(), errno);
    if (::fsync(file.get()) != 0) return system_failure("fsync " + it->path().string(), errno);
  }
  if (error) return system_failure("list " + folder.string(), error.value());
  return sync_folder(folder);
}

Status make_folders(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return {};
  const std::filesystem::path above = folder.parent_path();
  OODML_RETURN_IF_ERROR(make_folders(above));
  std::filesystem::create_directory(folder, error);
  if (!error && !std::filesystem::is_directory(folder, error)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) return system_failure("make " + folder.string(), error.value());
  return sync_folder(above.empty() ? std::filesystem::path(".") : above);
}

Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  return write_file_atomically(path, std::vector<std::string_view>{bytes});
}

Status write_file_atomically(const std::filesystem::path& path, const std::vector<std::string_view>& pieces) {
  const std::string temporary = path.string() + std::string(kTemporary) + random_hex_128().substr(0, kTemporaryDigits);
  Status status;
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (file.get() < 0) return system_failure("create " + temporary, errno);
    for (const std::string_view piece : pieces) {
      if (status.ok()) status = write_all(file.get(), piece, temporary);
    }
    if (status.ok() && ::fsync(file.get()) != 0) status = system_failure("fsync " + temporary, errno);
  }
  if (status.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) {
    status = system_failure("rename to " + path.string(), errno);
  }
  if (!status.ok()) {
    ::unlink(temporary.c_str());
    return status;
  }
  const auto folder = path.parent_path();
  return sync_folder(folder.empty() ? std::filesystem::path(".") : folder);
}

Status remove_unfinished_files(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!is_temporary(entry->path().filename().native())) continue;
    if (::unlink(entry->path().c_str()) != 0 && errno != ENOENT) {
      return system_failure("remove " + entry->path().string(), errno);
    }
  }
  return error ? Status(system_failure("list " + folder.string(), error.value())) : Status();
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_failure("open " + path.string(), errno);
  constexpr std::size_t kStep = 1 << 16;
  std::string bytes;
  struct stat known{};
  const bool sized = ::fstat(file.get(), &known) == 0 && known.st_size > 0;  // a hint: a file may grow, and /proc lies
  if (sized) bytes.reserve(std::min<std::uint64_t>(static_cast<std::uint64_t>(known.st_size), max_bytes) + 1);
  while (true) {
    const std::size_t before = bytes.size(), free = bytes.capacity() - before, room = free > 0 ? free : kStep;
    ssize_t count = 0;
    bytes.resize_and_overwrite(before + room, [&](char* data, std::size_t) {
      count = ::read(file.get(), data + before, room);
      return before + static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    });
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("read " + path.string(), errno);
    if (count == 0) return bytes;
    if (bytes.size() > max_bytes) {
      return invalid_argument(path.string() + " is larger than " + std::to_string(max_bytes) +
                              " bytes, the most that is read here");
    }
  }
}

}  // namespace oodml
