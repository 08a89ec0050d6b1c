#include "core/data/listing_cache.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "core/base/atomic_file.h"
#include "core/base/sha256.h"
#include "core/data/listing_bytes.h"

namespace oodml::data {
namespace {

constexpr std::string_view kVersion = "oodml-listings 1 ";  // then the SHA-256 of the rest, and a line feed
constexpr std::size_t kHeaderBytes = kVersion.size() + 64 + 1;
constexpr std::uint64_t kMaxBytes = 256ULL << 20;
constexpr std::int64_t kSettled = 60'000'000'000;  // nanoseconds

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; }

std::optional<FolderStamp> stamp_of(const std::filesystem::path& folder) {
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) return std::nullopt;
  return FolderStamp{static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
                     nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
                     static_cast<std::int64_t>(status.st_size)};
}

}  // namespace

ListingCache::ListingCache(std::filesystem::path file, const Clock& clock) : file_(std::move(file)), clock_(clock) {
  read();
}

bool ListingCache::is_settled(const FolderStamp& stamp) const {
  const std::int64_t now = to_millis(clock_.now()) * 1'000'000;
  return std::max(stamp[2], stamp[3]) < now - kSettled;
}

Result<FolderListing> ListingCache::list(const std::filesystem::path& folder) {
  std::error_code error;
  const std::string key = std::filesystem::absolute(folder, error).native();
  const auto before = stamp_of(folder);
  if (const auto known = entries_.find(key); before && known != entries_.end() && known->second.stamp == *before) {
    known->second.asked = true;
    return known->second.listing;
  }
  ++listed_;
  auto listing = list_folder(folder);
  const bool lasts = listing && !listing->has_links && before && before == stamp_of(folder) && is_settled(*before);
  if (lasts) {
    entries_[key] = {*before, *listing, true};
    changed_ = true;
  } else {
    entries_.erase(key);
  }
  return listing;
}

void ListingCache::read() {
  const auto bytes = read_file(file_, kMaxBytes);
  if (!bytes || bytes->size() < kHeaderBytes || !bytes->starts_with(kVersion)) return;
  const std::string_view body = std::string_view(*bytes).substr(kHeaderBytes);
  if (bytes->substr(kVersion.size(), 64) != sha256_hex(body)) return;
  ListingReader reader(body);
  while (!reader.at_end()) {
    const std::string folder = reader.text();
    Entry entry;
    for (std::int64_t& part : entry.stamp) part = reader.number();
    for (auto* names : {&entry.listing.folders, &entry.listing.files, &entry.listing.others}) *names = reader.texts();
    if (reader.failed()) return entries_.clear();
    entries_[folder] = std::move(entry);
  }
}

Status ListingCache::save() const {
  if (!changed_) return {};
  ListingWriter writer;
  for (const auto& [folder, entry] : entries_) {
    if (!entry.asked) continue;
    writer.text(folder);
    for (const std::int64_t part : entry.stamp) writer.number(part);
    for (const auto* names : {&entry.listing.folders, &entry.listing.files, &entry.listing.others})
      writer.texts(*names);
  }
  std::error_code error;
  std::filesystem::create_directories(file_.parent_path(), error);
  if (error) return system_failure("create " + file_.parent_path().string(), error.value());
  return write_file_atomically(file_, std::string(kVersion) + sha256_hex(writer.bytes()) + "\n" + writer.bytes());
}

}  // namespace oodml::data
