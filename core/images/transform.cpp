#include "core/images/transform.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/images/crop.h"

namespace oodml::images {
namespace {

constexpr double kGreyShare = 0.2;

/// The region in the image as it was decoded.
Box scaled_box(const Box& box, const ImagePart& part) {
  if (part.scaled == part.full) return box;
  const auto scaled = [](std::int64_t from, std::int64_t length, std::int64_t full, std::int64_t now) {
    const std::int64_t start = std::min(now - 1, from * now / full);
    return std::pair(start, std::clamp<std::int64_t>(length * now / full, 1, now - start));
  };
  const auto [top, height] = scaled(box.top, box.height, part.full.height, part.scaled.height);
  const auto [left, width] = scaled(box.left, box.width, part.full.width, part.scaled.width);
  return {top, left, height, width};
}

}  // namespace

Transform::Transform(TransformOptions options) : options_(options), values_(options.normalisation) {
  if (options_.crop_size < 1 || options_.resize < 1) throw std::invalid_argument("a transform needs positive sizes");
  if (options_.pipeline == Pipeline::kRed && options_.resize < options_.crop_size) {
    throw std::invalid_argument("a random crop cannot be larger than the image");
  }
}

View Transform::draw(const Size& image, Random& random) const {
  const std::int64_t side = options_.crop_size;
  View view{.source = {0, 0, image.height, image.width}, .target = {side, side}, .wanted = {0, 0, side, side}};
  if (options_.pipeline == Pipeline::kEvaluation) {
    view.target = shorter_side_to(image, options_.resize);
    view.wanted = centre_crop(view.target, side);
    return view;
  }
  if (options_.pipeline == Pipeline::kRed) {
    view.target = shorter_side_to(image, options_.resize);
    view.wanted = random_crop(view.target, side, random);
  } else {
    view.source = random_resized_crop(image, random);
  }
  if (options_.pipeline == Pipeline::kAdv) {
    view.grey = random.uniform() < kGreyShare;
    view.jitter = ColourJitter::drawn(random);
  }
  view.flip = random.uniform() < 0.5;
  return view;
}

Wanted Transform::wanted_by(const View& view) const {
  const double across = static_cast<double>(view.source.width) / static_cast<double>(view.target.width);
  const double down = static_cast<double>(view.source.height) / static_cast<double>(view.target.height);
  return {.region = source_region(view.source, view.target, view.wanted),
          .reducible = options_.fast_decode ? std::max(1.0, std::min(across, down)) : 1.0};
}

Wanted wanted_by_both(const Wanted& a, const Wanted& b) {
  const std::int64_t top = std::min(a.region.top, b.region.top), left = std::min(a.region.left, b.region.left);
  const std::int64_t bottom = std::max(a.region.top + a.region.height, b.region.top + b.region.height);
  const std::int64_t right = std::max(a.region.left + a.region.width, b.region.left + b.region.width);
  return {.region = {top, left, bottom - top, right - left}, .reducible = std::min(a.reducible, b.reducible)};
}

void Transform::apply(const ImagePart& part, const View& view, Scratch& scratch, float* output) const {
  render(part, view, scratch);
  normalise(scratch, view.flip, output);
}

void Transform::render(const ImagePart& part, const View& view, Scratch& scratch) const {
  const std::int64_t side = options_.crop_size;
  const auto bytes = static_cast<std::size_t>(3 * side * side);
  const Box& wanted = view.wanted;
  // A resized image smaller than the crop is centred on black, the odd pixel going right and below.
  const std::int64_t top = (side - wanted.height) / 2, left = (side - wanted.width) / 2;
  if (wanted.height < side || wanted.width < side) {
    scratch.pixels.assign(bytes, 0);
  } else {
    scratch.pixels.resize(bytes);
  }
  scratch.resizer.resize(part, scaled_box(view.source, part), view.target, wanted,
                         scratch.pixels.data() + 3 * (top * side + left), 3 * side);
  if (view.grey) make_grey(scratch.pixels);
  if (view.jitter) view.jitter->apply(scratch.pixels);
}

void Transform::normalise(const Scratch& scratch, bool flip, float* output) const {
  const std::int64_t side = options_.crop_size, plane = side * side;
  const bool blue_first = options_.normalisation.blue_first;
  float* red = output + (blue_first ? 2 * plane : 0);
  float* green = output + plane;
  float* blue = output + (blue_first ? 0 : 2 * plane);
  const std::uint8_t* const pixels = scratch.pixels.data();
  for (std::int64_t row = 0; row < plane; row += side) {
    values_.write_row(pixels + 3 * row, pixels + 3 * plane, side, flip, red + row, green + row, blue + row);
  }
}

}  // namespace oodml::images
