#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/images/image.h"

namespace oodml::data {

/// Where an image's pixels come from: a file in a folder, or a row of an IDX archive held in memory.
/// Implementations are safe to call from several threads.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  /// Decodes image `index` of this source to RGB as Pillow would; the failure names the file and the reason.
  virtual Result<images::Image> load(std::int64_t index) const = 0;
  /// As load, but only what `choose` says of it has to be decoded; the default decodes all.
  virtual Result<images::ImagePart> load_part(std::int64_t index, const images::ChooseRegion& choose) const;
  /// What a message calls the image: its path, or train-images-idx3-ubyte.gz[17].
  virtual std::string name(std::int64_t index) const = 0;
};

}  // namespace oodml::data
