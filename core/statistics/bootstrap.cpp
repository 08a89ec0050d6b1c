#include "core/statistics/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/base/seeds.h"
#include "core/statistics/moments.h"
#include "core/statistics/normal.h"

namespace oodml::statistics {
namespace {

/// A resampled figure and its share of all resamples.
struct Outcome {
  double figure, share;
};

/// Every multiset of n of the n values: counts[i] times value i, with probability n! / (prod counts!) / n^n.
class EveryResample {
 public:
  EveryResample(std::span<const double> values, const Estimator& estimator) : values_(values), estimator_(estimator) {
    const double n = static_cast<double>(values.size());
    add(0, std::lgamma(n + 1.0) - n * std::log(n));
  }
  std::vector<Outcome> outcomes;

 private:
  void add(std::size_t value, double log_share) {
    const std::size_t left = values_.size() - sample_.size();
    if (value + 1 == values_.size()) {
      sample_.insert(sample_.end(), left, values_[value]);
      outcomes.push_back({estimator_(sample_), std::exp(log_share - std::lgamma(static_cast<double>(left) + 1.0))});
      sample_.resize(sample_.size() - left);
      return;
    }
    for (std::size_t count = 0; count <= left; ++count) {
      if (count > 0) sample_.push_back(values_[value]);
      add(value + 1, log_share - std::lgamma(static_cast<double>(count) + 1.0));
    }
    sample_.resize(values_.size() - left);
  }

  std::span<const double> values_;
  const Estimator& estimator_;
  std::vector<double> sample_;
};

std::vector<Outcome> drawn(std::span<const double> values, const Estimator& estimator,
                           const BootstrapOptions& options) {
  Random random = Seeds(options.seed).stream("bootstrap");
  std::vector<Outcome> outcomes;
  std::vector<double> sample(values.size());
  for (std::int64_t draw = 0; draw < options.draws; ++draw) {
    for (double& value : sample) value = values[static_cast<std::size_t>(random.below(std::ssize(values)))];
    outcomes.push_back({estimator(sample), 1.0 / static_cast<double>(options.draws)});
  }
  return outcomes;
}

/// The least figure with at least `share` of all at or below it; rounding of the shares' sum moves no end.
double quantile(const std::vector<Outcome>& sorted, double share) {
  constexpr double kRounding = 1e-12;
  double below = 0.0;
  for (const Outcome& outcome : sorted) {
    below += outcome.share;
    if (below >= share - kRounding) return outcome.figure;
  }
  return sorted.back().figure;
}

/// The third moment of the figures with one value left out each; 0 when they are alike.
double acceleration(const std::vector<double>& values, const Estimator& estimator) {
  std::vector<double> left_out(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<double> others = values;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    left_out[i] = estimator(others);
  }
  const double centre = mean(left_out);
  double squares = 0.0, cubes = 0.0;
  for (const double figure : left_out) {
    squares += std::pow(centre - figure, 2);
    cubes += std::pow(centre - figure, 3);
  }
  return squares > 0.0 ? cubes / (6.0 * std::pow(squares, 1.5)) : 0.0;
}

/// How far the figure lies from the middle of its resamples, in standard deviations of a normal; ties count half.
double bias(const std::vector<Outcome>& outcomes, double figure) {
  double below = 0.0;
  for (const Outcome& outcome : outcomes) {
    if (outcome.figure < figure) below += outcome.share;
    if (outcome.figure == figure) below += 0.5 * outcome.share;
  }
  return normal_quantile(below);
}

/// Which quantiles of the outcomes are the interval's ends: BCa moves both by the bias, and apart by the acceleration.
std::pair<double, double> shares_of_ends(const std::vector<double>& values, const Estimator& estimator,
                                         const std::vector<Outcome>& outcomes, const BootstrapOptions& options) {
  const double low = (1.0 - options.level) / 2.0, high = 1.0 - low;
  if (options.kind == BootstrapOptions::Kind::kPercentile) return {low, high};
  const double shift = bias(outcomes, estimator(values)), a = acceleration(values, estimator);
  if (!std::isfinite(shift)) return {low, high};
  const auto corrected = [&](double share) {
    const double z = shift + normal_quantile(share);
    return normal_cdf(shift + z / (1.0 - a * z));
  };
  return {corrected(low), corrected(high)};
}

}  // namespace

Interval bootstrap_interval(std::span<const double> values, const Estimator& estimator,
                            const BootstrapOptions& options) {
  std::vector<double> kept = present(values);
  if (kept.size() < 2) return {.n = kept.size()};
  std::ranges::sort(kept);  // the interval of a set, whatever its order
  if (kept.front() == kept.back()) return {.n = kept.size(), .low = kept.front(), .high = kept.front()};
  std::vector<Outcome> outcomes =
      kept.size() <= kExactBootstrap ? EveryResample(kept, estimator).outcomes : drawn(kept, estimator, options);
  std::ranges::sort(outcomes, {}, &Outcome::figure);
  const auto [low, high] = shares_of_ends(kept, estimator, outcomes, options);
  return {.n = kept.size(), .low = quantile(outcomes, low), .high = quantile(outcomes, high)};
}

Interval bootstrap_interval(std::span<const double> values, const BootstrapOptions& options) {
  return bootstrap_interval(values, [](std::span<const double> sample) { return mean(sample); }, options);
}

}  // namespace oodml::statistics
