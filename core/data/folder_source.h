#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/image_source.h"

namespace oodml::data {

/// Images in files below one folder.
class FolderSource final : public ImageSource {
 public:
  FolderSource(std::filesystem::path root, std::vector<std::string> files);

  Result<images::Image> load(std::int64_t index) const override;
  Result<images::ImagePart> load_part(std::int64_t index, const images::ChooseRegion& choose) const override;
  std::string name(std::int64_t index) const override;

 private:
  Result<std::string> bytes_of(std::int64_t index) const;

  std::filesystem::path root_;
  std::vector<std::string> files_;  ///< relative to root_
};

}  // namespace oodml::data
