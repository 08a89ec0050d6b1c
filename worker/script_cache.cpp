#include "worker/script_cache.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/private_file.h"
#include "core/base/sha256.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 64;
constexpr std::chrono::milliseconds kLook{100};
constexpr const char* kComing = ".coming";

Status check_hash(const fs::path& file, const std::string& sha256) {
  OODML_ASSIGN_OR_RETURN(const std::string found, sha256_hex_of_file(file));
  if (found == sha256) return {};
  return {StatusCode::kDataLoss, "script " + file.string() + " has the SHA-256 " + found + ", not " + sha256};
}

/// For the next start, which knows of use by it alone.
void note_use(const fs::path& file) {
  std::error_code ignored;
  fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
}

}  // namespace

Result<std::unique_ptr<ScriptCache>> ScriptCache::open(fs::path folder, std::int64_t keep_bytes) {
  OODML_RETURN_IF_ERROR(make_folders(folder));
  OODML_RETURN_IF_ERROR(detail::status_of(make_private(folder)));
  std::unique_ptr<ScriptCache> cache(new ScriptCache(std::move(folder), keep_bytes));
  OODML_RETURN_IF_ERROR(cache->take_stock());
  return cache;
}

Status ScriptCache::take_stock() {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;
    if (it->path().filename().string().size() != kDigits) {
      fs::remove_all(it->path(), gone);
    } else if (it->is_regular_file(gone)) {
      files.emplace_back(it->last_write_time(gone), it->path());
    }
  }
  if (error) return system_failure("list " + folder_.string(), error.value());
  std::ranges::sort(files);
  const std::lock_guard lock(mutex_);
  for (const auto& [used, file] : files) {
    std::error_code gone;
    const auto bytes = static_cast<std::int64_t>(fs::file_size(file, gone));
    if (!gone) entries_[file.filename().string()] = {.bytes = bytes, .there = true, .last_use = ++uses_};
  }
  make_room();
  return {};
}

Result<ScriptCache::Hold> ScriptCache::hold(const std::string& sha256, std::int64_t bytes, const Fetch& fetch,
                                            const std::function<bool()>& stopped) {
  std::unique_lock lock(mutex_);
  Entry& entry = entries_[sha256];
  ++entry.holders;  // from here on it stays
  Hold held(*this, sha256);
  const auto given_back = [&](Status why) {
    lock.unlock();
    return failure(std::move(why));
  };
  while (entry.coming) {
    came_.wait_for(lock, kLook);
    if (stopped()) return given_back({StatusCode::kCancelled, "the attempt is to stop"});
  }
  entry.last_use = ++uses_;
  entry.bytes = bytes;
  entry.coming = true;
  make_room();
  lock.unlock();
  Entry brought = entry;  // nobody changes what is coming
  Status status = bring(sha256, fetch, brought);
  lock.lock();
  entry.coming = false;
  entry.there = brought.there;
  entry.verified = brought.verified;
  came_.notify_all();
  if (!status.ok()) return given_back(std::move(status));
  lock.unlock();
  return held;
}

Status ScriptCache::bring(const std::string& sha256, const Fetch& fetch, Entry& entry) {
  const fs::path file = folder_ / sha256;
  std::error_code error;
  if (entry.there) {
    const auto stamp = file_stamp(file);
    const bool same = stamp && stamp == entry.verified;
    if (same || (stamp && check_hash(file, sha256).ok())) {
      note_use(file);
      entry.verified = file_stamp(file);
      return {};
    }
    spdlog::warn("a script in the cache is damaged or gone, and is fetched again file={}", file.string());
    fs::remove(file, error);
  }
  entry.there = false;
  const fs::path coming = file.string() + kComing, part = coming / "script";
  Status status = make_folders(coming);
  if (status.ok()) status = fetch(part);
  if (status.ok()) status = check_hash(part, sha256);
  if (status.ok() && ::chmod(part.c_str(), S_IRUSR) != 0) status = system_failure("chmod " + part.string(), errno);
  if (status.ok()) status = sync_tree(coming);
  if (status.ok()) {
    fs::rename(part, file, error);
    if (error) status = system_failure("rename " + part.string(), error.value());
  }
  fs::remove_all(coming, error);
  OODML_RETURN_IF_ERROR(status);
  entry.there = true;
  entry.verified = file_stamp(file);
  return sync_folder(folder_);
}

void ScriptCache::let_go(const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[sha256];
  if (--entry.holders == 0 && !entry.there) entries_.erase(sha256);
  make_room();
}

/// Under the mutex: what goes must not be found a moment longer.
void ScriptCache::make_room() {
  std::int64_t all = 0;
  for (const auto& [ignored, entry] : entries_) all += entry.bytes;
  while (all > keep_bytes_) {
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      const bool free = it->second.holders == 0 && it->second.there;
      if (free && (oldest == entries_.end() || it->second.last_use < oldest->second.last_use)) oldest = it;
    }
    if (oldest == entries_.end()) return;
    std::error_code error;
    fs::remove(folder_ / oldest->first, error);
    if (error) spdlog::warn("a script stays in the cache: {}", error.message());
    all -= oldest->second.bytes;
    entries_.erase(oldest);
  }
}

}  // namespace oodml::worker
