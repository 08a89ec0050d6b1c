#include "worker/benchmark_scan.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxSplitFile = 512u << 20;  // with few-shot episodes by file name
constexpr std::size_t kMaxIds = 4096;
constexpr std::size_t kMaxName = 128;

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= kMaxName && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return c > 32 && c < 127; });
}

/// Notes the keys two objects deep in "splits" and builds nothing: split files can be large.
class SplitIdReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<std::string> ids;
  bool found = false;
  std::string problem;

  bool key(string_t& name) override {
    if (depth_ == 1) in_splits_ = name == "splits";
    if (depth_ == 2 && in_splits_ && is_plain_name(name) && ids.size() < kMaxIds) ids.push_back(name);
    return true;
  }
  bool start_object(std::size_t) override {
    found = found || (depth_ == 1 && in_splits_);
    ++depth_;
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override { return start_object(0), true; }
  bool end_array() override { return end_object(); }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
    problem = error.what();
    return false;
  }

 private:
  int depth_ = 0;
  bool in_splits_ = false;
};

}  // namespace

Result<std::vector<std::string>> parse_split_ids(const std::string& json) {
  SplitIdReader reader;
  if (!nlohmann::json::sax_parse(json, &reader)) return invalid_argument(reader.problem);
  if (!reader.found) return invalid_argument("no object 'splits' in it");
  return std::move(reader.ids);
}

std::vector<job::BenchmarkOnDisk> BenchmarkScan::operator()() {
  std::vector<job::BenchmarkOnDisk> found;
  std::error_code error;
  for (fs::directory_iterator entry(root_, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (is_plain_name(name) && entry->is_directory(ignored)) found.push_back({name, split_ids(entry->path() / "splits.json")});
  }
  if (error) spdlog::warn("cannot list the benchmarks root={} error={}", root_.string(), error.message());
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
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
  const auto text = read_file(file, kMaxSplitFile);
  const auto ids = text.has_value() ? parse_split_ids(*text) : Result<std::vector<std::string>>(std::unexpected(text.error()));
  if (ids.has_value()) {
    known.split_ids = *ids;
  } else {
    spdlog::warn("split file cannot be read, its ids are not offered file={} error={}", file.string(), ids.error().message());
  }
  return known.split_ids;
}

}  // namespace oodml::worker
