#pragma once

#include "core/base/seeds.h"
#include "core/images/image.h"

namespace oodml::images {

/// The region that RandomResizedCrop takes (docs/data.md#crops): area 0.08..1, aspect 3/4..4/3, ten attempts.
Box random_resized_crop(const Size& image, Random& random);
/// What it takes when all attempts failed: the largest central region with an aspect of 3/4 to 4/3.
Box fallback_crop(const Size& image);

/// side x side anywhere inside; the image must be as large.
Box random_crop(const Size& image, std::int64_t side, Random& random);
/// side x side in the middle, or less where the image is smaller.
Box centre_crop(const Size& image, std::int64_t side);

/// The size after Resize(shorter): the shorter side becomes `shorter`, the other is truncated.
Size shorter_side_to(const Size& image, std::int64_t shorter);

}  // namespace oodml::images
