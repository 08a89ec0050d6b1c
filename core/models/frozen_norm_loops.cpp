#include "core/models/frozen_norm_loops.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/products/wide.h"

namespace oodml::models {
namespace {

using products::wide;

/// Pixels that are added up in single precision before the sums in double precision take them.
constexpr std::int64_t kPixelsInSingle = 16;

/// Not a number stays what it is.
inline float positive(float value) { return value < 0.0f ? 0.0f : value; }
inline float where_positive(float value, float gradient) { return value <= 0.0f ? 0.0f : gradient; }

template <bool has_beside, bool rectify>
void norm_planes(const float* x, const float* beside, const ChannelLines* lines, std::int64_t pixels,
                 std::int64_t count, float* y) {
  const std::int64_t channels = lines->channels;
  for (std::int64_t plane = 0; plane < count * channels; ++plane) {
    const float scale = lines->scale[plane % channels], shift = lines->shift[plane % channels];
    const std::int64_t at = plane * pixels;
#pragma omp simd
    for (std::int64_t j = at; j < at + pixels; ++j) {
      const float value = x[j] * scale + shift + (has_beside ? beside[j] : 0.0f);
      y[j] = rectify ? positive(value) : value;
    }
  }
}

template <bool has_beside, bool rectify>
void norm_rows(const float* x, const float* beside, const ChannelLines* lines, std::int64_t pixels, std::int64_t count,
               float* y) {
  const float *const scale = lines->scale, *const shift = lines->shift;
  const std::int64_t channels = lines->channels;
  for (std::int64_t row = 0; row < count * pixels; ++row) {
    const std::int64_t at = row * channels;
#pragma omp simd
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = x[at + c] * scale[c] + shift[c] + (has_beside ? beside[at + c] : 0.0f);
      y[at + c] = rectify ? positive(value) : value;
    }
  }
}

template <bool has_beside, bool rectify>
void norm_any(const float* x, const float* beside, const ChannelLines& lines, const MapShape& shape, std::int64_t count,
              float* y) {
  if (shape.channels_last) {
    wide<norm_rows<has_beside, rectify>>(x, beside, &lines, shape.pixels, count, y);
  } else {
    wide<norm_planes<has_beside, rectify>>(x, beside, &lines, shape.pixels, count, y);
  }
}

/// What a walk backwards reads and writes.
struct Backwards {
  const float *gradient, *y, *x;
  float *to_x, *to_beside;
};

template <bool rectify, bool has_beside>
void planes_backwards(const Backwards* of, const ChannelLines* lines, std::int64_t pixels, std::int64_t count,
                      const ChannelSums* sums) {
  const float *const gradient = of->gradient, *const y = of->y, *const x = of->x;
  float *const to_x = of->to_x, *const to_beside = of->to_beside;
  const std::int64_t channels = lines->channels;
  for (std::int64_t plane = 0; plane < count * channels; ++plane) {
    const std::int64_t c = plane % channels, at = plane * pixels;
    const float scale = lines->scale[c], mean = lines->mean[c];
    float sum = 0.0f, moved = 0.0f;
#pragma omp simd reduction(+ : sum, moved)
    for (std::int64_t j = at; j < at + pixels; ++j) {
      const float g = rectify ? where_positive(y[j], gradient[j]) : gradient[j];
      sum += g;
      moved += g * (x[j] - mean);
      to_x[j] = g * scale;
      if (has_beside) to_beside[j] = g;
    }
    sums->gradient[c] += sum;
    sums->moved[c] += moved;
  }
}

template <bool rectify, bool has_beside>
void rows_backwards(const Backwards* of, const ChannelLines* lines, std::int64_t rows, float* some,
                    const ChannelSums* sums) {
  const float *const gradient = of->gradient, *const y = of->y, *const x = of->x;
  float *const to_x = of->to_x, *const to_beside = of->to_beside;
  const float *const scale = lines->scale, *const mean = lines->mean;
  const std::int64_t channels = lines->channels;
  float *const sum = some, *const moved = some + channels;
  for (std::int64_t first = 0; first < rows; first += kPixelsInSingle) {
    std::fill(some, some + 2 * channels, 0.0f);
    for (std::int64_t row = first; row < std::min(first + kPixelsInSingle, rows); ++row) {
      const std::int64_t at = row * channels;
#pragma omp simd
      for (std::int64_t c = 0; c < channels; ++c) {
        const float g = rectify ? where_positive(y[at + c], gradient[at + c]) : gradient[at + c];
        sum[c] += g;
        moved[c] += g * (x[at + c] - mean[c]);
        to_x[at + c] = g * scale[c];
        if (has_beside) to_beside[at + c] = g;
      }
    }
    for (std::int64_t c = 0; c < channels; ++c) {
      sums->gradient[c] += sum[c];
      sums->moved[c] += moved[c];
    }
  }
}

template <bool rectify, bool has_beside>
void backwards_any(const Backwards& of, const ChannelLines& lines, const MapShape& shape, std::int64_t count,
                   const ChannelSums& sums) {
  if (shape.channels_last) {
    std::vector<float> some(static_cast<std::size_t>(2 * lines.channels));
    wide<rows_backwards<rectify, has_beside>>(&of, &lines, count * shape.pixels, some.data(), &sums);
  } else {
    wide<planes_backwards<rectify, has_beside>>(&of, &lines, shape.pixels, count, &sums);
  }
}

}  // namespace

void norm_images(const float* x, const float* beside, const ChannelLines& lines, const MapShape& shape, bool rectify,
                 std::int64_t count, float* y) {
  if (beside != nullptr) {
    rectify ? norm_any<true, true>(x, beside, lines, shape, count, y)
            : norm_any<true, false>(x, beside, lines, shape, count, y);
  } else {
    rectify ? norm_any<false, true>(x, beside, lines, shape, count, y)
            : norm_any<false, false>(x, beside, lines, shape, count, y);
  }
}

void norm_images_backwards(const float* gradient, const float* y, const float* x, const ChannelLines& lines,
                           const MapShape& shape, std::int64_t count, float* to_x, float* to_beside,
                           const ChannelSums& sums) {
  const Backwards of{gradient, y, x, to_x, to_beside};
  if (y != nullptr) {
    to_beside ? backwards_any<true, true>(of, lines, shape, count, sums)
              : backwards_any<true, false>(of, lines, shape, count, sums);
  } else {
    to_beside ? backwards_any<false, true>(of, lines, shape, count, sums)
              : backwards_any<false, false>(of, lines, shape, count, sums);
  }
}

namespace {

constexpr float kBelowAll = -std::numeric_limits<float>::infinity();

/// A row as windows see it: entries 0, 2, 4, ..., and one that is below all before entries 1, 3, 5, ...
struct SplitRow {
  float *even, *odd;
};

inline void split(const float* x, float scale, float shift, std::int64_t width, const SplitRow& to) {
  for (std::int64_t j = 0; j < width / 2; ++j) {
    to.even[j] = positive(x[2 * j] * scale + shift);
    to.odd[j + 1] = positive(x[2 * j + 1] * scale + shift);
  }
  if (width % 2 != 0) to.even[width / 2] = positive(x[width - 1] * scale + shift);
}

/// One row of windows over three rows.
inline void largest_of_windows(const SplitRow* const* rows, std::int64_t windows, float* pooled, std::uint8_t* places) {
  const float *const a = rows[0]->even, *const b = rows[0]->odd, *const c = rows[1]->even, *const d = rows[1]->odd,
                     *const e = rows[2]->even, *const f = rows[2]->odd;
#pragma omp simd
  for (std::int64_t j = 0; j < windows; ++j) {
    const float values[9] = {b[j], a[j], b[j + 1], d[j], c[j], d[j + 1], f[j], e[j], f[j + 1]};
    float best = kBelowAll;
    std::int32_t place = 0;
    for (std::int32_t k = 0; k < 9; ++k) {
      const bool larger = values[k] > best || values[k] != values[k];
      best = larger ? values[k] : best;
      place = larger ? k : place;
    }
    pooled[j] = best;
    places[j] = static_cast<std::uint8_t>(place);
  }
}

/// `room` of 4 * (2 * windows a row + 1) floats.
void pool_planes(const float* x, const ChannelLines* lines, const PoolShape* shape, float* room, float* pooled,
                 std::uint8_t* places) {
  const std::int64_t height = shape->height, width = shape->width, windows = shape->out_width();
  SplitRow rows[4];  // 0 ... 2: row r of the plane in rows[r % 3]; 3: below all
  std::fill(room, room + 4 * (2 * windows + 1), kBelowAll);
  for (std::int64_t r = 0; r < 4; ++r) rows[r] = {room + r * (2 * windows + 1), room + r * (2 * windows + 1) + windows};
  for (std::int64_t c = 0; c < lines->channels; ++c, x += height * width) {
    const auto ready = [&](std::int64_t r) -> const SplitRow* {
      if (r < 0 || r >= height) return &rows[3];
      split(x + r * width, lines->scale[c], lines->shift[c], width, rows[r % 3]);
      return &rows[r % 3];
    };
    const SplitRow* above = &rows[3];
    for (std::int64_t out = 0; out < shape->out_height(); ++out, pooled += windows, places += windows) {
      const SplitRow* const three[] = {above, ready(2 * out), ready(2 * out + 1)};
      largest_of_windows(three, windows, pooled, places);
      above = three[2];
    }
  }
}

}  // namespace

void pool_image(const float* x, const ChannelLines& lines, const PoolShape& shape, float* pooled,
                std::uint8_t* places) {
  std::vector<float> room(static_cast<std::size_t>(4 * (2 * shape.out_width() + 1)));
  wide<pool_planes>(x, &lines, &shape, room.data(), pooled, places);
}

void pool_image_backwards(const float* gradient, const float* pooled, const std::uint8_t* places, const float* x,
                          const ChannelLines& lines, const PoolShape& shape, float* to_x, const ChannelSums& sums) {
  const std::int64_t pixels = shape.height * shape.width, windows = shape.out_width();
  std::fill(to_x, to_x + lines.channels * pixels, 0.0f);
  for (std::int64_t c = 0; c < lines.channels; ++c, x += pixels, to_x += pixels) {
    const float scale = lines.scale[c], mean = lines.mean[c];
    double sum = 0.0, moved = 0.0;
    for (std::int64_t out = 0; out < shape.out_height(); ++out) {
      for (std::int64_t j = 0; j < windows; ++j, ++gradient, ++pooled, ++places) {
        const float g = where_positive(*pooled, *gradient);
        const std::int64_t place = *places, at = (2 * out - 1 + place / 3) * shape.width + 2 * j - 1 + place % 3;
        sum += g;
        moved += g * (x[at] - mean);
        to_x[at] += g * scale;
      }
    }
    sums.gradient[c] += sum;
    sums.moved[c] += moved;
  }
}

}  // namespace oodml::models
