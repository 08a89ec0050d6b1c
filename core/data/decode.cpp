#include "core/data/decode.h"

namespace oodml::data {

using namespace std::string_view_literals;

Result<Image> decode_image(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) return failure(StatusCode::kDataLoss, name + ": the file is empty");
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return decode_jpeg(bytes, name);
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return decode_png(bytes, name);
  return invalid_argument(name + ": neither a JPEG nor a PNG file");
}

Status check_image_size(std::uint64_t width, std::uint64_t height, const std::string& name) {
  if (width == 0 || height == 0) return failure(StatusCode::kDataLoss, name + ": the image has no pixels");
  if (width > kMaxPixels || height > kMaxPixels || width * height > static_cast<std::uint64_t>(kMaxPixels)) {
    return invalid_argument(name + ": " + std::to_string(width) + " x " + std::to_string(height) + " pixels; at most " +
                            std::to_string(kMaxPixels) + " are decoded");
  }
  return {};
}

}  // namespace oodml::data
