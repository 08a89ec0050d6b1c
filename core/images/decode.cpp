#include "core/images/decode.h"

#include <algorithm>
#include <array>

#include "core/base/foreign_file.h"

namespace oodml::images {

using namespace std::string_view_literals;

namespace {

constexpr std::string_view kJpeg = "\xFF\xD8\xFF"sv;
constexpr std::string_view kPng = "\x89PNG\r\n\x1A\n"sv;

bool is_webp(std::string_view bytes) {
  return bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP";
}

/// Other formats are called by their name: a file's own name often promises another.
Failure no_image(std::string_view bytes, const std::string& name) {
  constexpr std::array kStarts = {kJpeg, kPng, "RIFF"sv};
  const bool cut = std::ranges::any_of(kStarts, [&](std::string_view start) { return start.starts_with(bytes); });
  std::string_view kind = cut ? "the beginning of an image, all else is missing" : foreign_kind(bytes);
  if (kind.empty() && looks_like_text(bytes)) kind = "a text file";
  if (kind.empty()) return failure(StatusCode::kDataLoss, name + ": neither a JPEG nor a PNG nor a WebP file");
  return failure(StatusCode::kDataLoss, name + ": " + std::string(kind) + "; JPEG, PNG and WebP files are read");
}

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

Result<ImagePart> decode_part(std::string_view bytes, const std::string& name, const ChooseRegion& choose,
                              JpegPlaces* places) {
  if (bytes.empty()) return failure(StatusCode::kDataLoss, name + ": the file is empty");
  if (bytes.starts_with(kJpeg)) return decode_jpeg(bytes, name, choose, places);
  const bool webp = is_webp(bytes);
  if (!webp && !bytes.starts_with(kPng)) return no_image(bytes, name);
  OODML_ASSIGN_OR_RETURN(Image image, (webp ? decode_webp : decode_png)(bytes, name));
  choose({image.width, image.height});
  return ImagePart::whole(std::move(image));
}

std::string stored_mode(std::string_view bytes) {
  if (bytes.starts_with(kPng)) return mode_of_png(bytes);
  if (is_webp(bytes)) return stored_mode_of_webp(bytes);
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

}  // namespace oodml::images
