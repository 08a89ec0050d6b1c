#include "core/images/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/images/resize_kernels.h"

namespace oodml::images {
namespace {

/// Start and length of what outputs [first, first + outputs) of an axis read, with room for rounding.
std::pair<std::int64_t, std::int64_t> reach(std::int64_t input, std::int64_t output, std::int64_t first,
                                            std::int64_t outputs) {
  const double scale = static_cast<double>(input) / static_cast<double>(output);
  const double support = std::max(scale, 1.0) + 1.0;
  const double low = (static_cast<double>(first) + 0.5) * scale - support;
  const double high = (static_cast<double>(first + outputs) - 0.5) * scale + support;
  const std::int64_t start = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(low)));
  return {start, std::min(input, static_cast<std::int64_t>(std::ceil(high))) - start};
}

}  // namespace

Box source_region(const Box& source, const Size& target, const Box& wanted) {
  const auto [top, height] = reach(source.height, target.height, wanted.top, wanted.height);
  const auto [left, width] = reach(source.width, target.width, wanted.left, wanted.width);
  return {source.top + top, source.left + left, height, width};
}

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

void Resizer::resize(const ImagePart& part, const Box& source, const Size& target, const Box& wanted,
                     std::uint8_t* output, std::int64_t stride) {
  if (wanted.width <= 0 || wanted.height <= 0) return;
  const std::int64_t bytes = 3 * wanted.width;
  const bool across = target.width != source.width;
  const bool down = target.height != source.height;
  if (across) horizontal_.compute(source.width, target.width, wanted.left, wanted.width);
  if (down) vertical_.compute(source.height, target.height, wanted.top, wanted.height);

  // Input rows [top, top + count) of the crop reach the wanted output rows, from column `left` of the part on.
  const std::int64_t top = down ? vertical_.from.front() : wanted.top;
  const std::int64_t count = down ? vertical_.from.back() + vertical_.count.back() - top : wanted.height;
  const std::int64_t left = source.left - part.left + (across ? 0 : wanted.left);
  const std::int64_t first_row = source.top + top - part.top;
  const std::vector<std::uint8_t>& pixels = part.pixels().pixels;
  std::int64_t rows_stride = 3 * part.pixels().width;
  const std::uint8_t* rows = pixels.data() + first_row * rows_stride;
  if (across) {
    for (std::int64_t& from : horizontal_.from) from += left;  // from the part's first column, not the crop's
    std::uint8_t* resized = output;
    std::int64_t resized_stride = stride;
    if (down) {
      rows_.resize(static_cast<std::size_t>(count * bytes));
      resized = rows_.data();
      resized_stride = bytes;
    }
    resize_across(
        {rows, rows_stride, count, pixels.data() + pixels.size()},
        {horizontal_.from.data(), horizontal_.count.data(), horizontal_.weights.data(), horizontal_.taps, wanted.width},
        resized, resized_stride);
    rows = resized;
    rows_stride = resized_stride;
  } else {
    rows += 3 * left;
  }
  if (down) {
    for (std::int64_t y = 0; y < wanted.height; ++y) {
      const auto i = static_cast<std::size_t>(y);
      mix_rows(rows + (vertical_.from[i] - top) * rows_stride, rows_stride,
               vertical_.weights.data() + y * vertical_.taps, vertical_.count[i], bytes, output + y * stride);
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
  Resizer().resize(ImagePart::whole(image), {0, 0, image.height, image.width}, target,
                   {0, 0, target.height, target.width}, output.pixels.data(), 3 * target.width);
  return output;
}

}  // namespace oodml::images
