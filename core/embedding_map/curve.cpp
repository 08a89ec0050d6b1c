#include "core/embedding_map/curve.h"

#include <array>
#include <cmath>

namespace oodml::embedding_map {
namespace {

constexpr int kPlaces = 300, kMostSteps = 500;

/// Least squares by Levenberg-Marquardt in log a and log b, which keeps both positive.
class Fit {
 public:
  Fit(double min_dist, double spread) {
    for (int i = 0; i < kPlaces; ++i) {
      const double d = 3.0 * spread * i / (kPlaces - 1);
      distance_[i] = d;
      wanted_[i] = d < min_dist ? 1.0 : std::exp(-(d - min_dist) / spread);
    }
  }

  Curve run() {
    double log_a = 0.0, log_b = 0.0, damping = 1e-3, error = linearise(log_a, log_b);
    for (int step = 0; step < kMostSteps && damping < 1e12; ++step) {
      const double aa = aa_ * (1 + damping), bb = bb_ * (1 + damping), determinant = aa * bb - ab_ * ab_;
      const double to_a = (bb * a_ - ab_ * b_) / determinant, to_b = (aa * b_ - ab_ * a_) / determinant;
      Fit next = *this;
      const double next_error = next.linearise(log_a + to_a, log_b + to_b);
      if (!(next_error <= error)) {
        damping *= 10;
        continue;
      }
      *this = next;
      log_a += to_a;
      log_b += to_b;
      error = next_error;
      damping /= 10;
      if (std::abs(to_a) + std::abs(to_b) < 1e-14) break;
    }
    return {std::exp(log_a), std::exp(log_b)};
  }

 private:
  /// Sums of the normal equations at these parameters; gives the squared error.
  double linearise(double log_a, double log_b) {
    const double a = std::exp(log_a), b = std::exp(log_b);
    aa_ = ab_ = bb_ = a_ = b_ = 0.0;
    double error = 0.0;
    for (int i = 0; i < kPlaces; ++i) {
      const double d = distance_[i], power = a * std::pow(d, 2 * b), value = 1 / (1 + power);
      const double by_a = -value * value * power, by_b = d > 0 ? by_a * 2 * b * std::log(d) : 0.0;
      const double rest = wanted_[i] - value;
      error += rest * rest;
      aa_ += by_a * by_a;
      ab_ += by_a * by_b;
      bb_ += by_b * by_b;
      a_ += by_a * rest;
      b_ += by_b * rest;
    }
    return error;
  }

  std::array<double, kPlaces> distance_{}, wanted_{};
  double aa_ = 0.0, ab_ = 0.0, bb_ = 0.0, a_ = 0.0, b_ = 0.0;
};

}  // namespace

Curve fit_curve(double min_dist, double spread) { return Fit(min_dist, spread).run(); }

}  // namespace oodml::embedding_map
