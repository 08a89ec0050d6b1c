#include "core/images/colour.h"
#include "core/images/crop.h"
#include "core/images/decode.h"
#include "core/images/rotate.h"
#include "core/images/transform.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

using images::Image, images::Transform;

/// A parameter of the case; throws CaseError when it is missing or of another type.
template <typename T>
T parameter(const Case& golden, const char* name) {
  if (!golden.params.contains(name)) throw CaseError(std::string("no parameter ") + name);
  return golden.params.at(name).get<T>();
}

/// A case may say only what its replay understands.
void expect_parameters(const Case& golden, const std::vector<std::string>& known) {
  for (const auto& [name, value] : golden.params.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) throw CaseError("unknown parameter " + name);
  }
}

std::vector<std::uint8_t> bytes_of(const torch::Tensor& tensor) {
  const auto values = tensor.contiguous();
  const std::uint8_t* first = values.data_ptr<std::uint8_t>();
  return {first, first + values.numel()};
}

/// A [H, W, 3] tensor of levels.
Image image_of(const torch::Tensor& tensor) {
  if (tensor.dim() != 3 || tensor.size(2) != 3) throw CaseError("an image must have the shape [H, W, 3]");
  return {.width = tensor.size(1), .height = tensor.size(0), .pixels = bytes_of(tensor)};
}

torch::Tensor tensor_of(const Image& image) {
  return at::from_blob(const_cast<std::uint8_t*>(image.pixels.data()), {image.height, image.width, 3}, at::kByte)
      .clone();
}

images::Normalisation normalisation_named(const std::string& name) {
  if (name == "imagenet") return images::normalisation_of("resnet50");
  if (name == "bninception" || name == "bit") return images::normalisation_of(name);
  if (name == "clip") return images::normalisation_of("clipi");
  throw CaseError("unknown normalisation " + name);
}

torch::Tensor planes(const Transform& transform, const Transform::Scratch& scratch, bool flip, std::int64_t side) {
  auto output = at::empty({3, side, side});
  transform.normalise(scratch, flip, output.data_ptr<float>());
  return output;
}

torch::Tensor levels(const Transform::Scratch& scratch, std::int64_t side) {
  return tensor_of({.width = side, .height = side, .pixels = scratch.pixels});
}

void replay_decode(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {"mode", "format"});
  const auto bytes = bytes_of(golden.at("in.file"));
  const std::string text(bytes.begin(), bytes.end());
  const auto image = images::decode_image(text, golden.variant);
  if (!image) throw CaseError(image.error().message());
  comparison.check_levels("out.pixels", tensor_of(*image));
}

void replay_resize(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {"width", "height"});
  const images::Size size{parameter<std::int64_t>(golden, "width"), parameter<std::int64_t>(golden, "height")};
  comparison.check("out.pixels", tensor_of(images::resized(image_of(golden.at("in.pixels")), size)));
}

void replay_resized_crop(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {"top", "left", "height", "width", "size", "flip", "normalisation"});
  const auto side = parameter<std::int64_t>(golden, "size");
  const bool flip = parameter<bool>(golden, "flip");
  const Transform transform({.pipeline = images::Pipeline::kBase,
                             .crop_size = side,
                             .normalisation = normalisation_named(parameter<std::string>(golden, "normalisation"))});
  const images::View view{
      .source = {parameter<std::int64_t>(golden, "top"), parameter<std::int64_t>(golden, "left"),
                 parameter<std::int64_t>(golden, "height"), parameter<std::int64_t>(golden, "width")},
      .target = {side, side},
      .wanted = {0, 0, side, side}};
  Transform::Scratch scratch;
  transform.render(images::ImagePart::whole(image_of(golden.at("in.pixels"))), view, scratch);
  const auto pixels = levels(scratch, side);
  comparison.check("out.pixels", flip ? pixels.flip(1) : pixels);
  comparison.check("out.tensor", planes(transform, scratch, flip, side));
}

void replay_evaluation_transform(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {"resize", "crop", "normalisation"});
  const auto side = parameter<std::int64_t>(golden, "crop"), shorter = parameter<std::int64_t>(golden, "resize");
  const Transform transform({.crop_size = side,
                             .resize = shorter,
                             .normalisation = normalisation_named(parameter<std::string>(golden, "normalisation"))});
  const Image image = image_of(golden.at("in.pixels"));
  const images::Size size{image.width, image.height};
  if (golden.has("out.resized")) {
    comparison.check("out.resized", tensor_of(images::resized(image, images::shorter_side_to(size, shorter))));
  }
  Random unused(0);
  Transform::Scratch scratch;
  transform.render(images::ImagePart::whole(image), transform.draw(size, unused), scratch);
  comparison.check("out.cropped", levels(scratch, side));
  if (golden.has("out.tensor")) comparison.check("out.tensor", planes(transform, scratch, false, side));
}

void replay_normalise(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {"normalisation", "mean", "std", "channel_order"});
  auto normalisation = normalisation_named(parameter<std::string>(golden, "normalisation"));
  comparison.require(normalisation.blue_first == (parameter<std::string>(golden, "channel_order") == "BGR"),
                     "the channels have another order");
  for (std::size_t channel = 0; channel < 3; ++channel) {
    comparison.require(normalisation.mean[channel] == parameter<std::vector<float>>(golden, "mean").at(channel) &&
                           normalisation.std[channel] == parameter<std::vector<float>>(golden, "std").at(channel),
                       "mean or std is another");
  }
  const auto pixels = golden.at("in.pixels");
  const std::int64_t height = pixels.size(0), width = pixels.size(1), side = std::max(height, width);
  const Transform transform({.crop_size = side, .resize = side, .normalisation = normalisation});
  auto square = at::zeros({side, side, 3}, at::kByte);  // normalise works on squares: the image in a corner
  square.narrow(0, 0, height).narrow(1, 0, width).copy_(pixels);
  Transform::Scratch scratch;
  scratch.pixels = bytes_of(square);
  comparison.check("out.tensor", planes(transform, scratch, false, side).narrow(1, 0, height).narrow(2, 0, width));
}

void replay_random_resized_crop(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {});
  const auto sizes = golden.at("in.size");
  auto boxes = at::empty({sizes.size(0), 4}, at::kLong);
  for (std::int64_t i = 0; i < sizes.size(0); ++i) {
    const images::Box box = images::fallback_crop({sizes[i][0].item<std::int64_t>(), sizes[i][1].item<std::int64_t>()});
    boxes[i].copy_(at::tensor({box.top, box.left, box.height, box.width}, at::kLong));
  }
  comparison.check("out.box", boxes);
}

void replay_grayscale(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {});
  Image image = image_of(golden.at("in.pixels"));
  images::make_grey(image.pixels);
  comparison.check("out.pixels", tensor_of(image));
}

void replay_color_jitter(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {"operation", "value"});
  static const std::map<std::string, void (*)(std::span<std::uint8_t>, double)> operations = {
      {"brightness", images::adjust_brightness},
      {"contrast", images::adjust_contrast},
      {"saturation", images::adjust_saturation},
      {"hue", images::shift_hue}};
  const auto operation = operations.find(parameter<std::string>(golden, "operation"));
  if (operation == operations.end()) throw CaseError("unknown operation");
  Image image = image_of(golden.at("in.pixels"));
  operation->second(image.pixels, parameter<double>(golden, "value"));
  comparison.check("out.pixels", tensor_of(image));
}

void replay_rotate(const Case& golden, Comparison& comparison) {
  expect_parameters(golden, {"angle"});
  const auto angle = parameter<std::int64_t>(golden, "angle");
  if (angle % 90 != 0) throw CaseError("only quarter turns are rotated");
  comparison.check("out.pixels", tensor_of(images::rotated_on_canvas(image_of(golden.at("in.pixels")), angle / 90)));
}

}  // namespace

void replay_transform(const Case& golden, bool, Comparison& comparison) {
  static const std::map<std::string, void (*)(const Case&, Comparison&)> replays = {
      {"decode", replay_decode},
      {"resize", replay_resize},
      {"resized_crop", replay_resized_crop},
      {"evaluation", replay_evaluation_transform},
      {"normalise", replay_normalise},
      {"random_resized_crop", replay_random_resized_crop},
      {"grayscale", replay_grayscale},
      {"color_jitter", replay_color_jitter},
      {"rotate", replay_rotate}};
  const auto replay = replays.find(golden.name);
  if (replay == replays.end()) throw CaseError("no replay for the transform " + golden.name);
  replay->second(golden, comparison);
}

}  // namespace oodml::golden
