#include "core/images/image.h"

namespace oodml::images {

ImagePart ImagePart::whole(Image image) {
  const Size size{image.width, image.height};
  return {.image = std::move(image), .full = size, .scaled = size};
}

ImagePart ImagePart::whole(std::shared_ptr<const Image> image) {
  const Size size{image->width, image->height};
  return {.full = size, .scaled = size, .kept = std::move(image)};
}

}  // namespace oodml::images
