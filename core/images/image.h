#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace oodml::images {

struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// A region of an image, in pixels.
struct Box {
  std::int64_t top = 0, left = 0, height = 0, width = 0;
  friend bool operator==(const Box&, const Box&) = default;
};

/// 8-bit RGB, rows top to bottom, 3 * width bytes a row without padding.
struct Image {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> pixels;
};

/// Pixels of a region of an image, or of the image made smaller. At scale 1 they are those of the whole.
struct ImagePart {
  Image image;                        ///< What was decoded; covers what was wanted, often more. Empty beside `kept`.
  std::int64_t top = 0, left = 0;     ///< Where it lies in the image of size `scaled`.
  Size full, scaled;                  ///< Of the whole image: as stored, and as decoded.
  std::shared_ptr<const Image> kept;  ///< In place of `image`: pixels that others read as well.

  static ImagePart whole(Image image);
  static ImagePart whole(std::shared_ptr<const Image> image);
  const Image& pixels() const { return kept == nullptr ? image : *kept; }
};

/// Gives the memory of pixels that nobody reads any more to the next image that this thread decodes. That of a large
/// image would come from the system page by page, and go back. At most kMostReused bytes are held a thread.
void reuse(ImagePart part);
inline constexpr std::size_t kMostReused = 32UL << 20;
/// `count` levels of any value, of such memory where there is some.
std::vector<std::uint8_t> room_for_levels(std::size_t count);

/// What a reader needs of an image.
struct Wanted {
  Box region;              ///< In pixels of the stored image.
  double reducible = 1.0;  ///< How many times smaller the decoded image may be; 1 keeps every level exact.
};

/// Called once, as soon as the size of an image is known.
using ChooseRegion = std::function<Wanted(const Size&)>;

}  // namespace oodml::images
