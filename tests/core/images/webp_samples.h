#pragma once

#include <string>
#include <vector>

namespace oodml::images {

/// A WebP file of 9 x 7 pixels, and what Pillow 13 with libwebp 1.6 makes of it: open(file).mode, and the bytes of
/// open(file).convert("RGB").
struct WebpSample {
  std::string name, mode, file, rgb;
};

/// Lossy, lossless, each with alpha, and an animation whose first frame, smaller than the image, lies within it.
std::vector<WebpSample> webp_samples();

}  // namespace oodml::images
