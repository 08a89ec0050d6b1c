#include "coordinator/cli/backup_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/ids.h"
#include "core/base/private_file.h"
#include "core/base/sha256.h"
#include "oodml/v1/upkeep.pb.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPauseBetweenLooks{200};  // between two looks whether the copy is made

/// A file beside its place, which it takes when it is whole; else it goes.
class PartialFile {
 public:
  static Result<PartialFile> beside(const fs::path& file) {
    const fs::path part = file.string() + ".part-" + random_hex_128().substr(0, 12);
    OODML_ASSIGN_OR_RETURN(const int descriptor, open_private(part, O_EXCL));
    return PartialFile(descriptor, part);
  }
  PartialFile(PartialFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    std::error_code ignored;  // after a rename there is none
    fs::remove(path_, ignored);
  }

  Status add(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return system_failure("write " + path_.string(), errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Status put_to(const fs::path& file, const std::string& sha256) const {
    OODML_ASSIGN_OR_RETURN(const std::string ours, sha256_hex_of_file(path_));
    if (ours != sha256) {
      return failure(StatusCode::kDataLoss, "what arrived of the backup has the SHA-256 " + ours +
                                                ", and the coordinator sent " + sha256 + "; try again");
    }
    if (::fsync(descriptor_) != 0) return system_failure("sync " + path_.string(), errno);
    // A hard link, unlike a rename, takes no file's place that came meanwhile.
    std::error_code error;
    fs::create_hard_link(path_, file, error);
    if (error == std::errc::file_exists) return taken(file);
    if (error) fs::rename(path_, file, error);  // not every file system has links
    if (error) return system_failure("put the backup to " + file.string(), error.value());
    return sync_folder(file.has_parent_path() ? file.parent_path() : ".");
  }

  static Status taken(const fs::path& file) {
    return {StatusCode::kAlreadyExists, file.string() + " is there already; name another file for the backup"};
  }

 private:
  PartialFile(int descriptor, fs::path path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_;
  fs::path path_;
};

}  // namespace

Result<std::int64_t> write_backup(Client& client, const fs::path& file, const CopyProgress& progress) {
  std::error_code error;
  if (fs::exists(file, error)) return failure(PartialFile::taken(file));
  OODML_ASSIGN_OR_RETURN(const PartialFile part, PartialFile::beside(file));
  v1::ReadSnapshotRequest request;
  std::string sha256;
  while (sha256.empty()) {
    OODML_ASSIGN_OR_RETURN(const v1::ReadSnapshotReply reply, client.read_snapshot(request));
    request.set_snapshot_id(reply.snapshot_id());
    if (reply.bytes() == 0) std::this_thread::sleep_for(kPauseBetweenLooks);
    OODML_RETURN_IF_ERROR(part.add(reply.data()));
    request.set_offset(request.offset() + std::ssize(reply.data()));
    progress(request.offset(), reply.bytes());
    sha256 = reply.sha256();
  }
  OODML_RETURN_IF_ERROR(part.put_to(file, sha256));
  // Asked at its end the coordinator lets its copy go at once; where this gets lost it does so a minute later.
  static_cast<void>(client.read_snapshot(request));
  return request.offset();
}

}  // namespace oodml::cli
