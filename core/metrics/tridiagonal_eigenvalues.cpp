#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/metrics/tridiagonal.h"

namespace oodml::metrics {
namespace {

constexpr double kRoundoff = std::numeric_limits<double>::epsilon() / 2.0;
constexpr double kVanishing = 1e-280;
constexpr std::int64_t kMostSteps = 30;  // an eigenvalue; two are usual

/// An unreduced part of a tridiagonal matrix, [first, last], with the squares of what lies beside the diagonal.
class Part {
 public:
  Part(std::vector<double>& diagonal, std::vector<double>& squares, std::int64_t first, std::int64_t last)
      : d_(diagonal.data()), e_(squares.data()), first_(first), last_(last) {}

  /// The diagonal becomes the eigenvalues; false where that takes more than `steps`, which are counted down.
  bool solve(std::int64_t& steps) {
    turn();
    while (first_ <= last_) {
      const std::int64_t end = end_of_unreduced();
      if (end < last_) e_[end] = 0.0;
      if (end == first_) {
        ++first_;
      } else if (end == first_ + 1) {
        solve_pair();
        first_ += 2;
      } else if (steps-- > 0) {
        step(end);
      } else {
        return false;
      }
    }
    return true;
  }

 private:
  /// The small end goes first, where eigenvalues are found.
  void turn() {
    if (std::abs(d_[last_]) >= std::abs(d_[first_])) return;
    std::reverse(d_ + first_, d_ + last_ + 1);
    std::reverse(e_ + first_, e_ + last_);
  }

  std::int64_t end_of_unreduced() const {
    constexpr double kNegligible = kRoundoff * kRoundoff;
    std::int64_t end = first_;
    while (end < last_ && e_[end] > kNegligible * std::abs(d_[end] * d_[end + 1])) ++end;
    return end;
  }

  void solve_pair() {
    const double a = d_[first_], c = d_[first_ + 1], square = e_[first_];
    const double root = std::sqrt((a - c) * (a - c) + 4.0 * square);
    const double larger = (a + c + std::copysign(root, a + c)) / 2.0;  // in magnitude
    d_[first_] = larger;
    d_[first_ + 1] = larger == 0.0 ? 0.0 : (std::max(a, c) / larger) * std::min(a, c) - square / larger;
    e_[first_] = 0.0;
  }

  /// On [first, end].
  void step(std::int64_t end) {
    const double root = std::sqrt(e_[first_]), half = (d_[first_ + 1] - d_[first_]) / (2.0 * root);
    const double shift = d_[first_] - root / (half + std::copysign(std::hypot(half, 1.0), half));
    double c = 1.0, s = 0.0, gamma = d_[end] - shift, p = gamma * gamma;
    for (std::int64_t i = end - 1; i >= first_; --i) {
      const double square = e_[i], r = p + square, last_gamma = gamma;
      if (i + 1 < end) e_[i + 1] = s * r;
      const double product = p * (d_[i] - shift) - square * last_gamma;
      gamma = product / r;
      d_[i + 1] = last_gamma + (d_[i] - gamma);
      s = square / r;
      const double next = p > kVanishing ? product * product / (r * p) : c * square;  // gamma^2 / c, in one division
      c = p / r;
      p = next;
    }
    e_[first_] = s * p;
    d_[first_] = shift + gamma;
  }

  double *d_, *e_;
  std::int64_t first_, last_;
};

/// The last row of the part that begins with `first`: what lies beside its diagonal entry is negligible.
std::int64_t end_of_part(const Tridiagonal& matrix, std::int64_t first) {
  const auto& [d, e] = matrix;
  std::int64_t last = first;
  for (; last + 1 < std::ssize(d); ++last) {
    if (std::abs(e[last]) <= kRoundoff * std::sqrt(std::abs(d[last])) * std::sqrt(std::abs(d[last + 1]))) break;
  }
  return last;
}

}  // namespace

std::optional<std::vector<double>> eigenvalues_of(Tridiagonal matrix) {
  std::int64_t steps = kMostSteps * std::ssize(matrix.diagonal);
  for (std::int64_t first = 0, last = 0; first < std::ssize(matrix.diagonal); first = last + 1) {
    last = end_of_part(matrix, first);
    for (std::int64_t i = first; i < last; ++i) matrix.beside[i] *= matrix.beside[i];
    if (!Part(matrix.diagonal, matrix.beside, first, last).solve(steps)) return std::nullopt;
  }
  std::ranges::sort(matrix.diagonal);
  return std::move(matrix.diagonal);
}

}  // namespace oodml::metrics
