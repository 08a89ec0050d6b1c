#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/data/image_source.h"

namespace oodml::data {

/// Keeps decoded images of another source in memory, the first ones asked for, until the next would no longer fit:
/// every epoch reads all images in a new order, so that one kept for good is hit as often as with any eviction. The
/// pixels given are those that the source gives; an image that is to be decoded smaller is left to the source.
class CachedSource final : public ImageSource {
 public:
  /// `bytes`: most memory that kept pixels take.
  CachedSource(std::shared_ptr<const ImageSource> source, std::int64_t bytes);

  Result<images::Image> load(std::int64_t index) const override;
  Result<images::ImagePart> load_part(std::int64_t index, const images::ChooseRegion& choose) const override;
  std::string name(std::int64_t index) const override { return source_->name(index); }

  std::int64_t kept_bytes() const;

 private:
  std::shared_ptr<const images::Image> find(std::int64_t index) const;
  bool fits(const images::Size& size) const;
  /// Nothing where another thread filled the room in between.
  void keep(std::int64_t index, std::shared_ptr<const images::Image> image) const;

  const std::shared_ptr<const ImageSource> source_;
  const std::int64_t capacity_;
  mutable std::mutex mutex_;  ///< guards what follows
  mutable std::unordered_map<std::int64_t, std::shared_ptr<const images::Image>> images_;
  mutable std::int64_t kept_bytes_ = 0;
  mutable bool full_ = false;
};

}  // namespace oodml::data
