#include "core/data/dataset.h"

namespace oodml::data {

ImagePart ImagePart::whole(Image image) {
  const Size size{image.width, image.height};
  return {.image = std::move(image), .full = size, .scaled = size};
}

Result<ImagePart> ImageSource::load_part(std::int64_t index, const ChooseRegion& choose) const {
  OODML_ASSIGN_OR_RETURN(Image image, load(index));
  choose({image.width, image.height});
  return ImagePart::whole(std::move(image));
}

}  // namespace oodml::data
