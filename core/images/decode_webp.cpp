#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "core/images/decode.h"

namespace oodml::images {
namespace {

struct DeleteDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DeleteDemuxer>;

Failure truncated(const std::string& name) {
  return failure(StatusCode::kDataLoss, name + ": the WebP file is truncated");
}
Failure damaged(const std::string& name, const std::string& reason) {
  return failure(StatusCode::kDataLoss, name + ": damaged WebP: " + reason);
}

/// The parts of a file that is there to its end.
Result<Demuxer> take_apart(std::string_view bytes, const std::string& name) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  WebPDemuxState state = WEBP_DEMUX_PARSING_HEADER;
  Demuxer demuxer(WebPDemuxPartial(&data, &state));
  if (state == WEBP_DEMUX_PARSE_ERROR) return damaged(name, "its parts do not fit together");
  if (!demuxer || state != WEBP_DEMUX_DONE) return truncated(name);
  return demuxer;
}

Status failure_of(VP8StatusCode code, const std::string& name) {
  switch (code) {
    case VP8_STATUS_OK:
      return {};
    case VP8_STATUS_OUT_OF_MEMORY:
      return failure(StatusCode::kResourceExhausted, name + ": out of memory");
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return truncated(name);
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return damaged(name, "a feature that the format does not have");
    default:
      return damaged(name, "its bits make no image");
  }
}

/// Rows of `stride` bytes from `place` on, with or without alpha; `size` bytes are there.
Status decode_frame(const WebPIterator& frame, bool alpha, std::uint8_t* place, std::size_t stride, std::size_t size,
                    const std::string& name) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return internal_error("libwebp has another version than its header");
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {.rgba = place, .stride = static_cast<int>(stride), .size = size};
  return failure_of(WebPDecode(frame.fragment.bytes, frame.fragment.size, &config), name);
}

/// The first frame on a canvas that is black elsewhere. Alpha is decoded where there is some, because a file with
/// damage in it is refused, and then dropped.
Result<Image> decode_on_canvas(const WebPIterator& frame, std::size_t width, std::size_t height,
                               const std::string& name) {
  const bool alpha = frame.has_alpha != 0;
  const std::size_t channels = alpha ? 4 : 3;
  const std::size_t stride = width * channels;
  const std::size_t start =
      static_cast<std::size_t>(frame.y_offset) * stride + static_cast<std::size_t>(frame.x_offset) * channels;
  std::vector<std::uint8_t> canvas(stride * height);
  if (start >= canvas.size()) return damaged(name, "its frame lies outside of the image");
  OODML_RETURN_IF_ERROR(decode_frame(frame, alpha, canvas.data() + start, stride, canvas.size() - start, name));

  Image image{.width = static_cast<std::int64_t>(width), .height = static_cast<std::int64_t>(height), .pixels = {}};
  if (!alpha) {
    image.pixels = std::move(canvas);
    return image;
  }
  image.pixels.reserve(3 * width * height);
  for (std::size_t i = 0; i < canvas.size(); i += 4) {
    image.pixels.insert(image.pixels.end(), {canvas[i], canvas[i + 1], canvas[i + 2]});
  }
  return image;
}

}  // namespace

Result<Image> decode_webp(std::string_view bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(const Demuxer demuxer, take_apart(bytes, name));
  const std::size_t width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  const std::size_t height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  OODML_RETURN_IF_ERROR(check_image_size(width, height, name));
  WebPIterator frame;
  if (WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) return damaged(name, "it has no frame");
  Result<Image> image = decode_on_canvas(frame, width, height, name);
  WebPDemuxReleaseIterator(&frame);
  return image;
}

std::string stored_mode_of_webp(std::string_view bytes) {
  WebPBitstreamFeatures features;
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK) return "";
  return features.has_alpha != 0 ? "RGBA" : "RGB";
}

}  // namespace oodml::images
