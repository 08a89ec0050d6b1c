#include "core/data/image_source.h"

namespace oodml::data {

Result<images::ImagePart> ImageSource::load_part(std::int64_t index, const images::ChooseRegion& choose) const {
  OODML_ASSIGN_OR_RETURN(images::Image image, load(index));
  choose({image.width, image.height});
  return images::ImagePart::whole(std::move(image));
}

}  // namespace oodml::data
