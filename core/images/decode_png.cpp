#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>

#include "core/base/printable.h"
#include "core/images/decode.h"

namespace oodml::images {
namespace {

constexpr std::size_t kMaxDeflateRatio = 1032;  // zlib's technical details: no stream expands by more
constexpr png_alloc_size_t kMaxChunkBytes = 8 << 20;
constexpr int kMaxCachedChunks = 256;

/// libpng's handles, the bytes still to be read and the place its errors jump to. Functions that call setjmp own
/// nothing that would need a destructor.
struct Decoder {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::string_view rest;
  std::jmp_buf on_error;
  char message[160] = {};
  bool truncated = false;

  ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void jump_out(png_structp png, png_const_charp message) {
  auto& decoder = *static_cast<Decoder*>(png_get_error_ptr(png));
  std::strncpy(decoder.message, message, sizeof(decoder.message) - 1);
  std::longjmp(decoder.on_error, 1);
}

void ignore_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep target, std::size_t count) {
  auto& decoder = *static_cast<Decoder*>(png_get_io_ptr(png));
  if (count > decoder.rest.size()) {
    decoder.truncated = true;
    png_error(png, "unexpected end of file");
  }
  std::memcpy(target, decoder.rest.data(), count);
  decoder.rest.remove_prefix(count);
}

bool read_header(Decoder& decoder) {
  if (setjmp(decoder.on_error) != 0) return false;
  decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, jump_out, ignore_warning);
  if (decoder.png == nullptr) return false;
  decoder.info = png_create_info_struct(decoder.png);
  if (decoder.info == nullptr) return false;
  png_set_read_fn(decoder.png, &decoder, read_bytes);
  png_set_user_limits(decoder.png, kMaxPixels, kMaxPixels);  // the product is checked by the caller
  png_set_chunk_malloc_max(decoder.png, kMaxChunkBytes);
  png_set_chunk_cache_max(decoder.png, kMaxCachedChunks);
  png_read_info(decoder.png, decoder.info);
  return true;
}

/// How the samples are asked for: what libpng can turn into RGB as Pillow does, it does itself.
enum class Rows { kRgb, kPaletteIndex, kGrey16 };

bool set_transforms(Decoder& decoder, Rows rows) {
  if (setjmp(decoder.on_error) != 0) return false;
  if (rows == Rows::kPaletteIndex) {
    png_set_packing(decoder.png);
    png_set_check_for_invalid_index(decoder.png, 0);
  } else if (rows == Rows::kRgb) {
    png_set_strip_16(decoder.png);
    png_set_strip_alpha(decoder.png);
    png_set_expand_gray_1_2_4_to_8(decoder.png);
    png_set_gray_to_rgb(decoder.png);
  }
  png_set_interlace_handling(decoder.png);
  png_read_update_info(decoder.png, decoder.info);
  return true;
}

bool read_rows(Decoder& decoder, png_bytep* rows) {
  if (setjmp(decoder.on_error) != 0) return false;
  png_read_image(decoder.png, rows);
  return true;
}

Failure damaged(const Decoder& decoder, const std::string& name) {
  const std::string reason =
      decoder.truncated ? "the PNG file is truncated" : "damaged PNG: " + printable(decoder.message);
  return failure(StatusCode::kDataLoss, name + ": " + reason);
}

Rows rows_of(const Decoder& decoder) {
  const int colour = png_get_color_type(decoder.png, decoder.info);
  if (colour == PNG_COLOR_TYPE_PALETTE) return Rows::kPaletteIndex;
  const bool wide = png_get_bit_depth(decoder.png, decoder.info) == 16;
  return colour == PNG_COLOR_TYPE_GRAY && wide ? Rows::kGrey16 : Rows::kRgb;
}

/// The file's colours; as in Pillow, an index past them is a grey level.
std::array<png_color, 256> palette_of(const Decoder& decoder) {
  std::array<png_color, 256> palette;
  for (int i = 0; i < 256; ++i) {
    const auto level = static_cast<png_byte>(i);
    palette[static_cast<std::size_t>(i)] = {level, level, level};
  }
  png_colorp colours = nullptr;
  int count = 0;
  if (png_get_PLTE(decoder.png, decoder.info, &colours, &count) != 0) std::copy_n(colours, count, palette.begin());
  return palette;
}

/// Turns palette indices or big-endian 16-bit grey into RGB.
std::vector<std::uint8_t> to_rgb(const Decoder& decoder, Rows rows, const std::vector<std::uint8_t>& samples) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(samples.size() * 3);
  if (rows == Rows::kPaletteIndex) {
    const auto palette = palette_of(decoder);
    for (const std::uint8_t index : samples) {
      rgb.insert(rgb.end(), {palette[index].red, palette[index].green, palette[index].blue});
    }
    return rgb;
  }
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const std::uint8_t level = samples[i] > 0 ? std::uint8_t{255} : samples[i + 1];
    rgb.insert(rgb.end(), 3, level);
  }
  return rgb;
}

}  // namespace

Result<Image> decode_png(std::string_view bytes, const std::string& name) {
  Decoder decoder;
  decoder.rest = bytes;
  if (!read_header(decoder)) return damaged(decoder, name);
  const std::uint64_t width = png_get_image_width(decoder.png, decoder.info);
  const std::uint64_t height = png_get_image_height(decoder.png, decoder.info);
  OODML_RETURN_IF_ERROR(check_image_size(width, height, name));
  if (bytes.size() * kMaxDeflateRatio < png_get_rowbytes(decoder.png, decoder.info) * height) {
    decoder.truncated = true;  // known before memory is taken for it
    return damaged(decoder, name);
  }

  const Rows kind = rows_of(decoder);
  if (!set_transforms(decoder, kind)) return damaged(decoder, name);
  const std::size_t row_bytes = png_get_rowbytes(decoder.png, decoder.info);
  std::vector<std::uint8_t> samples(row_bytes * height);
  std::vector<png_bytep> rows(height);
  for (std::size_t y = 0; y < height; ++y) rows[y] = samples.data() + y * row_bytes;
  if (!read_rows(decoder, rows.data())) return damaged(decoder, name);

  Image image{.width = static_cast<std::int64_t>(width), .height = static_cast<std::int64_t>(height), .pixels = {}};
  image.pixels = kind == Rows::kRgb ? std::move(samples) : to_rgb(decoder, kind, samples);
  return image;
}

}  // namespace oodml::images
