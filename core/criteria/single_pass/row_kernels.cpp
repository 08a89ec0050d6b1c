#include "core/criteria/single_pass/row_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

// Each loop is written once, on vectors as wide as the registers that it is compiled for. (Left to itself a compiler
// takes as many floats at a time as bytes of the mask fit a register, which are too many for a row of a batch.)
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are handed to functions that are inlined

namespace oodml::criteria {
namespace {

#define OODML_LOOP [[gnu::always_inline]]

struct FourLanes {
  using Floats = float __attribute__((vector_size(16)));
  using Ints = std::int32_t __attribute__((vector_size(16)));
  using Bytes = std::int8_t __attribute__((vector_size(4)));
};
struct EightLanes {
  using Floats = float __attribute__((vector_size(32)));
  using Ints = std::int32_t __attribute__((vector_size(32)));
  using Bytes = std::int8_t __attribute__((vector_size(8)));
};
struct SixteenLanes {
  using Floats = float __attribute__((vector_size(64)));
  using Ints = std::int32_t __attribute__((vector_size(64)));
  using Bytes = std::int8_t __attribute__((vector_size(16)));
};

template <typename Lanes>
struct Loops {
  using Floats = Lanes::Floats;
  using Ints = Lanes::Ints;
  using Bytes = Lanes::Bytes;
  static constexpr std::int64_t kLanes = sizeof(Floats) / sizeof(float);

  /// A vector of entries, or what is left of a row, the rest being `beyond`.
  OODML_LOOP static Floats load(const float* from, std::int64_t left, float beyond = 0.0f) {
    Floats values = beyond - Floats{};
    if (left >= kLanes) {
      std::memcpy(&values, from, sizeof values);  // of a length the compiler knows: one instruction
    } else {
      std::memcpy(&values, from, static_cast<std::size_t>(left) * sizeof(float));
    }
    return values;
  }

  OODML_LOOP static void store(const Floats& values, float* to, std::int64_t left) {
    if (left >= kLanes) {
      std::memcpy(to, &values, sizeof values);
    } else {
      std::memcpy(to, &values, static_cast<std::size_t>(left) * sizeof(float));
    }
  }

  OODML_LOOP static Ints load_mask(const bool* from, std::int64_t left) {
    Bytes bytes{};
    if (left >= kLanes) {
      std::memcpy(&bytes, from, sizeof bytes);
    } else {
      std::memcpy(&bytes, from, static_cast<std::size_t>(left));
    }
    return __builtin_convertvector(bytes, Ints) != 0;
  }

  OODML_LOOP static float sum_of(const Floats& values) {
    float sums[kLanes];
    std::memcpy(sums, &values, sizeof sums);
    for (std::int64_t half = kLanes / 2; half > 0; half /= 2) {
      for (std::int64_t j = 0; j < half; ++j) sums[j] += sums[j + half];
    }
    return sums[0];
  }

  OODML_LOOP static float largest_of(const Floats& values) {
    float all[kLanes];
    std::memcpy(all, &values, sizeof all);
    return *std::max_element(all, all + kLanes);
  }

  /// exp z for z <= 0 within two units of the last place; 0 below -80, where nothing of it would be seen.
  /// Cody and Waite's reduction with the polynomial of Cephes.
  OODML_LOOP static Floats exp_of_negative(const Floats& z) {
    constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to whole numbers
    const Floats within = z < -80.0f ? -80.0f - Floats{} : z;
    const Floats shifted = within * 1.44269504088896341f + kRound;
    const Floats n = shifted - kRound;
    const Floats r = (within - n * 0.693359375f) + n * 2.12194440e-4f;
    Floats p = 1.9875691500e-4f * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    const Floats fraction = p * r * r + r + 1.0f;
    const Floats power = std::bit_cast<Floats>((std::bit_cast<Ints>(shifted) + 127) << 23);
    return z < -80.0f ? Floats{} : fraction * power;
  }

  template <bool masked>
  OODML_LOOP static ExponentialSum exponentials_where(const float* z, const bool* mask, std::int64_t n, bool plus_one,
                                                      float* out) {
    const Floats none = kNoTerm - Floats{};
    Floats tops = none;
    for (std::int64_t j = 0; j < n; j += kLanes) {
      Floats terms = load(z + j, n - j, kNoTerm);
      if (masked) terms = load_mask(mask + j, n - j) ? terms : none;
      tops = terms > tops ? terms : tops;
    }
    float largest = largest_of(tops);
    if (largest == kNoTerm) largest = 0.0f;
    if (plus_one) largest = std::max(largest, 0.0f);
    Floats sums{};
    for (std::int64_t j = 0; j < n; j += kLanes) {
      Floats terms = load(z + j, n - j, kNoTerm);
      if (masked) terms = load_mask(mask + j, n - j) ? terms : none;
      terms = exp_of_negative(terms - largest);
      sums += terms;
      store(terms, out + j, n - j);
    }
    const float sum = sum_of(sums) + (plus_one ? std::exp(-largest) : 0.0f);
    if (sum == 0.0f) return {};
    return {std::log(sum) + largest, 1.0f / sum};
  }

  OODML_LOOP static ExponentialSum exponentials(const float* z, const bool* mask, std::int64_t n, bool plus_one,
                                                float* out) {
    return mask ? exponentials_where<true>(z, mask, n, plus_one, out)
                : exponentials_where<false>(z, mask, n, plus_one, out);
  }

  OODML_LOOP static float add_scaled(float* to, const float* from, float factor, std::int64_t n) {
    Floats sums{};
    for (std::int64_t j = 0; j < n; j += kLanes) {
      const Floats values = load(from + j, n - j);
      sums += values;
      store(load(to + j, n - j) + factor * values, to + j, n - j);
    }
    return sum_of(sums);
  }

  OODML_LOOP static void add_weighted(float* to, const float* from, const float* weights, float factor,
                                      std::int64_t n) {
    for (std::int64_t j = 0; j < n; j += kLanes) {
      const Floats values = load(from + j, n - j) * load(weights + j, n - j);
      store(load(to + j, n - j) + factor * values, to + j, n - j);
    }
  }

  OODML_LOOP static float dot(const float* a, const float* b, std::int64_t n) {
    Floats sums{};
    for (std::int64_t j = 0; j < n; j += kLanes) sums += load(a + j, n - j) * load(b + j, n - j);
    return sum_of(sums);
  }

  OODML_LOOP static float squared_distance(const float* a, const float* b, float shift, std::int64_t n) {
    Floats sums{}, more{};
    std::int64_t j = 0;
    for (; j + 2 * kLanes <= n; j += 2 * kLanes) {
      const Floats first = load(a + j, kLanes) - load(b + j, kLanes) + shift;
      const Floats second = load(a + j + kLanes, kLanes) - load(b + j + kLanes, kLanes) + shift;
      sums += first * first;
      more += second * second;
    }
    for (; j < n; j += kLanes) {
      // Beyond the row both differences are zero.
      const Floats difference = load(a + j, n - j, -shift) - load(b + j, n - j) + shift;
      sums += difference * difference;
    }
    return sum_of(sums + more);
  }

  OODML_LOOP static void spread(const float* a, const float* b, float shift, float factor, std::int64_t n, float* to_a,
                                float* to_b) {
    for (std::int64_t j = 0; j < n; j += kLanes) {
      const Floats step = factor * (load(a + j, n - j) - load(b + j, n - j) + shift);
      store(load(to_a + j, n - j) + step, to_a + j, n - j);
      store(load(to_b + j, n - j) - step, to_b + j, n - j);
    }
  }

  OODML_LOOP static void line(const float* s, const float* weights, float scale, float shift, std::int64_t n,
                              float* out) {
    for (std::int64_t j = 0; j < n; j += kLanes) {
      const Floats values = weights ? load(s + j, n - j) * load(weights + j, n - j) : load(s + j, n - j);
      store(scale * values + shift, out + j, n - j);
    }
  }

  OODML_LOOP static Bounds bounds(const float* s, const float* classes, float own, std::int64_t n) {
    const Floats none = kNoTerm - Floats{};
    Floats lowest = none, highest = none;  // lowest: of what is negated
    for (std::int64_t j = 0; j < n; j += kLanes) {
      const Floats values = load(s + j, n - j, kNoTerm);
      const Ints is_same = load(classes + j, n - j, own) == own, is_there = values > none;
      const Floats same = is_same & is_there ? -values : none, other = is_same ? none : values;
      lowest = same > lowest ? same : lowest;
      highest = other > highest ? other : highest;
    }
    return {-largest_of(lowest), largest_of(highest)};
  }

  OODML_LOOP static Taken take(const float* s, const float* classes, float own, Bounds bounds, float margin,
                               Line same_line, Line other_line, std::int64_t n, float* same, float* other) {
    const Floats none = kNoTerm - Floats{};
    Ints same_count{}, other_count{};
    for (std::int64_t j = 0; j < n; j += kLanes) {
      const Floats values = load(s + j, n - j, kNoTerm);
      const Ints is_same = load(classes + j, n - j, own) == own, is_there = values > none;
      const Ints takes_same = is_same & is_there & (values - margin < bounds.highest_other);
      const Ints takes_other = ~is_same & is_there & (values + margin > bounds.lowest_same);
      same_count -= takes_same;  // true is -1
      other_count -= takes_other;
      store(takes_same ? same_line.scale * values + same_line.shift : none, same + j, n - j);
      store(takes_other ? other_line.scale * values + other_line.shift : none, other + j, n - j);
    }
    Taken taken;
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      taken.same += same_count[lane];
      taken.other += other_count[lane];
    }
    return taken;
  }
};

#define OODML_ROW_KERNELS(name, lanes, target)                                                                        \
  struct name {                                                                                                       \
    target static ExponentialSum exponentials_of(const float* z, const bool* mask, std::int64_t n, bool plus_one,     \
                                                 float* out) {                                                        \
      return Loops<lanes>::exponentials(z, mask, n, plus_one, out);                                                   \
    }                                                                                                                 \
    target static float add_scaled_to(float* to, const float* from, float factor, std::int64_t n) {                   \
      return Loops<lanes>::add_scaled(to, from, factor, n);                                                           \
    }                                                                                                                 \
    target static void add_weighted_to(float* to, const float* from, const float* weights, float factor,              \
                                       std::int64_t n) {                                                              \
      Loops<lanes>::add_weighted(to, from, weights, factor, n);                                                       \
    }                                                                                                                 \
    target static float dot_of(const float* a, const float* b, std::int64_t n) { return Loops<lanes>::dot(a, b, n); } \
    target static float squared_distance_of(const float* a, const float* b, float shift, std::int64_t n) {            \
      return Loops<lanes>::squared_distance(a, b, shift, n);                                                          \
    }                                                                                                                 \
    target static void spread_to(const float* a, const float* b, float shift, float factor, std::int64_t n,           \
                                 float* to_a, float* to_b) {                                                          \
      Loops<lanes>::spread(a, b, shift, factor, n, to_a, to_b);                                                       \
    }                                                                                                                 \
    target static void line_of(const float* s, const float* weights, float scale, float shift, std::int64_t n,        \
                               float* out) {                                                                          \
      Loops<lanes>::line(s, weights, scale, shift, n, out);                                                           \
    }                                                                                                                 \
    target static Bounds bounds_of(const float* s, const float* classes, float own, std::int64_t n) {                 \
      return Loops<lanes>::bounds(s, classes, own, n);                                                                \
    }                                                                                                                 \
    target static Taken take_of(const float* s, const float* classes, float own, Bounds bounds, float margin,         \
                                Line same_line, Line other_line, std::int64_t n, float* same, float* other) {         \
      return Loops<lanes>::take(s, classes, own, bounds, margin, same_line, other_line, n, same, other);              \
    }                                                                                                                 \
    static constexpr RowKernels kAll{exponentials_of, add_scaled_to, add_weighted_to, dot_of, squared_distance_of,    \
                                     spread_to,       line_of,       bounds_of,       take_of};                       \
  }

OODML_ROW_KERNELS(Plain, FourLanes, );
#if defined(__x86_64__)
OODML_ROW_KERNELS(Avx2, EightLanes, __attribute__((target("avx2,fma"))));
OODML_ROW_KERNELS(Avx512, SixteenLanes, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))));
#endif

}  // namespace

const RowKernels& row_kernels([[maybe_unused]] products::Registers registers) {
#if defined(__x86_64__)
  if (registers == products::Registers::kAvx512 && products::has_registers(registers)) return Avx512::kAll;
  if (registers != products::Registers::kPlain && products::has_registers(products::Registers::kAvx2))
    return Avx2::kAll;
#endif
  return Plain::kAll;
}

}  // namespace oodml::criteria
