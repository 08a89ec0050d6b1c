#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/seeds.h"
#include "core/images/colour.h"
#include "core/images/level_values.h"
#include "core/images/normalisation.h"
#include "core/images/resize.h"

namespace oodml::images {

/// What is done to an image before it is normalised (docs/data.md#pipelines).
enum class Pipeline {
  kEvaluation,  ///< Resize, CenterCrop
  kBase,        ///< RandomResizedCrop, flip; `big` is the same at another size
  kAdv,         ///< RandomResizedCrop, grey-scale in one of five, ColorJitter, flip
  kRed,         ///< Resize, RandomCrop, flip
};

/// How decoded images become network input.
struct TransformOptions {
  Pipeline pipeline = Pipeline::kEvaluation;
  std::int64_t crop_size = 224;
  std::int64_t resize = 256;  ///< Shorter side before the crop of evaluation and of kRed.
  Normalisation normalisation;
  bool fast_decode = false;  ///< Images larger than needed may be decoded at a fraction of their size.
};

/// All that is drawn for one view of an image; depends on its size, not on its pixels.
struct View {
  Box source;   ///< The region that is resized
  Size target;  ///< to this size,
  Box wanted;   ///< and of that the crop; one smaller than crop_size is centred on black.
  bool grey = false;
  std::optional<ColourJitter> jitter;
  bool flip = false;
};

/// Turns images into normalised planes. Immutable, shared by threads; each brings a Scratch of its own.
class Transform {
 public:
  struct Scratch {
    Resizer resizer;
    std::vector<std::uint8_t> pixels;
  };

  /// Throws std::invalid_argument for sizes below 1, and for kRed with a resize below crop_size.
  explicit Transform(TransformOptions options);

  /// Draws in the order crop, grey-scale, jitter, flip; evaluation draws nothing.
  View draw(const Size& image, Random& random) const;
  /// The pixels that the view reads.
  Wanted wanted_by(const View& view) const;

  /// Writes [3, crop_size, crop_size] floats: (level / 255 - mean) / std in float arithmetic. `part` must hold what
  /// the view reads.
  void apply(const ImagePart& part, const View& view, Scratch& scratch, float* output) const;

  /// The halves of apply: crop_size x crop_size RGB in scratch.pixels before the flip, and the flip with the floats.
  void render(const ImagePart& part, const View& view, Scratch& scratch) const;
  void normalise(const Scratch& scratch, bool flip, float* output) const;

 private:
  TransformOptions options_;
  LevelValues values_;
};

/// What two readers of one image want together.
Wanted wanted_by_both(const Wanted& a, const Wanted& b);

}  // namespace oodml::images
