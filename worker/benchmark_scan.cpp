#include "worker/benchmark_scan.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/base/image_files.h"
#include "core/base/printable.h"
#include "core/job/limits.h"
#include "core/splits/split_file.h"
#include "worker/plain_name.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

/// The place of a mount that is gone is an empty folder, or one that cannot be read.
bool holds_something(const fs::path& folder) {
  std::error_code error;
  return fs::directory_iterator(folder, error) != fs::directory_iterator() && !error;
}

}  // namespace

std::vector<job::BenchmarkOnDisk> BenchmarkScan::operator()() {
  std::vector<job::BenchmarkOnDisk> found;
  std::set<std::string> strange;
  std::error_code error;
  for (fs::directory_iterator entry(root_, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (!why_left_out(name).empty() || !entry->is_directory(ignored) || !holds_something(entry->path())) continue;
    if (is_plain_name(name)) {
      found.push_back({name, split_ids(splits::split_file_in(entry->path()))});
    } else {
      strange.insert(name);
    }
  }
  complain_of_names(strange);
  if (error && !complained_)
    spdlog::warn("cannot list the benchmarks root={} error={}", root_.string(), error.message());
  complained_ = static_cast<bool>(error);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
}

void BenchmarkScan::complain_of_names(const std::set<std::string>& names) {
  for (const std::string& name : names) {
    if (strange_.contains(name)) continue;
    spdlog::warn(
        "folder is not offered as a benchmark, its name wants to be 1 to 128 visible characters of ASCII folder={}",
        printable((root_ / name).native(), job::kMaxPathBytes));
  }
  strange_ = names;
}

std::vector<std::string> BenchmarkScan::split_ids(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error);
  const auto size = error ? 0 : fs::file_size(file, error);
  if (error) {
    known_.erase(file);
    return {};
  }
  const auto old = known_.find(file);
  if (old != known_.end() && old->second.time == time && old->second.size == size) return old->second.split_ids;
  Known& known = known_[file] = Known{time, size, {}};
  if (auto ids = splits::read_split_ids(file)) {
    known.split_ids = *std::move(ids);
  } else {
    spdlog::warn("split file cannot be read, its ids are not offered file={} error={}", file.string(),
                 ids.error().message());
  }
  return known.split_ids;
}

}  // namespace oodml::worker
