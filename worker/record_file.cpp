#include "worker/record_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "core/base/atomic_file.h"

namespace oodml::worker {
namespace {

constexpr std::uint64_t kMaxFile = 1ull << 30;
constexpr std::size_t kHead = RecordFile::kHeadBytes;

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned>(bytes.size())));
}

void put_u32(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xff);
}

std::uint32_t get_u32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = (value << 8) | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  return value;
}

/// Moves whole records from the front of `bytes` into `records`; returns how many bytes they took.
std::uint64_t parse_records(std::string_view bytes, std::vector<std::string>& records) {
  std::uint64_t good = 0;
  while (bytes.size() >= kHead) {
    const std::uint32_t length = get_u32(bytes);
    if (length == 0 || length > RecordFile::kMaxPayload || bytes.size() - kHead < length) break;
    const std::string_view payload = bytes.substr(kHead, length);
    if (checksum(payload) != get_u32(bytes.substr(4))) break;
    records.emplace_back(payload);
    good += kHead + length;
    bytes.remove_prefix(kHead + length);
  }
  return good;
}

}  // namespace

RecordFile& RecordFile::operator=(RecordFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  return *this;
}

RecordFile::~RecordFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<RecordFile> RecordFile::create(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return system_failure("create " + path.string(), errno);
  return RecordFile(path, fd, 0);
}

Result<RecordFile::Opened> RecordFile::open(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, read_file(path, kMaxFile));
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return system_failure("open " + path.string(), errno);
  std::vector<std::string> records;
  const std::uint64_t good = parse_records(bytes, records);
  RecordFile file(path, fd, good);
  if (good < bytes.size() && ::ftruncate(fd, static_cast<off_t>(good)) != 0) {
    return system_failure("cut the torn end of " + path.string(), errno);
  }
  return Opened{std::move(file), std::move(records), bytes.size() - good};
}

Status RecordFile::append(std::string_view payload) {
  if (payload.empty() || payload.size() > kMaxPayload) {
    return invalid_argument("a record of " + path_.string() + " has 1 to " + std::to_string(kMaxPayload) +
                            " bytes, not " + std::to_string(payload.size()));
  }
  std::string record;
  put_u32(record, static_cast<std::uint32_t>(payload.size()));
  put_u32(record, checksum(payload));
  record += payload;
  std::size_t done = 0;
  while (done < record.size()) {
    const ssize_t count = ::pwrite(fd_, record.data() + done, record.size() - done, static_cast<off_t>(size_ + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int error = count == 0 ? ENOSPC : errno;
      // A failed cut is harmless: the next record overwrites the rest, and its checksum tells a reader.
      if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0) errno = error;
      return system_failure("write " + path_.string(), error);
    }
    done += static_cast<std::size_t>(count);
  }
  size_ += record.size();
  return {};
}

Status RecordFile::clear() {
  if (::ftruncate(fd_, 0) != 0) return system_failure("empty " + path_.string(), errno);
  size_ = 0;
  return {};
}

Status RecordFile::sync() {
  if (::fdatasync(fd_) != 0) return system_failure("fsync " + path_.string(), errno);
  return {};
}

}  // namespace oodml::worker
