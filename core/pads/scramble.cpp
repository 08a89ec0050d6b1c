#include "core/pads/scramble.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace oodml::pads {
namespace {

struct PooledClass {
  std::string name;
  std::vector<std::int64_t> images;  ///< Ascending.
  std::size_t training = 0;          ///< How many of them trained.
};

void pour(const data::Dataset& dataset, bool trains, std::vector<PooledClass>& pool) {
  std::map<std::string, std::size_t> places;
  for (std::size_t c = 0; c < pool.size(); ++c) places.emplace(pool[c].name, c);
  for (std::size_t label = 0; label < dataset.class_names.size(); ++label) {
    const auto [place, is_new] = places.emplace(dataset.class_names[label], pool.size());
    if (is_new) pool.push_back({dataset.class_names[label], {}, 0});
    PooledClass& into = pool[place->second];
    for (const std::int64_t position : dataset.by_class[label]) {
      into.images.push_back(dataset.samples[static_cast<std::size_t>(position)].image);
    }
    if (trains) into.training += dataset.by_class[label].size();
  }
}

template <typename T>
void shuffle(std::vector<T>& entries, Random& random) {
  for (std::size_t i = entries.size(); i > 1; --i) {
    std::swap(entries[i - 1], entries[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
  }
}

/// Adds a class with these images in ascending order; none where there are none.
void add(data::Dataset& dataset, const std::string& name, std::vector<std::int64_t> images) {
  if (images.empty()) return;
  std::ranges::sort(images);
  const auto label = std::ssize(dataset.class_names);
  dataset.class_names.push_back(name);
  dataset.by_class.emplace_back();
  for (const std::int64_t image : images) {
    dataset.by_class.back().push_back(std::ssize(dataset.samples));
    dataset.samples.push_back({.image = image, .label = label});
  }
}

/// The numbers of the classes that train.
std::vector<char> drawn_classes(std::size_t classes, std::size_t training, Random& random) {
  std::vector<std::size_t> order(classes);
  for (std::size_t c = 0; c < classes; ++c) order[c] = c;
  shuffle(order, random);
  std::vector<char> trains(classes, 0);
  for (std::size_t i = 0; i < training; ++i) trains[order[i]] = 1;
  return trains;
}

}  // namespace

TrainingSplit scrambled(const TrainingSplit& split, bool by_class, Random& random) {
  std::vector<PooledClass> pool;
  pour(*split.train, true, pool);
  pour(*split.validation, false, pool);
  auto train = std::make_shared<data::Dataset>(), validation = std::make_shared<data::Dataset>();
  train->source = validation->source = split.train->source;
  if (by_class) {
    const auto trains = drawn_classes(pool.size(), split.train->class_names.size(), random);
    for (std::size_t c = 0; c < pool.size(); ++c) add(trains[c] ? *train : *validation, pool[c].name, pool[c].images);
    return {train, validation};
  }
  for (PooledClass& pooled : pool) {
    shuffle(pooled.images, random);
    const auto middle = pooled.images.begin() + static_cast<std::ptrdiff_t>(pooled.training);
    add(*train, pooled.name, {pooled.images.begin(), middle});
    add(*validation, pooled.name, {middle, pooled.images.end()});
  }
  return {train, validation};
}

}  // namespace oodml::pads
