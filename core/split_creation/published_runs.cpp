#include "core/split_creation/published_runs.h"

#include <algorithm>

namespace oodml::split_creation {

ProgressionOptions published_runs(const std::string& benchmark, std::int64_t smaller_set) {
  ProgressionOptions options = {.forward = {25, 2, 5}, .removal = {35, 2, 5}, .inverse = {15, 2, 30}};
  if (benchmark == "online_products") {
    options.forward = {20, 1000, 5};
    options.removal = {30, 1000, 5};
  }
  if (benchmark == "cars196" || benchmark == "online_products") options.inverse.iterations = 0;
  for (RunOptions* run : {&options.forward, &options.removal, &options.inverse}) {
    run->swaps = std::clamp<std::int64_t>(smaller_set / 5, 1, run->swaps);
    run->history = std::clamp<std::int64_t>((smaller_set - 1) / 2, 0, run->history);
  }
  return options;
}

}  // namespace oodml::split_creation
