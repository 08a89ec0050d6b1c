#include "core/data/decode.h"

namespace oodml::data {

using namespace std::string_view_literals;

namespace {

constexpr std::string_view kJpeg = "\xFF\xD8\xFF"sv;
constexpr std::string_view kPng = "\x89PNG\r\n\x1A\n"sv;

Wanted everything(const Size& size) { return {.region = {0, 0, size.height, size.width}}; }

int byte_at(std::string_view bytes, std::size_t place) {
  return place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : -1;
}

std::string mode_of_png(std::string_view bytes) {
  const int depth = byte_at(bytes, 24), colour = byte_at(bytes, 25);
  if (colour == 0) return depth == 1 ? "1" : depth == 16 ? "I" : "L";
  if (colour == 4) return depth == 16 ? "RGBA" : "LA";
  return colour == 2 ? "RGB" : colour == 3 ? "P" : colour == 6 ? "RGBA" : "";
}

/// By the channels of the first frame header.
std::string mode_of_jpeg(std::string_view bytes) {
  std::size_t place = 2;
  while (byte_at(bytes, place) == 0xFF) {
    const int marker = byte_at(bytes, place + 1);
    if (marker == 0xFF) {  // padding
      ++place;
      continue;
    }
    const bool tables = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    if (marker >= 0xC0 && marker <= 0xCF && !tables) {
      const int channels = byte_at(bytes, place + 9);
      return channels == 1 ? "L" : channels == 3 ? "RGB" : channels == 4 ? "CMYK" : "";
    }
    const int high = byte_at(bytes, place + 2), low = byte_at(bytes, place + 3);
    if (high < 0 || low < 0) return "";
    place += 2 + static_cast<std::size_t>(high * 256 + low);
  }
  return "";
}

}  // namespace

Result<Image> decode_image(std::string_view bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(ImagePart part, decode_part(bytes, name, everything));
  return std::move(part.image);
}

Result<ImagePart> decode_part(std::string_view bytes, const std::string& name, const ChooseRegion& choose) {
  if (bytes.empty()) return failure(StatusCode::kDataLoss, name + ": the file is empty");
  if (bytes.starts_with(kJpeg)) return decode_jpeg(bytes, name, choose);
  if (!bytes.starts_with(kPng)) return failure(StatusCode::kDataLoss, name + ": neither a JPEG nor a PNG file");
  OODML_ASSIGN_OR_RETURN(Image image, decode_png(bytes, name));
  choose({image.width, image.height});
  return ImagePart::whole(std::move(image));
}

std::string stored_mode(std::string_view bytes) {
  if (bytes.starts_with(kPng)) return mode_of_png(bytes);
  return bytes.starts_with(kJpeg) ? mode_of_jpeg(bytes) : "";
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
