#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/seeds.h"
#include "core/data/dataset.h"
#include "core/data/resize.h"

namespace oodml::data {

/// How decoded images become network input (training.md 2).
struct TransformOptions {
  bool training = false;  ///< RandomResizedCrop + flip instead of Resize + CenterCrop.
  std::int64_t crop_size = 224;
  std::int64_t resize = 256;  ///< Shorter side before the central crop of evaluation.
  std::vector<float> mean = {0.485F, 0.456F, 0.406F};
  std::vector<float> std = {0.229F, 0.224F, 0.225F};
};

/// The region that RandomResizedCrop takes (training.md 2.3): area 0.08..1, aspect 3/4..4/3, ten attempts.
Box random_resized_crop(const Size& image, Random& random);
/// What it takes when all attempts failed: the largest central region with an aspect of 3/4 to 4/3.
Box fallback_crop(const Size& image);

/// The size after Resize(shorter): the shorter side becomes `shorter`, the other is truncated.
Size shorter_side_to(const Size& image, std::int64_t shorter);

/// Turns images into normalised planes. Immutable, shared by threads; each brings a Scratch of its own.
class Transform {
 public:
  struct Scratch {
    Resizer resizer;
    std::vector<std::uint8_t> pixels;
  };

  explicit Transform(TransformOptions options);

  /// Writes [3, crop_size, crop_size] floats, channels red, green, blue: (level / 255 - mean) / std in float
  /// arithmetic. Draws from `random` when training: the crop, then the flip.
  void apply(const Image& image, Random& random, Scratch& scratch, float* output) const;

  /// The 8-bit halves of apply: crop_size x crop_size RGB in scratch.pixels.
  void training_crop(const Image& image, const Box& box, Scratch& scratch) const;
  void evaluation_crop(const Image& image, Scratch& scratch) const;
  void normalise(const Scratch& scratch, bool flip, float* output) const;

 private:
  TransformOptions options_;
  std::array<std::array<float, 256>, 3> levels_;  ///< [channel][level], normalised
};

}  // namespace oodml::data
