#pragma once

#include <cstdint>

namespace oodml::models {

/// A norm as one line a channel: x -> x * scale + shift, and the mean for the gradient of its weight.
struct ChannelLines {
  const float *scale, *shift, *mean;  ///< [C]
  std::int64_t channels;
};

/// Images of one kind, as they lie in memory: `pixels` of each channel side by side, or the channels of each pixel.
struct MapShape {
  std::int64_t channels, pixels;
  bool channels_last;
};

/// What a walk backwards adds up by channel: the gradient, and the gradient times x - mean.
struct ChannelSums {
  double *gradient, *moved;  ///< [C]
};

/// `count` images of x: y = line(x) + beside, or its positive part; `beside` may be null.
void norm_images(const float* x, const float* beside, const ChannelLines& lines, const MapShape& shape, bool rectify,
                 std::int64_t count, float* y);

/// The gradient in x, and in `beside` where to_beside is not null. y is what norm_images wrote where it rectified, and
/// null where it did not.
void norm_images_backwards(const float* gradient, const float* y, const float* x, const ChannelLines& lines,
                           const MapShape& shape, std::int64_t count, float* to_x, float* to_beside,
                           const ChannelSums& sums);

/// Planes of one image, one a channel, and what a window of 3 x 3, two apart, sees of them.
struct PoolShape {
  std::int64_t height, width;
  std::int64_t out_height() const { return (height + 1) / 2; }
  std::int64_t out_width() const { return (width + 1) / 2; }
};

/// One image: the largest rectified value of each window, and the first place in it that has it, row by row from 0
/// to 8.
void pool_image(const float* x, const ChannelLines& lines, const PoolShape& shape, float* pooled, std::uint8_t* places);

/// The gradient of that in x, all of which is written.
void pool_image_backwards(const float* gradient, const float* pooled, const std::uint8_t* places, const float* x,
                          const ChannelLines& lines, const PoolShape& shape, float* to_x, const ChannelSums& sums);

}  // namespace oodml::models
