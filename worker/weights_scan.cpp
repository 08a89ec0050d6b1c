#include "worker/weights_scan.h"

#include <spdlog/spdlog.h>

#include <optional>

#include "core/base/image_files.h"
#include "core/base/printable.h"
#include "core/catalogue/weights.h"
#include "core/job/limits.h"
#include "worker/plain_name.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> name_without_ending(const std::string& file) {
  for (const std::string_view ending : catalogue::kWeightsEndings) {
    if (file.ends_with(ending)) return file.substr(0, file.size() - ending.size());
  }
  return std::nullopt;
}

}  // namespace

WeightsBelow weights_below(const fs::path& root) {
  WeightsBelow found;
  if (root.empty()) return found;
  std::set<std::string> names;
  for (fs::directory_iterator entry(root, found.error), end; !found.error && entry != end;
       entry.increment(found.error)) {
    const std::string file = entry->path().filename().string();
    const auto name = name_without_ending(file);
    std::error_code ignored;
    if (!name || !why_left_out(file).empty() || !entry->is_regular_file(ignored)) continue;
    if (is_plain_name(*name)) {
      names.insert(*name);
    } else {
      found.strange.insert(file);
    }
  }
  found.names.assign(names.begin(), names.end());
  return found;
}

std::vector<std::string> WeightsScan::operator()() {
  WeightsBelow found = weights_below(root_);
  if (found.error && !complained_) {
    spdlog::warn("cannot list the weights root={} error={}", root_.string(), found.error.message());
  }
  complained_ = static_cast<bool>(found.error);
  for (const std::string& file : found.strange) {
    if (strange_.contains(file)) continue;
    spdlog::warn("weights are not offered, their name wants to be 1 to 128 visible characters of ASCII file={}",
                 printable((root_ / file).native(), job::kMaxPathBytes));
  }
  strange_ = std::move(found.strange);
  return std::move(found.names);
}

}  // namespace oodml::worker
