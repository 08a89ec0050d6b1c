#pragma once

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/core/metrics/plain_rows.h"

// Sets of any shape, scale and kind, drawn at random: a few by default, always the same. For more:
// metrics_test --gtest_filter='Random*' --gtest_shuffle --gtest_repeat=1000

namespace oodml::metrics::testing {

class Draws {
 public:
  explicit Draws(std::uint64_t seed) : engine_(seed) {}

  std::int64_t integer(std::int64_t first, std::int64_t last) {
    return std::uniform_int_distribution<std::int64_t>(first, last)(engine_);
  }
  bool happens(double probability) { return std::bernoulli_distribution(probability)(engine_); }
  double normal() { return normal_(engine_); }
  /// 10^x with x from `first` to `last`.
  double power(double first, double last) {
    return std::pow(10.0, std::uniform_real_distribution<double>(first, last)(engine_));
  }
  template <typename T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[integer(0, std::ssize(values) - 1)];
  }

 private:
  std::mt19937_64 engine_;
  std::normal_distribution<double> normal_;
};

struct RandomSet {
  torch::Tensor rows, labels;
  std::string kind;  ///< How it came about.
};

RandomSet drawn_set(Draws& draw);

/// Calls each(draws) so many times, with some number of threads, until a test fails. Repetitions of a shuffled run draw
/// other numbers.
template <typename Each>
void for_random_sets(int count, const Each& each) {
  const bool repeats = GTEST_FLAG_GET(shuffle);
  const auto repetition = static_cast<std::uint64_t>(repeats ? ::testing::UnitTest::GetInstance()->random_seed() : 0);
  const int threads = at::get_num_threads();
  for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    const std::uint64_t seed = repetition * 1000 + static_cast<std::uint64_t>(i);
    SCOPED_TRACE("seed " + std::to_string(seed));
    Draws draw(seed);
    at::set_num_threads(static_cast<int>(draw.integer(1, 4)));
    each(draw);
  }
  at::set_num_threads(threads);
}

}  // namespace oodml::metrics::testing
