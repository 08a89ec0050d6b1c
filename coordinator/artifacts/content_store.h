#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/artifacts/content_home.h"
#include "coordinator/artifacts/partial_content.h"
#include "coordinator/artifacts/room.h"
#include "coordinator/service/artifacts.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::artifacts {

struct ContentLimits {
  RoomLimits room;
  Duration unnamed_for = std::chrono::hours(6);  ///< How long a content is kept that no file names.
  Duration idle_for = std::chrono::hours(24);    ///< The same of an upload of which nothing comes.
  std::size_t uploads = 512;                     ///< At once; each is an open file.
};

/// Contents by their SHA-256, once each: `content/ab/abcdef...` below a folder that may be shared with workers, and
/// `partial/` for those that are coming. Killed at any moment it holds whole contents and beginnings of others. Safe
/// from any thread; calls take as long as the disk does.
class ContentStore {
 public:
  using Folder = std::filesystem::path;
  /// Makes the folder, which is nobody else's to read.
  static Result<std::unique_ptr<ContentStore>> open(Folder root, ContentLimits limits, const Clock& clock);
  /// Of what there is, if it is there, to read only.
  ContentStore(Folder root, ContentLimits limits, const Clock& clock);

  /// What is there of a content; from now on it is kept for a while, named or not. kResourceExhausted: no room.
  Result<ContentPresence> offer(const ContentName& content);
  /// As Uploads::put.
  Result<ContentPresence> put(const ContentName& content, std::int64_t offset, std::string_view data);
  /// Whether a content is whole, and would be after a power cut; if so it is kept for a while, so that it may be named.
  Result<bool> hold(const ContentName& content);
  /// kNotFound: it is not there.
  Result<ContentChunk> read(const std::string& sha256, std::int64_t offset) const;

  /// Bytes of contents, and of those on their way.
  std::int64_t stored_bytes() { return room_.taken(); }

  struct Collected {
    std::int64_t contents = 0, uploads = 0, bytes = 0;
  };
  /// Which of these contents have names.
  using Named = std::function<Result<std::set<std::string>>(const std::vector<std::string>&)>;
  /// Removes contents that were seen without a name for long enough, and uploads of which nothing came.
  Result<Collected> collect(const Named& named);

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Upload {
    std::shared_ptr<PartialContent> content;
    std::int64_t bytes = 0;
    Steady touched;
  };

  Folder home_of(const std::string& sha256) const { return content_home(root_, sha256); }
  Status count_stored();
  Result<bool> is_whole(const ContentName& content) const;
  Result<std::shared_ptr<PartialContent>> upload_of(const ContentName& content);
  Result<ContentPresence> settled(const ContentName& content, Result<ContentPresence> presence);
  Status collect_folder(const Folder& folder, const Named& named, Collected& collected);
  void remove_unnamed(const std::filesystem::path& file, Collected& collected);
  Status collect_uploads(Collected& collected);

  const Folder root_;
  const ContentLimits limits_;
  const Clock& clock_;
  Room room_;
  std::mutex mutex_;                       // guards what follows; no content is read or written under it
  std::map<std::string, Upload> uploads_;  // by the name of their file
  std::map<std::string, Steady> unnamed_;  // since when each content without a name was seen so, or last offered
  std::map<std::string, Steady> left_;     // since when each file in partial/ that nobody sends was seen
};

}  // namespace oodml::coordinator::artifacts
