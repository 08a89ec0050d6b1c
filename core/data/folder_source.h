#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/data/image_source.h"
#include "core/images/jpeg_places.h"

namespace oodml::data {

/// Images in files below one folder. Keeps of each JPEG file where its blocks begin (`images::JpegPlaces`), so that
/// from the second time on less of it has to be read; as many as kMostPlaces bytes hold.
class FolderSource final : public ImageSource {
 public:
  FolderSource(std::filesystem::path root, std::vector<std::string> files);

  Result<images::Image> load(std::int64_t index) const override;
  Result<images::ImagePart> load_part(std::int64_t index, const images::ChooseRegion& choose) const override;
  std::string name(std::int64_t index) const override;

 private:
  static constexpr std::size_t kMostPlaces = 128UL << 20;

  Result<std::string> bytes_of(std::int64_t index) const;
  /// What is kept of an image; nothing while another thread decodes it.
  std::unique_ptr<images::JpegPlaces> take_places(std::int64_t index) const;
  void keep_places(std::int64_t index, std::unique_ptr<images::JpegPlaces> places) const;

  std::filesystem::path root_;
  std::vector<std::string> files_;  ///< relative to root_
  mutable std::mutex mutex_;        ///< guards what follows
  mutable std::vector<std::unique_ptr<images::JpegPlaces>> places_;
  mutable std::size_t places_bytes_ = 0;
};

}  // namespace oodml::data
