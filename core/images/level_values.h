#pragma once

#include <array>
#include <cstdint>

#include "core/images/normalisation.h"

namespace oodml::images {

/// The value of each level, (level / 255 - mean) / std in float arithmetic, and rows of RGB made planes of values.
class LevelValues {
 public:
  explicit LevelValues(const Normalisation& normalisation);

  /// `width` pixels to red[0..], green[0..] and blue[0..], from the last to the first when `flip`. Reads up to four
  /// bytes behind the row, none from `end` on.
  void write_row(const std::uint8_t* pixels, const std::uint8_t* end, std::int64_t width, bool flip, float* red,
                 float* green, float* blue) const;

 private:
  /// Both divisions as products with a reciprocal in two parts. Rounded twice they are not always those of a division,
  /// so that it is looked at all 256 levels whether they are.
  struct Products {
    float mean, inverse, inverse_rest;  ///< of the deviation
  };
  static constexpr float kInverse = 1.0F / 255.0F;
  static constexpr float kInverseRest = static_cast<float>(1.0 / 255.0 - static_cast<double>(kInverse));

  static float by_products(float level, const Products& products);
  std::int64_t write_eights(const std::uint8_t* pixels, const std::uint8_t* end, std::int64_t width, bool flip,
                            const std::array<float*, 3>& planes) const;

  std::array<std::array<float, 256>, 3> values_;  ///< [channel][level]
  std::array<Products, 3> products_;
  bool by_products_ = false;  ///< this processor has the instructions, and they give the same values
};

}  // namespace oodml::images
