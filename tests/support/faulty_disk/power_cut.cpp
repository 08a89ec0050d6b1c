#include "tests/support/faulty_disk/power_cut.h"

#include <algorithm>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "tests/support/process.h"

namespace oodml::testing {
namespace {

constexpr std::size_t kSector = 512;

struct Entry {
  std::string what, path, other;  // other: a rename's target
  std::size_t offset = 0;         // of a write; of a truncation the new size
  std::string bytes;
};

std::vector<Entry> entries_of(const std::string& journal) {
  std::vector<Entry> entries;
  for (std::size_t at = 0; at < journal.size();) {
    const std::size_t end = journal.find('\n', at);
    if (end == std::string::npos) break;
    std::istringstream head(journal.substr(at, end - at));
    Entry entry;
    std::size_t size = 0;
    head >> entry.what >> entry.path;
    if (entry.what == "rename") head >> entry.other;
    if (entry.what == "write" || entry.what == "truncate") head >> entry.offset;
    if (!(head >> size)) throw std::runtime_error("journal: " + head.str());
    entry.bytes = journal.substr(end + 1, size);
    if (entry.bytes.size() < size) break;  // killed while it was written down: the change was not made
    at = end + 1 + size;
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// A file, whatever it is called: its bytes on the platter, and the changes that are in the cache only.
struct File {
  std::string durable;
  std::vector<Entry> cached;
};

void put(std::string& content, std::size_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  content.replace(offset, bytes.size(), bytes);
}

void apply(std::string& content, const Entry& change) {
  if (change.what == "truncate") return content.resize(change.offset, '\0');
  put(content, change.offset, change.bytes);
}

using Names = std::map<std::string, std::shared_ptr<File>>;

void apply(Names& names, const Entry& change, const std::shared_ptr<File>& file) {
  if (change.what == "unlink" || change.what == "rename") names.erase(change.path);
  if (change.what == "create") names[change.path] = file;
  if (change.what == "rename") names[change.other] = file;
}

/// The recorded changes, played on a disk with a cache.
class Disk {
 public:
  explicit Disk(const std::map<std::string, std::string>& files) {
    for (const auto& [path, bytes] : files) now_[path] = std::make_shared<File>(File{.durable = bytes});
    certain_ = now_;
  }

  void play(const Entry& entry) {
    if (entry.what == "sync" && !now_.contains(entry.path)) return sync_folder(entry.path);
    const auto found = now_.find(entry.path);
    if (entry.what != "create" && found == now_.end()) return;  // removed, or not recorded from its beginning
    const auto file = entry.what == "create" ? std::make_shared<File>() : found->second;
    if (entry.what == "sync") {
      for (const Entry& change : file->cached) apply(file->durable, change);
      file->cached.clear();
    } else if (entry.what == "write" || entry.what == "truncate") {
      file->cached.push_back(entry);
    } else {
      apply(now_, entry, file);
      cached_names_.emplace_back(entry, file);
    }
  }

  std::map<std::string, std::string> cut(std::mt19937_64& random, int& lost_sectors) {
    const std::size_t kept = std::uniform_int_distribution<std::size_t>(0, cached_names_.size())(random);
    for (std::size_t i = 0; i < kept; ++i) apply(certain_, cached_names_[i].first, cached_names_[i].second);
    std::map<std::string, std::string> left;
    for (const auto& [path, file] : certain_) {
      std::string content = file->durable;
      for (const Entry& change : file->cached) lost_sectors += apply_some(content, change, random);
      left[path] = std::move(content);
    }
    return left;
  }

 private:
  void sync_folder(const std::string& folder) {
    const auto in_folder = [&](const std::string& path) { return std::filesystem::path(path).parent_path() == folder; };
    std::erase_if(cached_names_, [&](const auto& cached) {
      const auto& [change, file] = cached;
      if (!in_folder(change.path) && !in_folder(change.other)) return false;
      apply(certain_, change, file);
      return true;
    });
  }

  /// The sectors that were lost.
  static int apply_some(std::string& content, const Entry& change, std::mt19937_64& random) {
    std::bernoulli_distribution reached(0.5);
    if (change.what == "truncate") {
      if (reached(random)) apply(content, change);
      return 0;
    }
    int lost = 0;
    for (std::size_t at = 0; at < change.bytes.size();) {
      const std::size_t size = std::min(kSector - (change.offset + at) % kSector, change.bytes.size() - at);
      if (reached(random)) {
        put(content, change.offset + at, std::string_view(change.bytes).substr(at, size));
      } else {
        ++lost;
      }
      at += size;
    }
    return lost;
  }

  Names now_, certain_;
  std::vector<std::pair<Entry, std::shared_ptr<File>>> cached_names_;
};

}  // namespace

PowerCut::PowerCut(const FaultyDisk& disk, std::filesystem::path folder, std::string part)
    : journal_(disk.journal()), folder_(std::move(folder)), part_(std::move(part)) {
  remember();
}

std::vector<std::filesystem::path> PowerCut::present() const {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file() && entry.path().string().find(part_) != std::string::npos)
      files.push_back(entry.path());
  }
  return files;
}

void PowerCut::remember() {
  files_.clear();
  for (const auto& file : present()) files_[file] = read_text(file);
  std::filesystem::remove(journal_);
}

void PowerCut::strike(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Disk disk(files_);
  for (const Entry& entry : entries_of(read_text(journal_))) disk.play(entry);
  lost_sectors_ = 0;
  const auto left = disk.cut(random, lost_sectors_);
  for (const auto& file : present()) std::filesystem::remove(file);
  for (const auto& [path, bytes] : left) write_text(path, bytes);
  remember();
}

}  // namespace oodml::testing
