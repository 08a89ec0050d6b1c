#include "worker/content_sender.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/atomic_file.h"
#include "core/base/ids.h"
#include "core/base/sha256.h"
#include "core/job/limits.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

Result<std::string> read_chunk(const OpenFile& file, const fs::path& path, std::int64_t offset, std::int64_t bytes) {
  std::string chunk(static_cast<std::size_t>(std::min<std::int64_t>(job::kMaxChunkBytes, bytes - offset)), '\0');
  const ssize_t count = ::pread(file.fd(), chunk.data(), chunk.size(), offset);
  if (count < 0) return system_failure("read " + path.string(), errno);
  if (static_cast<std::size_t>(count) != chunk.size()) {
    return failure(StatusCode::kDataLoss, path.string() + " is shorter than it was when it was to be uploaded");
  }
  return chunk;
}

/// In the layout of the coordinator's store (content/ab/abcdef...), whole or not at all.
Status put_into(const fs::path& root, const job::StoredFile& file, const fs::path& from) {
  const fs::path folder = root / "content" / file.sha256.substr(0, 2), target = folder / file.sha256;
  std::error_code error;
  if (fs::file_size(target, error) == static_cast<std::uintmax_t>(file.bytes) && !error) return {};
  OODML_RETURN_IF_ERROR(make_folders(folder));
  OODML_RETURN_IF_ERROR(make_folders(root / "partial"));
  const fs::path partial = root / "partial" / (file.sha256 + "." + random_hex_128().substr(0, 8));
  const auto give_up = [&](Status why) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    return why;
  };
  fs::copy_file(from, partial, error);
  if (error) return give_up(system_failure("copy " + from.string() + " to " + partial.string(), error.value()));
  const OpenFile copy(partial);
  if (copy.fd() < 0 || ::fsync(copy.fd()) != 0) return give_up(system_failure("fsync " + partial.string(), errno));
  const auto sha256 = sha256_hex_of_file(partial);
  if (!sha256) return give_up(sha256.error());
  if (*sha256 != file.sha256) {
    return give_up({StatusCode::kDataLoss, from.string() + " does not have the hash that it was staged with"});
  }
  fs::rename(partial, target, error);
  if (error) return give_up(system_failure("rename " + partial.string() + " to " + target.string(), error.value()));
  return sync_folder(folder);
}

}  // namespace

Status ContentSender::send(const job::Lease& lease, const StagedSet& set, const std::function<bool()>& interrupted) {
  for (std::size_t i = 0; i < set.files.size(); ++i) {
    OODML_RETURN_IF_ERROR(send_content(lease, set.files[i], set.folder / std::to_string(i), interrupted));
  }
  if (set.files.empty()) return {};
  return client_.publish_files(lease, set.files);
}

Status ContentSender::send_content(const job::Lease& lease, const job::StoredFile& file, const fs::path& from,
                                   const std::function<bool()>& interrupted) {
  if (!root_.empty()) {
    const Status put = put_into(root_, file, from);
    if (put.code() == StatusCode::kDataLoss) return put;
    if (!put.ok()) spdlog::warn("not written to --artifact-root, it is sent instead error={}", put.message());
  }
  OODML_ASSIGN_OR_RETURN(ContentState state, client_.offer_content(lease, file.sha256, file.bytes));
  if (state.whole) return {};
  const OpenFile opened(from);
  if (opened.fd() < 0) return system_failure("open " + from.string(), errno);
  while (!state.whole) {
    if (interrupted()) return {StatusCode::kCancelled, "interrupted"};
    const std::int64_t offset = state.present;
    if (offset < 0 || offset > file.bytes || (offset == file.bytes && file.bytes > 0)) {
      return internal_error("the coordinator has " + std::to_string(offset) + " of " + std::to_string(file.bytes) +
                            " bytes of " + file.path + " and wants more");
    }
    OODML_ASSIGN_OR_RETURN(const std::string data, read_chunk(opened, from, offset, file.bytes));
    OODML_ASSIGN_OR_RETURN(state, client_.put_chunk(lease, {file.sha256, file.bytes, offset, data}));
    if (!state.whole && state.present <= offset) {
      return internal_error("the coordinator did not take the chunk at " + std::to_string(offset) + " of " + file.path);
    }
  }
  return {};
}

}  // namespace oodml::worker
