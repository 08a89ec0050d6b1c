#include "core/images/image.h"

#include <utility>

namespace oodml::images {
namespace {

thread_local std::vector<std::uint8_t> unused_levels;

}  // namespace

void reuse(ImagePart part) {
  std::vector<std::uint8_t>& levels = part.image.pixels;
  if (levels.capacity() > unused_levels.capacity() && levels.capacity() <= kMostReused) unused_levels.swap(levels);
}

std::vector<std::uint8_t> room_for_levels(std::size_t count) {
  const std::size_t room = unused_levels.capacity();
  if (room < count || room / 4 > count) return std::vector<std::uint8_t>(count);  // whoever keeps it keeps no more
  std::vector<std::uint8_t> levels = std::exchange(unused_levels, {});
  levels.resize(count);
  return levels;
}

ImagePart ImagePart::whole(Image image) {
  const Size size{image.width, image.height};
  return {.image = std::move(image), .full = size, .scaled = size};
}

ImagePart ImagePart::whole(std::shared_ptr<const Image> image) {
  const Size size{image->width, image->height};
  return {.full = size, .scaled = size, .kept = std::move(image)};
}

}  // namespace oodml::images
