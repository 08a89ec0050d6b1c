#pragma once

#include <string>

#include "core/base/result.h"
#include "core/images/image.h"

namespace oodml::images {

/// The bytes of an 8-bit RGB PNG file; decode_image gives the same pixels again. kInvalidArgument for an empty image.
Result<std::string> encode_png(const Image& image);

}  // namespace oodml::images
