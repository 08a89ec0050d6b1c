#include "core/data/benchmark_place.h"

#include <ranges>

#include "core/base/printable.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::data {

Result<std::string> layout_of(const BenchmarkPlace& place) {
  if (!place.layout.empty() && place.layout != "default") return place.layout;
  const catalogue::Component* known = catalogue::find(catalogue::Kind::kBenchmark, place.name);
  if (known != nullptr) return known->layout;
  return invalid_argument("benchmark '" + printable(place.name) +
                          "' is not in the catalogue; say how its folder is read with --layout: " +
                          joined(catalogue::find_trial_key("layout")->choices | std::views::drop(1)));  // not `default`
}

}  // namespace oodml::data
