#include "worker/weights_scan.h"

#include <spdlog/spdlog.h>

#include <optional>
#include <set>

#include "core/catalogue/weights.h"
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

std::vector<std::string> WeightsScan::operator()() {
  if (root_.empty()) return {};
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(root_, error), end; !error && entry != end; entry.increment(error)) {
    const auto name = name_without_ending(entry->path().filename().string());
    std::error_code ignored;
    if (name && is_plain_name(*name) && entry->is_regular_file(ignored)) names.insert(*name);
  }
  if (error && !complained_) spdlog::warn("cannot list the weights root={} error={}", root_.string(), error.message());
  complained_ = static_cast<bool>(error);
  return {names.begin(), names.end()};
}

}  // namespace oodml::worker
