#include "core/data/open_remembered.h"

#include <utility>

#include "core/base/cache_folder.h"
#include "core/base/clock.h"
#include "core/base/sha256.h"
#include "core/base/this_machine.h"
#include "core/data/benchmark.h"
#include "core/data/folder_remarks.h"
#include "core/data/listing_cache.h"

namespace oodml::data {
namespace fs = std::filesystem;
namespace {

/// A file for each folder, whatever path leads to it.
fs::path listings_file(const fs::path& folder) {
  std::error_code error;
  const fs::path place = fs::canonical(folder, error);
  const fs::path below = cache_folder();
  if (error || below.empty()) return {};
  return below / "listings" / sha256_hex(place.native()).substr(0, 32);
}

Result<std::shared_ptr<const Benchmark>> open(const BenchmarkPlace& place, const std::string& layout) {
  const fs::path file = listings_file(place.folder);
  if (file.empty()) return open_benchmark(place.name, layout, place.folder);
  const SystemClock clock;
  ListingCache cache(file, clock);
  auto opened = open_benchmark(place.name, layout, place.folder, cache);
  if (opened) (void)cache.save();  // remembering is a convenience
  return opened;
}

}  // namespace

Result<OpenedBenchmark> open_remembered(const BenchmarkPlace& place, const Warn& warn) {
  OpenedBenchmark opened;
  OODML_ASSIGN_OR_RETURN(opened.layout, layout_of(place));
  OODML_ASSIGN_OR_RETURN(opened.benchmark, of_this_machine(open(place, opened.layout)));
  for (std::string& remark : remarks_on(*opened.benchmark)) warn(std::move(remark));
  return opened;
}

}  // namespace oodml::data
