#include "coordinator/cli/files/download.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/base/sha256_stream.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigitsInName = 16;
constexpr mode_t kMode = 0644;  // less what the umask takes

/// The folders between `folder` and the file: made where they are missing, and none of them a link.
Status make_way(const fs::path& folder, const fs::path& below) {
  fs::path place = folder;
  for (const fs::path& part : below.parent_path()) {
    place /= part;
    std::error_code error;
    const fs::file_status status = fs::symlink_status(place, error);
    if (fs::is_symlink(status)) return failed_precondition(place.string() + " is a link, which is not followed");
    if (!fs::exists(status)) OODML_RETURN_IF_ERROR(make_folders(place));
  }
  return {};
}

bool is_there(const fs::path& file, const job::StoredFile& wanted) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return false;
  if (static_cast<std::int64_t>(fs::file_size(file, error)) != wanted.bytes || error) return false;
  const auto hash = sha256_hex_of_file(file);
  return hash && *hash == wanted.sha256;
}

/// What has come so far, open for more.
class Incoming {
 public:
  static Result<Incoming> open(const fs::path& path, const job::StoredFile& wanted) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode);
    if (fd < 0) return system_failure("open " + path.string(), errno);
    Incoming incoming(path, fd);
    OODML_RETURN_IF_ERROR(incoming.read_what_is_there(wanted.bytes));
    return incoming;
  }
  Incoming(Incoming&& other) noexcept
      : path_(std::move(other.path_)),
        fd_(std::exchange(other.fd_, -1)),
        size_(other.size_),
        hash_(std::move(other.hash_)) {}
  ~Incoming() {
    if (fd_ >= 0) ::close(fd_);
  }

  std::int64_t size() const { return size_; }

  Status append(std::string_view bytes) {
    hash_.add(bytes);
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), size_);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return system_failure("write " + path_.string(), errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
      size_ += written;
    }
    return {};
  }

  /// Under its own name when it is what was wanted; gone when it is not.
  Status finish(const job::StoredFile& wanted, const fs::path& home) {
    std::error_code error;
    if (const std::string hash = hash_.hex(); hash != wanted.sha256) {
      fs::remove(path_, error);
      return Status(StatusCode::kDataLoss, home.string() + ": what came has the SHA-256 " + hash + ", not " +
                                               wanted.sha256 + "; it was thrown away, fetch it again");
    }
    if (::fsync(fd_) != 0) return system_failure("fsync " + path_.string(), errno);
    fs::rename(path_, home, error);
    if (error) return system_failure("rename " + path_.string() + " to " + home.string(), error.value());
    return sync_folder(home.parent_path());
  }

 private:
  Incoming(fs::path path, int fd) : path_(std::move(path)), fd_(fd) {}

  Status read_what_is_there(std::int64_t most) {
    std::string buffer(1 << 20, '\0');
    while (size_ < most) {
      const ssize_t read = ::pread(fd_, buffer.data(), buffer.size(), size_);
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) return system_failure("read " + path_.string(), errno);
      if (read == 0) return {};
      const std::int64_t kept = std::min<std::int64_t>(read, most - size_);
      hash_.add({buffer.data(), static_cast<std::size_t>(kept)});
      size_ += kept;
    }
    if (::ftruncate(fd_, size_) != 0) return system_failure("cut " + path_.string(), errno);
    return {};
  }

  fs::path path_;
  int fd_;
  std::int64_t size_ = 0;
  Sha256Stream hash_;
};

}  // namespace

Result<bool> download(ArtifactClient& client, const fs::path& folder, const ChosenFile& wanted, const Came& came) {
  v1::ReadArtifactRequest request;
  request.set_trial_id(wanted.trial);
  request.set_sha256(wanted.file.sha256);
  const auto read = [&](std::int64_t offset) {
    request.set_offset(offset);
    return client.read(request);
  };
  return download(read, folder, wanted, came);
}

Result<bool> download(const ReadChunk& read, const fs::path& folder, const ChosenFile& wanted, const Came& came) {
  OODML_RETURN_IF_ERROR(make_way(folder, wanted.to));
  const fs::path home = folder / wanted.to;
  if (is_there(home, wanted.file)) {
    OODML_RETURN_IF_ERROR(came(wanted.file.bytes));
    return false;
  }
  OODML_ASSIGN_OR_RETURN(
      Incoming incoming,
      Incoming::open(home.string() + ".part-" + wanted.file.sha256.substr(0, kDigitsInName), wanted.file));
  OODML_RETURN_IF_ERROR(came(incoming.size()));
  while (incoming.size() < wanted.file.bytes) {
    OODML_ASSIGN_OR_RETURN(const v1::ReadArtifactReply reply, read(incoming.size()));
    if (reply.data().empty() || std::ssize(reply.data()) > wanted.file.bytes - incoming.size()) {
      return failure(StatusCode::kDataLoss, home.string() + ": the coordinator has " + std::to_string(reply.bytes()) +
                                                " bytes of it, not " + std::to_string(wanted.file.bytes));
    }
    OODML_RETURN_IF_ERROR(incoming.append(reply.data()));
    OODML_RETURN_IF_ERROR(came(std::ssize(reply.data())));
  }
  OODML_RETURN_IF_ERROR(incoming.finish(wanted.file, home));
  return true;
}

}  // namespace oodml::cli
