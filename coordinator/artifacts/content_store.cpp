#include "coordinator/artifacts/content_store.h"

#include <spdlog/spdlog.h>

#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/private_file.h"
#include "core/job/limits.h"

namespace oodml::coordinator::artifacts {
namespace {

constexpr std::size_t kDigits = 64;

/// The same content of another length is another upload: who says it wrongly is in nobody's way.
std::string upload_name(const ContentName& content) { return content.sha256 + "-" + std::to_string(content.bytes); }

Status make_private_folder(const std::filesystem::path& folder) {
  OODML_RETURN_IF_ERROR(make_folders(folder));
  return detail::status_of(make_private(folder));
}

}  // namespace

ContentStore::ContentStore(Folder root, ContentLimits limits, const Clock& clock)
    : root_(std::move(root)), limits_(limits), clock_(clock), room_(root_, limits.room) {}

Result<std::unique_ptr<ContentStore>> ContentStore::open(Folder root, ContentLimits limits, const Clock& clock) {
  for (const Folder& folder : {root, root / "content", root / "partial"}) {
    OODML_RETURN_IF_ERROR(make_private_folder(folder));
  }
  auto store = std::make_unique<ContentStore>(std::move(root), limits, clock);
  if (limits.room.quota_bytes > 0) OODML_RETURN_IF_ERROR(store->count_stored());
  return store;
}

Status ContentStore::count_stored() {
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(root_ / "content", error), end; !error && it != end;
       it.increment(error)) {
    std::error_code gone;
    if (it->is_regular_file(gone)) room_.count(static_cast<std::int64_t>(it->file_size(gone)));
  }
  if (error) return system_failure("list " + (root_ / "content").string(), error.value());
  return {};
}

Result<bool> ContentStore::is_whole(const ContentName& content) const {
  const auto file = DiskFile::open_to_read(home_of(content.sha256));
  if (!file && file.error().code() == StatusCode::kNotFound) return false;
  if (!file) return failure(file.error());
  OODML_ASSIGN_OR_RETURN(const std::int64_t size, file->size());
  if (size == content.bytes) return true;
  return invalid_argument("content " + content.sha256 + " has " + std::to_string(size) + " bytes, not " +
                          std::to_string(content.bytes));
}

Result<ContentPresence> ContentStore::offer(const ContentName& content) {
  OODML_ASSIGN_OR_RETURN(const bool whole, hold(content));
  if (whole) return ContentPresence{.present = content.bytes, .whole = true};
  OODML_ASSIGN_OR_RETURN(const auto upload, upload_of(content));
  return settled(content, upload->look());
}

Result<ContentPresence> ContentStore::put(const ContentName& content, std::int64_t offset, std::string_view data) {
  OODML_ASSIGN_OR_RETURN(const bool whole, is_whole(content));
  if (whole) return ContentPresence{.present = content.bytes, .whole = true};
  OODML_RETURN_IF_ERROR(room_.check_disk(std::ssize(data)));
  OODML_ASSIGN_OR_RETURN(const auto upload, upload_of(content));
  return settled(content, upload->append(offset, data));
}

Result<bool> ContentStore::hold(const ContentName& content) {
  {
    // Before it is looked for: from here on it is not collected.
    const std::lock_guard lock(mutex_);
    unnamed_[content.sha256] = clock_.steady_now();
  }
  OODML_ASSIGN_OR_RETURN(const bool whole, is_whole(content));
  if (whole) OODML_RETURN_IF_ERROR(sync_folder(home_of(content.sha256).parent_path()));
  return whole;
}

Result<std::shared_ptr<PartialContent>> ContentStore::upload_of(const ContentName& content) {
  const std::string name = upload_name(content);
  const std::lock_guard lock(mutex_);
  const auto known = uploads_.find(name);
  if (known != uploads_.end()) {
    known->second.touched = clock_.steady_now();
    return known->second.content;
  }
  if (uploads_.size() >= limits_.uploads) {
    return failure(StatusCode::kResourceExhausted,
                   std::to_string(limits_.uploads) + " uploads are under way already; try again");
  }
  OODML_RETURN_IF_ERROR(room_.take(content.bytes));
  left_.erase(name);
  auto upload = std::make_shared<PartialContent>(content, root_ / "partial" / name, home_of(content.sha256));
  uploads_[name] = {.content = upload, .bytes = content.bytes, .touched = clock_.steady_now()};
  return upload;
}

/// Forgets an upload that is whole; its room stays taken.
Result<ContentPresence> ContentStore::settled(const ContentName& content, Result<ContentPresence> presence) {
  if (!presence || !presence->whole) return presence;
  const std::lock_guard lock(mutex_);
  // Two that sent it at once have room for one.
  uploads_.erase(upload_name(content));
  unnamed_[content.sha256] = clock_.steady_now();
  return presence;
}

Result<ContentChunk> ContentStore::read(const std::string& sha256, std::int64_t offset) const {
  const auto file = DiskFile::open_to_read(home_of(sha256));
  if (!file && file.error().code() == StatusCode::kNotFound) {
    return not_found("content " + sha256 + " is not in the store any more");
  }
  if (!file) return failure(file.error());
  OODML_ASSIGN_OR_RETURN(const std::int64_t size, file->size());
  if (offset >= size) return ContentChunk{.data = {}, .bytes = size};
  OODML_ASSIGN_OR_RETURN(std::string data, file->read(offset, job::kMaxChunkBytes));
  return ContentChunk{.data = std::move(data), .bytes = size};
}

Result<ContentStore::Collected> ContentStore::collect(const Named& named) {
  Collected collected;
  std::error_code error;
  for (std::filesystem::directory_iterator it(root_ / "content", error), end; !error && it != end;
       it.increment(error)) {
    OODML_RETURN_IF_ERROR(collect_folder(it->path(), named, collected));
  }
  if (error) return system_failure("list " + (root_ / "content").string(), error.value());
  OODML_RETURN_IF_ERROR(collect_uploads(collected));
  const std::lock_guard lock(mutex_);
  std::erase_if(unnamed_, [&](const auto& entry) {  // offered, and never sent
    return clock_.steady_now() - entry.second >= 2 * limits_.unnamed_for;
  });
  return collected;
}

Status ContentStore::collect_folder(const Folder& folder, const Named& named, Collected& collected) {
  std::vector<std::string> contents;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    if (name.size() == kDigits) contents.push_back(std::move(name));
  }
  if (error) return system_failure("list " + folder.string(), error.value());
  OODML_ASSIGN_OR_RETURN(const std::set<std::string> with_name, named(contents));
  const std::lock_guard lock(mutex_);
  for (const std::string& sha256 : contents) {
    if (with_name.contains(sha256)) {
      // One that was offered a moment ago may lose the name it had before it gets another.
      const auto seen = unnamed_.find(sha256);
      if (seen != unnamed_.end() && clock_.steady_now() - seen->second >= limits_.unnamed_for) unnamed_.erase(seen);
    } else if (const auto [seen, is_new] = unnamed_.try_emplace(sha256, clock_.steady_now());
               !is_new && clock_.steady_now() - seen->second >= limits_.unnamed_for) {
      unnamed_.erase(seen);
      remove_unnamed(folder / sha256, collected);
    }
  }
  return {};
}

/// Under the mutex: who holds it now must not find it a moment longer.
void ContentStore::remove_unnamed(const std::filesystem::path& file, Collected& collected) {
  std::error_code error;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(file, error));
  if (error || !std::filesystem::remove(file, error)) {
    spdlog::warn("a content that nothing names stays for now: {}: {}", file.string(), error.message());
    return;
  }
  room_.give_back(bytes);
  ++collected.contents;
  collected.bytes += bytes;
}

Status ContentStore::collect_uploads(Collected& collected) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(root_ / "partial", error), end; !error && it != end;
       it.increment(error)) {
    files.push_back(it->path());
  }
  if (error) return system_failure("list " + (root_ / "partial").string(), error.value());
  const std::lock_guard lock(mutex_);
  const Steady now = clock_.steady_now();
  std::erase_if(uploads_, [&](const auto& entry) {
    const Upload& upload = entry.second;
    const bool idle = upload.content.use_count() == 1 && now - upload.touched >= limits_.idle_for;
    if (idle) room_.give_back(upload.bytes);
    if (idle) left_[entry.first] = upload.touched;
    return idle;
  });
  for (const auto& file : files) {
    const std::string name = file.filename().string();
    if (uploads_.contains(name)) continue;
    const auto [seen, ignored] = left_.try_emplace(name, now);
    if (now - seen->second < limits_.idle_for) continue;
    const auto bytes = std::filesystem::file_size(file, error);
    if (!error && std::filesystem::remove(file, error)) {
      ++collected.uploads;
      collected.bytes += static_cast<std::int64_t>(bytes);
    }
    left_.erase(seen);
  }
  return {};
}

}  // namespace oodml::coordinator::artifacts
