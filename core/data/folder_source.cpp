#include "core/data/folder_source.h"

#include "core/base/atomic_file.h"
#include "core/base/printable.h"
#include "core/images/decode.h"

namespace oodml::data {

FolderSource::FolderSource(std::filesystem::path root, std::vector<std::string> files)
    : root_(std::move(root)), files_(std::move(files)), places_(files_.size()) {}

Result<std::string> FolderSource::bytes_of(std::int64_t index) const {
  Result<std::string> bytes = read_file(root_ / files_.at(static_cast<std::size_t>(index)), images::kMaxImageFileBytes);
  if (!bytes) return failure(bytes.error().code(), printable(bytes.error().message(), 4096));
  return bytes;
}

Result<images::Image> FolderSource::load(std::int64_t index) const {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, bytes_of(index));
  return images::decode_image(bytes, name(index));
}

Result<images::ImagePart> FolderSource::load_part(std::int64_t index, const images::ChooseRegion& choose) const {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, bytes_of(index));
  std::unique_ptr<images::JpegPlaces> places = take_places(index);
  Result<images::ImagePart> part = images::decode_part(bytes, name(index), choose, places.get());
  keep_places(index, std::move(places));
  return part;
}

std::unique_ptr<images::JpegPlaces> FolderSource::take_places(std::int64_t index) const {
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<images::JpegPlaces> places = std::move(places_[static_cast<std::size_t>(index)]);
  if (places == nullptr) return places_bytes_ < kMostPlaces ? std::make_unique<images::JpegPlaces>() : nullptr;
  places_bytes_ -= places->memory();
  return places;
}

void FolderSource::keep_places(std::int64_t index, std::unique_ptr<images::JpegPlaces> places) const {
  if (places == nullptr || places->places.empty()) return;  // no JPEG, or none whose places are of use
  places->shrink();
  const std::scoped_lock lock(mutex_);
  std::unique_ptr<images::JpegPlaces>& kept = places_[static_cast<std::size_t>(index)];
  if (kept != nullptr || places_bytes_ + places->memory() > kMostPlaces) return;
  places_bytes_ += places->memory();
  kept = std::move(places);
}

std::string FolderSource::name(std::int64_t index) const {
  return printable((root_ / files_.at(static_cast<std::size_t>(index))).native(), 4096);
}

}  // namespace oodml::data
