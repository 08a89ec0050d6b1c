#include "core/trial/benchmark_layout.h"

#include "core/base/printable.h"
#include "core/catalogue/catalogue.h"

namespace oodml::trial {

Result<std::string> layout_of(const std::string& benchmark, const std::string& asked) {
  if (!asked.empty() && asked != "default") return asked;
  const catalogue::Component* known = catalogue::find(catalogue::Kind::kBenchmark, benchmark);
  if (known != nullptr) return known->layout;
  return invalid_argument("benchmark '" + printable(benchmark) +
                          "' is not in the catalogue; say how its folder is read with --layout: cub200, cars196, "
                          "online_products, image_folder or idx");
}

}  // namespace oodml::trial
