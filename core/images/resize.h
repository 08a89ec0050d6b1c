#pragma once

#include <cstdint>
#include <vector>

#include "core/images/image.h"

namespace oodml::images {

/// Anti-aliased bilinear resize with Pillow's 8-bit arithmetic (docs/data.md#resize): horizontal pass first, 22-bit
/// weights. Holds buffers that are reused between calls; one object a thread.
class Resizer {
 public:
  /// Crops `source` out of `part` (in pixels of its scaled image), resizes the crop to `target`, and writes the region
  /// `wanted` of the result to `output` (rows of `stride` bytes). Pixels outside `wanted` are never computed. Boxes
  /// must lie inside, and `part` must cover source_region(source, target, wanted).
  void resize(const ImagePart& part, const Box& source, const Size& target, const Box& wanted, std::uint8_t* output,
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
};

/// The pixels of the image that resize reads, and at most two more on each side.
Box source_region(const Box& source, const Size& target, const Box& wanted);

/// The whole image at another size.
Image resized(const Image& image, const Size& target);

}  // namespace oodml::images
