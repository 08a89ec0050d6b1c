#include "core/data/cached_source.h"

#include <utility>

namespace oodml::data {
namespace {

constexpr double kSmaller = 2.0;  // from here on a decoder may make an image smaller

std::int64_t bytes_of(const images::Size& size) { return 3 * size.width * size.height; }

bool is_whole(const images::ImagePart& part) {
  return part.scaled == part.full && part.image.width == part.full.width && part.image.height == part.full.height;
}

}  // namespace

CachedSource::CachedSource(std::shared_ptr<const ImageSource> source, std::int64_t bytes)
    : source_(std::move(source)), capacity_(bytes) {}

Result<images::Image> CachedSource::load(std::int64_t index) const {
  if (const auto image = find(index)) return *image;
  return source_->load(index);
}

Result<images::ImagePart> CachedSource::load_part(std::int64_t index, const images::ChooseRegion& choose) const {
  if (const auto image = find(index)) {
    const images::Wanted wanted = choose({image->width, image->height});
    if (wanted.reducible < kSmaller) return images::ImagePart::whole(image);
    return source_->load_part(index, [&](const images::Size&) { return wanted; });
  }
  bool admitted = false;
  auto part = source_->load_part(index, [&](const images::Size& size) {
    images::Wanted wanted = choose(size);
    admitted = wanted.reducible < kSmaller && fits(size);
    if (admitted) wanted.region = {0, 0, size.height, size.width};
    return wanted;
  });
  if (!part || !admitted || !is_whole(*part)) return part;
  part->image.pixels.shrink_to_fit();  // memory of a larger image, used again, would be held for good
  const auto image = std::make_shared<const images::Image>(std::move(part->image));
  keep(index, image);
  return images::ImagePart::whole(image);
}

std::int64_t CachedSource::kept_bytes() const {
  const std::scoped_lock lock(mutex_);
  return kept_bytes_;
}

std::shared_ptr<const images::Image> CachedSource::find(std::int64_t index) const {
  const std::scoped_lock lock(mutex_);
  const auto place = images_.find(index);
  return place == images_.end() ? nullptr : place->second;
}

bool CachedSource::fits(const images::Size& size) const {
  const std::scoped_lock lock(mutex_);
  full_ = full_ || kept_bytes_ + bytes_of(size) > capacity_;
  return !full_;
}

void CachedSource::keep(std::int64_t index, std::shared_ptr<const images::Image> image) const {
  const std::int64_t bytes = bytes_of({image->width, image->height});
  const std::scoped_lock lock(mutex_);
  if (kept_bytes_ + bytes > capacity_) return;
  if (images_.emplace(index, std::move(image)).second) kept_bytes_ += bytes;
}

}  // namespace oodml::data
