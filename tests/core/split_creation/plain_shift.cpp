#include "tests/core/split_creation/plain_shift.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <set>
#include <utility>

namespace oodml::split_creation::testing {
namespace {

using Numbers = std::vector<std::int64_t>;

torch::Tensor rows(const torch::Tensor& means, const Numbers& numbers) {
  return means.to(at::kDouble).index_select(0, at::tensor(numbers, at::kLong));
}

torch::Tensor covariance(const torch::Tensor& x, double e) {
  const auto centred = x - x.mean(0);
  return centred.t().mm(centred) / (x.size(0) - 1) + e * at::eye(x.size(1), at::kDouble);
}

double distance(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).norm().item<double>(); }

Numbers order(const torch::Tensor& own, const torch::Tensor& other, bool inverse) {
  std::vector<std::pair<double, std::int64_t>> scores;
  for (std::int64_t p = 0; p < own.size(0); ++p) {
    scores.emplace_back(distance(own[p], other.mean(0)) - distance(own[p], own.mean(0)), p);
  }
  std::sort(scores.begin(), scores.end());
  Numbers positions;
  for (const auto& [score, p] : scores) positions.push_back(p);
  if (inverse) std::reverse(positions.begin(), positions.end());
  return positions;
}

bool is_blocked(const Numbers& history, std::int64_t position, std::int64_t most) {
  const auto last = std::min<std::int64_t>(most, std::ssize(history));
  return std::find(history.end() - last, history.end(), position) != history.end();
}

struct Histories {
  Numbers train, test;
};

/// The positions chosen, pair by pair.
std::vector<std::pair<std::int64_t, std::int64_t>> swap(const torch::Tensor& means, PlainState& state,
                                                        const RunOptions& options, bool inverse, Histories& histories) {
  const auto x = rows(means, state.train), y = rows(means, state.test);
  const Numbers train_order = order(x, y, inverse), test_order = order(y, x, inverse);
  std::vector<std::pair<std::int64_t, std::int64_t>> chosen;
  std::int64_t p = -1, q = -1;
  for (std::int64_t k = 0; k < options.swaps; ++k) {
    bool have_p = false, have_q = false;
    for (std::int64_t i = k; i < std::min(std::ssize(train_order), std::ssize(test_order)); ++i) {
      if (!have_p && !is_blocked(histories.train, train_order[i], options.history)) {
        p = train_order[i];
        histories.train.push_back(p);
        have_p = true;
      }
      if (!have_q && !is_blocked(histories.test, test_order[i], options.history)) {
        q = test_order[i];
        histories.test.push_back(q);
        have_q = true;
      }
      if (have_p && have_q) break;
    }
    std::swap(state.train[p], state.test[q]);
    std::swap(state.train_names[p], state.test_names[q]);
    chosen.emplace_back(p, q);
  }
  return chosen;
}

double fid_of(const torch::Tensor& means, const PlainState& state) {
  return plain_fid(rows(means, state.train), rows(means, state.test), 0);
}

void erase(Numbers& numbers, const std::set<std::int64_t>& positions) {
  for (auto p = positions.rbegin(); p != positions.rend(); ++p) numbers.erase(numbers.begin() + *p);
}

}  // namespace

double plain_fid(const torch::Tensor& x, const torch::Tensor& y, double e) {
  const auto a = x.to(at::kDouble), b = y.to(at::kDouble);
  const auto values = at::linalg_eigvals(covariance(a, e).mm(covariance(b, e)));
  const double root = at::real(at::sqrt(values)).sum().item<double>();
  return (a.mean(0) - b.mean(0)).square().sum().item<double>() + covariance(a, 0).trace().item<double>() +
         covariance(b, 0).trace().item<double>() - 2 * root;
}

std::vector<PlainEntry> plain_swaps(const torch::Tensor& means, PlainState& state, const RunOptions& options,
                                    bool inverse) {
  Histories histories;
  std::vector<PlainEntry> entries;
  for (std::int64_t i = 0; i < options.iterations; ++i) {
    const std::string key = (inverse && i > 0 ? "-" : "") + std::to_string(i * options.swaps);
    entries.push_back({key, state.train_names, state.test_names, fid_of(means, state)});
    swap(means, state, options, inverse, histories);
  }
  return entries;
}

std::vector<PlainEntry> plain_removal(const torch::Tensor& means, PlainState state, const RunOptions& options) {
  Histories histories;
  std::vector<PlainEntry> entries;
  for (std::int64_t i = 0; i < options.iterations; ++i) {
    const double fid = fid_of(means, state);
    entries.push_back({"R" + std::to_string(i * options.swaps), state.train_names, state.test_names, fid});
    const PlainState backup = state;
    const auto chosen = swap(means, state, options, false, histories);
    if (fid_of(means, state) < fid) continue;
    state = backup;
    std::set<std::int64_t> train, test;
    for (const auto& [p, q] : chosen) {
      train.insert(p);
      test.insert(q);
    }
    erase(state.train, train);
    erase(state.train_names, train);
    erase(state.test, test);
    erase(state.test_names, test);
  }
  return entries;
}

torch::Tensor clustered_points(std::int64_t classes, std::int64_t dimensions, std::int64_t groups, std::uint64_t seed) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  const auto centres = 2 * at::randn({groups, dimensions}, generator, at::kFloat);
  const auto group = at::randint(groups, {classes}, generator, at::kLong);
  return centres.index_select(0, group) + at::randn({classes, dimensions}, generator, at::kFloat);
}

}  // namespace oodml::split_creation::testing
