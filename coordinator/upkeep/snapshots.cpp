#include "coordinator/upkeep/snapshots.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/ids.h"
#include "core/base/sha256.h"
#include "core/job/limits.h"

namespace oodml::coordinator::upkeep {
namespace {

constexpr std::size_t kMostSnapshots = 2;
constexpr Duration kPatience = std::chrono::minutes(1);
constexpr std::uintmax_t kRoomLeft = 256 << 20;  // bytes of the disk that a copy leaves for the database itself

std::string prefix_of(const std::filesystem::path& database) { return database.filename().string() + ".snapshot-"; }

std::filesystem::path folder_of(const std::filesystem::path& database) {
  return database.has_parent_path() ? database.parent_path() : ".";
}

/// Of a process that was killed while it made them.
void remove_left_behind(const std::filesystem::path& database) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of(database), error)) {
    if (!entry.path().filename().string().starts_with(prefix_of(database))) continue;
    std::filesystem::remove(entry.path(), error);
    spdlog::info("removed an unfinished copy of the database: {}", entry.path().string());
  }
}

Status check_room(const std::filesystem::path& database) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(database, error);
  if (error) return system_failure("size of " + database.string(), error.value());
  const auto space = std::filesystem::space(folder_of(database), error);
  if (error) return system_failure("free space beside " + database.string(), error.value());
  if (space.available >= size + kRoomLeft) return {};
  return failure(StatusCode::kResourceExhausted, "no room for a copy of the database beside it: it has " +
                                                     std::to_string(size >> 20) + " MiB, and the disk " +
                                                     std::to_string(space.available >> 20) + " MiB free, of which " +
                                                     std::to_string(kRoomLeft >> 20) + " MiB stay so");
}

}  // namespace

class Snapshots::Snapshot {
 public:
  Snapshot(store::JobStore& store, std::string id, Steady now)
      : id_(std::move(id)), last_asked_(now), maker_([this, &store] { make(store); }) {}
  ~Snapshot() {
    given_up_ = true;
    maker_.join();
    if (file_ >= 0) ::close(file_);
  }

  const std::string& id() const { return id_; }
  bool is_forgotten(Steady now) {
    const std::lock_guard lock(mutex_);
    return now - last_asked_ > kPatience;
  }

  Result<SnapshotPiece> read(std::int64_t offset, Steady now) {
    const std::lock_guard lock(mutex_);
    last_asked_ = now;
    OODML_RETURN_IF_ERROR(status_);
    SnapshotPiece piece{.id = id_, .bytes = bytes_};
    if (file_ < 0) return piece;
    if (offset < 0 || offset > bytes_) {
      return invalid_argument("offset " + std::to_string(offset) + " of a copy of " + std::to_string(bytes_) +
                              " bytes");
    }
    piece.data.resize(static_cast<std::size_t>(std::min<std::int64_t>(job::kMaxChunkBytes, bytes_ - offset)));
    for (std::size_t have = 0; have < piece.data.size();) {
      const ssize_t got =
          ::pread(file_, piece.data.data() + have, piece.data.size() - have, offset + static_cast<std::int64_t>(have));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return system_failure("read of a copy of the database", got < 0 ? errno : EIO);
      have += static_cast<std::size_t>(got);
    }
    if (offset + std::ssize(piece.data) == bytes_) piece.sha256 = sha256_;
    return piece;
  }

 private:
  void make(store::JobStore& store) {
    const std::filesystem::path file = folder_of(store.path()) / (prefix_of(store.path()) + id_);
    Status status = fill(store, file);
    std::error_code ignored;  // it may never have been made
    std::filesystem::remove(file, ignored);
    const std::lock_guard lock(mutex_);
    status_ = std::move(status);
    if (!status_.ok()) spdlog::warn("no copy of the database was made: {}", status_.message());
  }

  Status fill(store::JobStore& store, const std::filesystem::path& file) {
    OODML_RETURN_IF_ERROR(store.copy_to(file, [this] { return !given_up_; }));
    OODML_ASSIGN_OR_RETURN(std::string sha256, sha256_hex_of_file(file));
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) return system_failure("open " + file.string(), errno);
    const off_t bytes = ::lseek(opened, 0, SEEK_END);
    const std::lock_guard lock(mutex_);
    file_ = opened;
    bytes_ = bytes;
    sha256_ = std::move(sha256);
    return {};
  }

  const std::string id_;
  std::atomic<bool> given_up_ = false;
  std::mutex mutex_;  // guards what follows, but maker_
  Steady last_asked_;
  Status status_;
  int file_ = -1;  ///< Open once the copy is whole.
  std::int64_t bytes_ = 0;
  std::string sha256_;
  std::thread maker_;
};

Snapshots::Snapshots(store::JobStore& store, Clock& clock) : store_(store), clock_(clock) {
  remove_left_behind(store.path());
}

Snapshots::~Snapshots() = default;

Result<SnapshotPiece> Snapshots::begin() {
  OODML_RETURN_IF_ERROR(check_room(store_.path()));
  const std::lock_guard lock(mutex_);
  if (snapshots_.size() >= kMostSnapshots) {
    return failure(
        StatusCode::kResourceExhausted,
        std::to_string(snapshots_.size()) + " copies of the database are being read already; try again later");
  }
  snapshots_.push_back(std::make_shared<Snapshot>(store_, random_hex_128(), clock_.steady_now()));
  return SnapshotPiece{.id = snapshots_.back()->id()};
}

Result<SnapshotPiece> Snapshots::read(const std::string& id, std::int64_t offset) {
  if (id.empty()) return begin();
  std::shared_ptr<Snapshot> snapshot;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(snapshots_, [&](const auto& one) { return one->id() == id; });
    if (found == snapshots_.end()) {
      return not_found(
          "there is no copy of the database with this id any more: it was read, or nobody asked for it "
          "for a minute; begin another");
    }
    snapshot = *found;
  }
  Result<SnapshotPiece> piece = snapshot->read(offset, clock_.steady_now());
  const bool ended = piece && piece->bytes > 0 && piece->data.empty();
  const bool failed = !piece && piece.error().code() != StatusCode::kInvalidArgument;
  if (ended || failed) {
    const std::lock_guard lock(mutex_);
    std::erase(snapshots_, snapshot);
  }
  return piece;
}

void Snapshots::tick() {
  std::vector<std::shared_ptr<Snapshot>> gone;  // ended after the lock was let go: a maker is waited for
  const Steady now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  std::erase_if(snapshots_, [&](const std::shared_ptr<Snapshot>& one) {
    if (!one->is_forgotten(now)) return false;
    gone.push_back(one);
    return true;
  });
}

}  // namespace oodml::coordinator::upkeep
