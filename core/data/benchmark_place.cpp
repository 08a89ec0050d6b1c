#include "core/data/benchmark_place.h"

#include "core/base/printable.h"
#include "core/catalogue/catalogue.h"

namespace oodml::data {

Result<std::string> layout_of(const BenchmarkPlace& place) {
  if (!place.layout.empty() && place.layout != "default") return place.layout;
  const catalogue::Component* known = catalogue::find(catalogue::Kind::kBenchmark, place.name);
  if (known != nullptr) return known->layout;
  return invalid_argument("benchmark '" + printable(place.name) +
                          "' is not in the catalogue; say how its folder is read with --layout: cub200, cars196, "
                          "online_products, image_folder or idx");
}

}  // namespace oodml::data
