#pragma once

#include <cstdint>
#include <vector>

#include "core/data/dataset.h"

namespace oodml::data {

struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// A region of an image, in pixels.
struct Box {
  std::int64_t top = 0, left = 0, height = 0, width = 0;
  friend bool operator==(const Box&, const Box&) = default;
};

/// Anti-aliased bilinear resize with Pillow's 8-bit arithmetic (training.md 2.2): horizontal pass first, 22-bit
/// weights. Holds buffers that are reused between calls; one object a thread.
class Resizer {
 public:
  /// Crops `source` out of `image`, resizes the crop to `target`, and writes the region `wanted` of the result to
  /// `output` (rows of `stride` bytes). Pixels outside `wanted` are never computed. Boxes must lie inside.
  void resize(const Image& image, const Box& source, const Size& target, const Box& wanted, std::uint8_t* output,
              std::int64_t stride);

 private:
  /// The taps of the output coordinates first, first + 1, ... of one axis.
  struct Axis {
    std::int64_t taps = 0;              ///< weights kept for each output
    std::vector<std::int64_t> from;     ///< first input coordinate
    std::vector<std::int64_t> count;    ///< inputs that count
    std::vector<std::int32_t> weights;  ///< [output][taps], 22 fractional bits
    std::vector<double> exact;

    void compute(std::int64_t input, std::int64_t output, std::int64_t first, std::int64_t outputs);
  };

  Axis horizontal_, vertical_;
  std::vector<std::uint8_t> rows_;  ///< the input rows that the vertical pass needs, horizontally resized
  std::vector<std::int32_t> sums_;
};

/// The whole image at another size.
Image resized(const Image& image, const Size& target);

}  // namespace oodml::data
