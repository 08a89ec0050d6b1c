#include "core/trial/benchmark_folder.h"

#include <cstdlib>

#include "core/base/clock.h"
#include "core/base/printable.h"
#include "core/base/sha256.h"
#include "core/data/benchmark.h"
#include "core/data/known_counts.h"
#include "core/data/listing_cache.h"

namespace oodml::trial {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kNamesShown = 5;

/// A file for each folder, whatever path leads to it.
fs::path listings_file(const fs::path& folder) {
  std::error_code error;
  const fs::path place = fs::canonical(folder, error);
  const fs::path below = cache_folder();
  if (error || below.empty()) return {};
  return below / "listings" / sha256_hex(place.native()).substr(0, 32);
}

}  // namespace

fs::path cache_folder() {
  if (const char* own = std::getenv("OODML_CACHE")) return own;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg == '/') return fs::path(xdg) / "oodml";
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fs::path(home) / ".cache" / "oodml" : fs::path();
}

fs::path benchmark_folder(const fs::path& root, const std::string& name) {
  std::error_code ignored;
  const bool is_own = !fs::is_directory(root / name, ignored) && fs::is_directory(root / "images", ignored);
  return is_own ? root : root / name;
}

Result<std::shared_ptr<const data::Benchmark>> open_remembered(const std::string& name, const std::string& layout,
                                                               const fs::path& folder) {
  const fs::path file = listings_file(folder);
  if (file.empty()) return data::open_benchmark(name, layout, folder);
  const SystemClock clock;
  data::ListingCache cache(file, clock);
  auto opened = data::open_benchmark(name, layout, folder, cache);
  if (opened) (void)cache.save();  // remembering is a convenience
  return opened;
}

std::vector<std::string> remarks_on(const data::Benchmark& benchmark) {
  std::vector<std::string> remarks;
  const auto add = [&](const std::vector<std::string>& texts, const std::string& what) {
    if (texts.empty()) return;
    remarks.push_back("benchmark " + benchmark.name + ": " + std::to_string(texts.size()) + what +
                      name_list(texts, kNamesShown));
  };
  add(benchmark.skipped, " files were not taken for images: ");
  add(benchmark.empty_classes, " class folders have no images and are no classes: ");
  add(benchmark.notes, " oddities: ");
  const auto counts = data::unusual_counts(benchmark);
  remarks.insert(remarks.end(), counts.begin(), counts.end());
  return remarks;
}

std::optional<std::string> remark_on_single_images(const std::string& set, const data::Dataset& dataset) {
  std::vector<std::string> single;
  for (std::size_t label = 0; label < dataset.by_class.size(); ++label) {
    if (dataset.by_class[label].size() == 1) single.push_back(dataset.class_names[label]);
  }
  if (single.empty()) return std::nullopt;
  const std::string who = single.size() == 1 ? "1 class of the " + set + " set has"
                                             : std::to_string(single.size()) + " classes of the " + set + " set have";
  return who + " one image only, which no query of its class can find: " + name_list(single, kNamesShown);
}

}  // namespace oodml::trial
