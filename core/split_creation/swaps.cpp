#include "core/split_creation/swaps.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace oodml::split_creation {
namespace {

/// Positions by their class's distance to the other set's mean less that to its own set's, ascending: the most foreign
/// first. Equal ones by position.
std::vector<std::int64_t> order_of(const std::vector<std::int64_t>& features, const std::vector<double>& to_other,
                                   const std::vector<double>& to_own, Direction direction) {
  std::vector<double> scores;
  for (const std::int64_t number : features) {
    const auto i = static_cast<std::size_t>(number);
    scores.push_back(to_other[i] - to_own[i]);
  }
  std::vector<std::int64_t> order(features.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::ranges::stable_sort(order, {}, [&](std::int64_t p) { return scores[static_cast<std::size_t>(p)]; });
  if (direction == Direction::kTogether) std::ranges::reverse(order);
  return order;
}

void swap_at(std::vector<std::int64_t>& a, std::int64_t i, std::vector<std::int64_t>& b, std::int64_t j) {
  std::swap(a[static_cast<std::size_t>(i)], b[static_cast<std::size_t>(j)]);
}

}  // namespace

bool Swaps::Recent::has(std::int64_t position) const {
  return std::ranges::find(positions_, position) != positions_.end();
}

void Swaps::Recent::add(std::int64_t position, std::int64_t history) {
  positions_.push_back(position);
  if (std::ssize(positions_) > history) positions_.pop_front();
}

/// Walks both orders side by side from `rank` on and takes, each for itself, the first position that is not blocked. A
/// side that the walk finds nothing for keeps what `pair` had.
void Swaps::choose(std::size_t rank, const std::vector<std::int64_t>& train_order,
                   const std::vector<std::int64_t>& test_order, Pair& pair) {
  bool train_found = false, test_found = false;
  const std::size_t end = std::min(train_order.size(), test_order.size());
  for (std::size_t i = rank; i < end && !(train_found && test_found); ++i) {
    if (!train_found && !recent_train_.has(train_order[i])) {
      pair.train = train_order[i];
      recent_train_.add(pair.train, options_.history);
      train_found = true;
    }
    if (!test_found && !recent_test_.has(test_order[i])) {
      pair.test = test_order[i];
      recent_test_.add(pair.test, options_.history);
      test_found = true;
    }
  }
}

Swaps::Chosen Swaps::exchange(Sides& sides, const SplitGeometry& geometry) {
  const auto distances = geometry.distances_to_means();
  const auto train_order = order_of(sides.train.features, distances.to_test, distances.to_train, direction_);
  const auto test_order = order_of(sides.test.features, distances.to_train, distances.to_test, direction_);
  Chosen chosen;
  Pair pair;
  for (std::int64_t k = 0; k < options_.swaps; ++k) {
    choose(static_cast<std::size_t>(k), train_order, test_order, pair);
    swap_at(sides.train.features, pair.train, sides.test.features, pair.test);
    swap_at(sides.train.names, pair.train, sides.test.names, pair.test);
    chosen.train.push_back(pair.train);
    chosen.test.push_back(pair.test);
  }
  return chosen;
}

}  // namespace oodml::split_creation
