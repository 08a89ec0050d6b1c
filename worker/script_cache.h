#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/file_stamp.h"
#include "core/base/result.h"

namespace oodml::worker {

/// Files of code by their SHA-256, below a folder of this user alone, read-only. What trials use now stays; of the
/// others the least recently used go when all are more than `keep_bytes`. A file gets its name when it is whole,
/// verified and on disk, and is verified again when it has changed since. Safe from any thread: who wants what somebody
/// fetches waits for it.
class ScriptCache {
 public:
  /// Makes the folder; what an earlier life began to fetch goes.
  static Result<std::unique_ptr<ScriptCache>> open(std::filesystem::path folder, std::int64_t keep_bytes);

  /// Keeps one file where it is. Belongs to a cache that outlives it.
  class Hold {
   public:
    Hold(ScriptCache& cache, std::string sha256) : cache_(&cache), sha256_(std::move(sha256)) {}
    Hold(Hold&& other) noexcept : cache_(std::exchange(other.cache_, nullptr)), sha256_(std::move(other.sha256_)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (cache_ != nullptr) cache_->let_go(sha256_);
    }
    std::filesystem::path file() const { return cache_->folder_ / sha256_; }

   private:
    ScriptCache* cache_;
    std::string sha256_;
  };

  /// Brings a file to a path; verified by the cache.
  using Fetch = std::function<Status(const std::filesystem::path& to)>;
  /// `stopped` ends waiting for another's fetch: kCancelled. Other failures are those of `fetch`, kDataLoss for a file
  /// that is another, or the disk's.
  Result<Hold> hold(const std::string& sha256, std::int64_t bytes, const Fetch& fetch,
                    const std::function<bool()>& stopped);

 private:
  struct Entry {
    std::int64_t bytes = 0;
    int holders = 0;
    bool coming = false, there = false;
    std::int64_t last_use = 0;          ///< Counts up.
    std::optional<FileStamp> verified;  ///< The file as it was when its hash was right.
  };

  ScriptCache(std::filesystem::path folder, std::int64_t keep_bytes)
      : folder_(std::move(folder)), keep_bytes_(keep_bytes) {}
  Status take_stock();
  Status bring(const std::string& sha256, const Fetch& fetch, Entry& entry);
  void let_go(const std::string& sha256);
  void make_room();

  const std::filesystem::path folder_;
  const std::int64_t keep_bytes_;
  std::mutex mutex_;  // guards what follows; no file is fetched or read under it
  std::condition_variable came_;
  std::map<std::string, Entry> entries_;
  std::int64_t uses_ = 0;
};

}  // namespace oodml::worker
