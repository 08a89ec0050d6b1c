#include "core/data/known_counts.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace oodml::data {
namespace {

struct Counts {
  std::size_t classes = 0, images = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

struct Known {
  std::string_view name;
  Counts all, train, test;
};

constexpr std::array<Known, 4> kKnown = {{
    {"cub200", {200, 11788}, {100, 5864}, {100, 5924}},
    {"cars196", {196, 16185}, {98, 8054}, {98, 8131}},
    {"online_products", {22634, 120053}, {11318, 59551}, {11316, 60502}},
    {"fashion_mnist", {10, 70000}, {5, 35000}, {5, 35000}},
}};

std::string described(const Counts& counts) {
  return std::to_string(counts.classes) + " classes with " + std::to_string(counts.images) + " images";
}

Counts count(const Benchmark& benchmark) {
  Counts counts;
  for (const ImageClass& known : benchmark.classes) {
    ++counts.classes;
    counts.images += known.images.size();
  }
  return counts;
}

Counts count(const Benchmark& benchmark, const std::vector<std::string>& names) {
  std::unordered_map<std::string_view, std::size_t> images;
  for (const ImageClass& known : benchmark.classes) images.emplace(known.name, known.images.size());
  Counts counts{.classes = names.size()};
  for (const std::string& name : names) counts.images += images[name];
  return counts;
}

}  // namespace

std::vector<std::string> unusual_counts(const Benchmark& benchmark) {
  const auto known = std::ranges::find(kKnown, benchmark.name, &Known::name);
  if (known == kKnown.end()) return {};
  std::vector<std::string> unusual;
  const auto compare = [&](const std::string& what, const Counts& here, const Counts& published) {
    if (here == published) return;
    unusual.push_back(what + benchmark.name + " has " + described(here) + " here; the published one has " +
                      described(published));
  };
  compare("", count(benchmark), known->all);
  if (!unusual.empty()) return unusual;
  compare("the default training part of ", count(benchmark, benchmark.default_train), known->train);
  compare("the default test part of ", count(benchmark, benchmark.default_test), known->test);
  return unusual;
}

}  // namespace oodml::data
