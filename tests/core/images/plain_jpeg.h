#pragma once

#include <optional>
#include <string_view>

#include "core/images/image.h"

namespace oodml::images {

/// A JPEG by libjpeg and nothing else; empty where it refuses, and where the data end too early. Of four channels only
/// the size: which RGB they are is not libjpeg's to say.
std::optional<Image> plain_jpeg(std::string_view bytes);

}  // namespace oodml::images
