#include "core/images/image.h"

namespace oodml::images {

ImagePart ImagePart::whole(Image image) {
  const Size size{image.width, image.height};
  return {.image = std::move(image), .full = size, .scaled = size};
}

}  // namespace oodml::images
