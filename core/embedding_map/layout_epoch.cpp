#include "core/embedding_map/layout_epoch.h"

#include <bit>
#include <cstddef>

#include "core/products/wide.h"

// Compiled with -O3 -fopenmp-simd -ffp-contract=off: the same bits for every width of vector registers.

namespace oodml::embedding_map {
namespace {

constexpr int kLanes = 8;  // kNegatives of them are used

/// exp2(exponent * log2 x), both by series: the library's function is most of the time of a layout.
inline float power(float x, float exponent) {
  const auto bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t whole = (bits - 0x3f3504f3) >> 23;  // so that the rest lies in [sqrt 1/2, sqrt 2)
  const auto rest = std::bit_cast<float>(bits - (whole << 23));
  const float t = (rest - 1.0f) / (rest + 1.0f), t2 = t * t;  // ln x = 2 (t + t^3 / 3 + t^5 / 5 + ...)
  const float log2 =
      static_cast<float>(whole) + t * (2.885390082f + t2 * (0.961796694f + t2 * (0.577078016f + t2 * 0.412198583f)));
  float y = log2 * exponent;
  y = y < -126.0f ? -126.0f : y;
  y = y > 126.0f ? 126.0f : y;
  const float shifted = y + 12582912.0f;  // 1.5 * 2^23: the nearest integer stands in the last bits
  const std::int32_t integer = std::bit_cast<std::int32_t>(shifted) - 0x4b400000;
  const float f = y - (shifted - 12582912.0f);  // [-1/2, 1/2]; 2^f = exp(f ln 2)
  const float part =
      1.0f + f * (0.693147181f + f * (0.240226507f + f * (0.0555041087f + f * (0.00961812911f + f * 0.00133335581f))));
  return std::bit_cast<float>(std::bit_cast<std::int32_t>(part) + (integer << 23));
}

inline float cut(float gradient) {
  gradient = gradient < -4.0f ? -4.0f : gradient;
  return gradient > 4.0f ? 4.0f : gradient;
}

/// A point below n; `key` goes on.
inline std::size_t random_point(std::uint64_t& key, std::uint64_t n) {
  key += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = (key ^ (key >> 32)) * 0xd6e8feb86659fd93ULL;
  z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93ULL;
  return static_cast<std::size_t>(((z >> 32) * n) >> 32);
}

struct Pull {
  float a, b, rate;
};

inline void attract(float& x, float& y, float& other_x, float& other_y, Pull pull) {
  const float dx = x - other_x, dy = y - other_y, d2 = dx * dx + dy * dy;
  if (d2 <= 0.0f) return;
  const float p = pull.a * power(d2, pull.b);
  const float factor = -2.0f * pull.b * p / (d2 * (p + 1.0f));
  const float by_x = pull.rate * cut(factor * dx), by_y = pull.rate * cut(factor * dy);
  x += by_x;
  y += by_y;
  other_x -= by_x;
  other_y -= by_y;
}

/// away_x, away_y [kLanes]: what pushes (x, y) away from each other point.
inline void repel(float x, float y, const float* others_x, const float* others_y, Pull pull, float* away_x,
                  float* away_y) {
#pragma omp simd
  for (int i = 0; i < kLanes; ++i) {
    const float dx = x - others_x[i], dy = y - others_y[i], d2 = dx * dx + dy * dy;
    const float factor = 2.0f * pull.b / ((0.001f + d2) * (pull.a * power(d2, pull.b) + 1.0f));
    away_x[i] = cut(factor * dx);
    away_y[i] = cut(factor * dy);
  }
}

inline float sum_of(const float* values) { return (values[0] + values[1]) + (values[2] + values[3]) + values[4]; }
static_assert(kNegatives == 5);

void run(LayoutState* of, const Curve* by, std::int64_t epoch, double rate, std::uint64_t key) {
  LayoutState& state = *of;
  const Curve& curve = *by;
  const Pull pull{static_cast<float>(curve.a), static_cast<float>(curve.b), static_cast<float>(rate)};
  const auto now = static_cast<float>(epoch);
  const std::size_t n = state.x.size();
  float *const x = state.x.data(), *const y = state.y.data();
  for (std::size_t i = 0; i < n; ++i) {
    const auto end = static_cast<std::size_t>(state.starts[i + 1]);
    for (auto edge = static_cast<std::size_t>(state.starts[i]); edge < end; ++edge) {
      if (state.next[edge] > now) continue;
      state.next[edge] += state.epochs_between[edge];
      const auto j = static_cast<std::size_t>(state.to[edge]);
      attract(x[i], y[i], x[j], y[j], pull);
      float others_x[kLanes], others_y[kLanes], away_x[kLanes], away_y[kLanes];
      for (int lane = 0; lane < kLanes; ++lane) {
        const std::size_t other = lane < kNegatives ? random_point(key, n) : i;
        others_x[lane] = x[other];
        others_y[lane] = y[other];
      }
      repel(x[i], y[i], others_x, others_y, pull, away_x, away_y);
      x[i] += pull.rate * sum_of(away_x);
      y[i] += pull.rate * sum_of(away_y);
    }
  }
}

}  // namespace

void run_epoch(LayoutState& state, Curve curve, std::int64_t epoch, double rate, std::uint64_t key) {
  products::wide<run>(&state, &curve, epoch, rate, key);
}

float layout_power(float x, float exponent) { return power(x, exponent); }

}  // namespace oodml::embedding_map
