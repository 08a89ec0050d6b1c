#include "core/statistics/paired_difference.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "core/base/student_t.h"
#include "core/statistics/moments.h"

namespace oodml::statistics {
namespace {

/// Sums of all choices of signs, each from the one before by one flip (Gray's code). The first sign stays: the other
/// half are the same sums with the opposite sign.
double share_as_far(const std::vector<double>& differences) {
  const double seen = std::abs(sum(differences));
  double magnitude = 0.0;
  for (const double difference : differences) magnitude += std::abs(difference);
  const double limit = seen - 1e-12 * magnitude;  // equal sums in another order round otherwise
  const std::uint64_t choices = std::uint64_t{1} << (differences.size() - 1);
  std::vector<double> signed_values = differences;
  double total = sum(differences);
  std::uint64_t as_far = std::abs(total) >= limit ? 1 : 0;
  for (std::uint64_t choice = 1; choice < choices; ++choice) {
    double& flipped = signed_values[1 + static_cast<std::size_t>(std::countr_zero(choice))];
    total -= 2.0 * flipped;
    flipped = -flipped;
    as_far += std::abs(total) >= limit ? 1 : 0;
  }
  return static_cast<double>(as_far) / static_cast<double>(choices);
}

void test_by_t(PairedDifference& result) {
  const double n = static_cast<double>(result.n), error = result.sd / std::sqrt(n);
  if (error == 0.0 && result.mean == 0.0) {
    result.t = 0.0;
    result.p_t = 1.0;
    return;
  }
  result.t = result.mean / error;
  result.p_t = std::isinf(result.t) ? 0.0 : 2.0 * student_t_cdf(-std::abs(result.t), n - 1.0);
}

}  // namespace

PairedDifference paired_difference(const Pairs& pairs) {
  if (pairs.first.size() != pairs.second.size()) throw std::invalid_argument("pairs of unequal lengths");
  std::vector<double> differences;
  for (std::size_t i = 0; i < pairs.first.size(); ++i) differences.push_back(pairs.first[i] - pairs.second[i]);
  differences = present(differences);
  PairedDifference result;
  result.n = differences.size();
  result.mean = mean(differences);
  result.sd = standard_deviation(differences, Deviation::kSample);
  result.interval = t_interval(differences);
  if (result.n >= 2) test_by_t(result);
  if (result.n >= 1 && result.n <= kMostFlips) result.p_flip = share_as_far(differences);
  return result;
}

}  // namespace oodml::statistics
