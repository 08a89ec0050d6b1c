#include "core/data/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace oodml::data {
namespace {

constexpr int kFractionBits = 22;
constexpr std::int32_t kHalf = 1 << (kFractionBits - 1);

std::uint8_t to_level(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255)); }

void resize_row(const std::uint8_t* input, const std::int64_t* from, const std::int64_t* count,
                const std::int32_t* weights, std::int64_t taps, std::int64_t outputs, std::uint8_t* output) {
  for (std::int64_t x = 0; x < outputs; ++x, weights += taps, output += 3) {
    const std::uint8_t* pixel = input + 3 * from[x];
    std::int32_t red = kHalf, green = kHalf, blue = kHalf;
    for (std::int64_t t = 0; t < count[x]; ++t, pixel += 3) {
      red += weights[t] * pixel[0];
      green += weights[t] * pixel[1];
      blue += weights[t] * pixel[2];
    }
    output[0] = to_level(red);
    output[1] = to_level(green);
    output[2] = to_level(blue);
  }
}

/// One output row from `count` input rows, `bytes` wide each.
[[gnu::always_inline]] inline void mix_rows(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weights,
                                            std::int64_t count, std::int64_t bytes, std::int32_t* __restrict sums,
                                            std::uint8_t* __restrict output) {
  std::fill(sums, sums + bytes, kHalf);
  for (std::int64_t t = 0; t < count; ++t) {
    const std::uint8_t* row = rows + t * stride;
    const std::int32_t weight = weights[t];
    for (std::int64_t i = 0; i < bytes; ++i) sums[i] += weight * row[i];
  }
  for (std::int64_t i = 0; i < bytes; ++i) output[i] = to_level(sums[i]);
}

// The same integers by wider instructions; which of the two ran cannot be seen in a pixel.
#if defined(__x86_64__)
[[gnu::target("avx2")]] void mix_rows_avx2(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weights,
                                           std::int64_t count, std::int64_t bytes, std::int32_t* sums,
                                           std::uint8_t* output) {
  mix_rows(rows, stride, weights, count, bytes, sums, output);
}
#endif
void mix_rows_plain(const std::uint8_t* rows, std::int64_t stride, const std::int32_t* weights, std::int64_t count,
                    std::int64_t bytes, std::int32_t* sums, std::uint8_t* output) {
  mix_rows(rows, stride, weights, count, bytes, sums, output);
}

decltype(&mix_rows_plain) fastest_mix_rows() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return mix_rows_avx2;
#endif
  return mix_rows_plain;
}

}  // namespace

void Resizer::Axis::compute(std::int64_t input, std::int64_t output, std::int64_t first, std::int64_t outputs) {
  const double scale = static_cast<double>(input) / static_cast<double>(output);
  const double support = std::max(scale, 1.0);
  const double inverse = 1.0 / support;
  taps = 2 * static_cast<std::int64_t>(std::ceil(support)) + 1;
  from.resize(static_cast<std::size_t>(outputs));
  count.resize(static_cast<std::size_t>(outputs));
  weights.resize(static_cast<std::size_t>(outputs * taps));
  exact.resize(static_cast<std::size_t>(taps));

  std::int32_t* weight = weights.data();
  for (std::int64_t i = 0; i < outputs; ++i, weight += taps) {
    const double centre = (static_cast<double>(first + i) + 0.5) * scale;
    const auto low = std::max<std::int64_t>(0, static_cast<std::int64_t>(centre - support + 0.5));
    const auto high = std::min(input, static_cast<std::int64_t>(centre + support + 0.5));
    double sum = 0.0;
    for (std::int64_t t = 0; t < high - low; ++t) {
      const double distance = std::abs((static_cast<double>(t + low) - centre + 0.5) * inverse);
      exact[static_cast<std::size_t>(t)] = distance < 1.0 ? 1.0 - distance : 0.0;
      sum += exact[static_cast<std::size_t>(t)];
    }
    const double normaliser = 1.0 / sum;
    for (std::int64_t t = 0; t < high - low; ++t) {
      const double share = exact[static_cast<std::size_t>(t)] * normaliser;
      weight[t] = static_cast<std::int32_t>(0.5 + share * (1 << kFractionBits));
    }
    from[static_cast<std::size_t>(i)] = low;
    count[static_cast<std::size_t>(i)] = high - low;
  }
}

void Resizer::resize(const Image& image, const Box& source, const Size& target, const Box& wanted, std::uint8_t* output,
                     std::int64_t stride) {
  static const auto fast_mix_rows = fastest_mix_rows();
  if (wanted.width <= 0 || wanted.height <= 0) return;
  const std::int64_t image_stride = 3 * image.width;
  const std::int64_t bytes = 3 * wanted.width;
  const bool across = target.width != source.width;
  const bool down = target.height != source.height;
  if (across) horizontal_.compute(source.width, target.width, wanted.left, wanted.width);
  if (down) vertical_.compute(source.height, target.height, wanted.top, wanted.height);

  // Input rows [top, bottom) of the crop reach the wanted output rows.
  const std::int64_t top = down ? vertical_.from.front() : wanted.top;
  const std::int64_t bottom = down ? vertical_.from.back() + vertical_.count.back() : wanted.top + wanted.height;
  const std::uint8_t* rows = image.pixels.data() + (source.top + top) * image_stride + 3 * source.left;
  std::int64_t rows_stride = image_stride;
  if (across) {
    std::uint8_t* resized = output;
    std::int64_t resized_stride = stride;
    if (down) {
      rows_.resize(static_cast<std::size_t>((bottom - top) * bytes));
      resized = rows_.data();
      resized_stride = bytes;
    }
    for (std::int64_t y = 0; y < bottom - top; ++y) {
      resize_row(rows + y * image_stride, horizontal_.from.data(), horizontal_.count.data(), horizontal_.weights.data(),
                 horizontal_.taps, wanted.width, resized + y * resized_stride);
    }
    rows = resized;
    rows_stride = resized_stride;
  } else {
    rows += 3 * wanted.left;
  }
  if (down) {
    sums_.resize(static_cast<std::size_t>(bytes));
    for (std::int64_t y = 0; y < wanted.height; ++y) {
      const auto i = static_cast<std::size_t>(y);
      fast_mix_rows(rows + (vertical_.from[i] - top) * rows_stride, rows_stride,
                    vertical_.weights.data() + y * vertical_.taps, vertical_.count[i], bytes, sums_.data(),
                    output + y * stride);
    }
  } else if (!across) {
    for (std::int64_t y = 0; y < wanted.height; ++y) {
      std::memcpy(output + y * stride, rows + y * rows_stride, static_cast<std::size_t>(bytes));
    }
  }
}

Image resized(const Image& image, const Size& target) {
  Image output{.width = target.width, .height = target.height, .pixels = {}};
  output.pixels.resize(static_cast<std::size_t>(3 * target.width * target.height));
  Resizer().resize(image, {0, 0, image.height, image.width}, target, {0, 0, target.height, target.width},
                   output.pixels.data(), 3 * target.width);
  return output;
}

}  // namespace oodml::data
