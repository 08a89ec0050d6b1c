#pragma once

#include "core/images/image.h"

namespace oodml::images {

/// The image rotated counter-clockwise by `turns` times 90 degrees about its centre on a canvas of the same size:
/// what leaves it is lost, what it leaves is black. Pillow's Image.rotate without expand; the rotated view of ooDML
/// (docs/data.md#pipelines), where turns is the position of the image.
Image rotated_on_canvas(const Image& image, std::int64_t turns);

}  // namespace oodml::images
