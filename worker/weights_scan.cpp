#include "worker/weights_scan.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <set>

#include "core/catalogue/weights.h"
#include "worker/plain_name.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostWeights = 1024;  // as many as the coordinator takes of one worker

std::optional<std::string> name_without_ending(const std::string& file) {
  for (const std::string_view ending : catalogue::kWeightsEndings) {
    if (file.ends_with(ending)) return file.substr(0, file.size() - ending.size());
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> WeightsScan::operator()() {
  if (root_.empty()) return {};
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(root_, error), end; !error && entry != end; entry.increment(error)) {
    const auto name = name_without_ending(entry->path().filename().string());
    std::error_code ignored;
    if (name && is_plain_name(*name) && entry->is_regular_file(ignored)) names.insert(*name);
  }
  const bool trouble = error || names.size() > kMostWeights;
  if (error && !complained_) spdlog::warn("cannot list the weights root={} error={}", root_.string(), error.message());
  if (!error && trouble && !complained_) {
    spdlog::warn("only the first {} weights of {} below {} are announced", kMostWeights, names.size(), root_.string());
  }
  complained_ = trouble;
  std::vector<std::string> list(names.begin(), names.end());
  list.resize(std::min(list.size(), kMostWeights));
  return list;
}

}  // namespace oodml::worker
