#include "core/models/frozen_norm.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/models/frozen_norm_loops.h"

namespace oodml::models {
namespace {

/// Parts of a batch whose sums over it are kept apart, whatever the number of threads.
constexpr std::int64_t kParts = 16;

/// Calls each(part, first image, images) for parts of a batch, on several threads.
template <typename Each>
void for_parts(std::int64_t images, const Each& each) {
  const std::int64_t size = (images + kParts - 1) / kParts;
  at::parallel_for(0, (images + size - 1) / size, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) each(p, p * size, std::min(size, images - p * size));
  });
}

/// How images lie, where the walks are written for them.
std::optional<MapShape> shape_of(const torch::Tensor& images) {
  if (!images.is_cpu() || images.scalar_type() != at::kFloat || images.dim() != 4 || images.numel() == 0)
    return std::nullopt;
  const MapShape shape{images.size(1), images.size(2) * images.size(3), /*channels_last=*/false};
  // Of one pixel both are the same, and channels side by side make the longer loops.
  if (images.is_contiguous()) return MapShape{shape.channels, shape.pixels, shape.pixels == 1};
  if (images.is_contiguous(at::MemoryFormat::ChannelsLast)) return MapShape{shape.channels, shape.pixels, true};
  return std::nullopt;
}

at::MemoryFormat format_of(const torch::Tensor& images) {
  return images.is_contiguous() ? at::MemoryFormat::Contiguous : at::MemoryFormat::ChannelsLast;
}

bool is_usual(const FrozenNorm& norm, const torch::Tensor& images) {
  const auto fits = [&](const torch::Tensor& values) {
    return values.is_cpu() && values.scalar_type() == at::kFloat && values.is_contiguous() &&
           values.numel() == images.size(1);
  };
  return shape_of(images) && fits(norm.weight) && fits(norm.bias) && fits(norm.running_mean) && fits(norm.running_var);
}

/// A norm as lines, computed as LibTorch computes them, so that rectified units are the same to the bit.
class Lines {
 public:
  explicit Lines(const FrozenNorm& norm) : mean_(norm.running_mean), values_(3 * mean_.numel()) {
    const auto *const weight = norm.weight.const_data_ptr<float>(), *const bias = norm.bias.const_data_ptr<float>(),
                      *const mean = mean_.const_data_ptr<float>(),
                      *const variance = norm.running_var.const_data_ptr<float>();
    for (std::int64_t c = 0; c < mean_.numel(); ++c) {
      const float inverse = 1.0f / std::sqrt(variance[c] + static_cast<float>(norm.eps));
      inverse_deviation()[c] = inverse;
      scale()[c] = inverse * weight[c];
      shift()[c] = std::fma(-mean[c], scale()[c], bias[c]);
    }
  }

  ChannelLines lines() const {
    return {values_.data(), values_.data() + mean_.numel(), mean_.const_data_ptr<float>(), mean_.numel()};
  }
  const float* inverse_deviation() const { return values_.data() + 2 * mean_.numel(); }

 private:
  float* scale() { return values_.data(); }
  float* shift() { return values_.data() + mean_.numel(); }
  float* inverse_deviation() { return values_.data() + 2 * mean_.numel(); }

  torch::Tensor mean_;
  std::vector<float> values_;  ///< Scale, shift and 1 / deviation of each channel.
};

/// Sums by channel of each part of a batch, and of all.
class PartSums {
 public:
  explicit PartSums(std::int64_t channels) : sums_(at::zeros({kParts, 2, channels}, at::kDouble)) {}

  ChannelSums of(std::int64_t part) {
    double* const values = sums_.mutable_data_ptr<double>() + part * 2 * sums_.size(2);
    return {values, values + sums_.size(2)};
  }
  /// The gradients of weight and bias.
  std::pair<torch::Tensor, torch::Tensor> gradients(const Lines& lines) const {
    const std::int64_t channels = sums_.size(2);
    const auto all = sums_.sum(0);
    auto of_weight = at::empty({channels}, at::kFloat);
    for (std::int64_t c = 0; c < channels; ++c) {
      of_weight.mutable_data_ptr<float>()[c] =
          static_cast<float>(all.const_data_ptr<double>()[channels + c] * lines.inverse_deviation()[c]);
    }
    return {of_weight, all[0].to(at::kFloat)};
  }

 private:
  torch::Tensor sums_;
};

void check_differentiated_once() {
  TORCH_CHECK(!at::GradMode::is_enabled(), "batch norm: its walk over the images can be differentiated once only");
}

FrozenNorm kept_norm(const torch::autograd::AutogradContext& context, const torch::autograd::variable_list& kept) {
  return {kept[0], kept[1], kept[2], kept[3], context.saved_data.at("eps").toDouble()};
}

class Normed final : public torch::autograd::Function<Normed> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& images,
                               const torch::Tensor& weight, const torch::Tensor& bias,
                               const std::optional<torch::Tensor>& shortcut, const FrozenNorm& norm, bool rectify) {
    const MapShape shape = *shape_of(images);
    const auto beside = shortcut ? shortcut->contiguous(format_of(images)) : torch::Tensor();
    auto result = at::empty_like(images);
    const Lines lines(norm);
    const float* const x = images.const_data_ptr<float>();
    const float* const more = beside.defined() ? beside.const_data_ptr<float>() : nullptr;
    float* const y = result.mutable_data_ptr<float>();
    for_parts(images.size(0), [&](std::int64_t, std::int64_t first, std::int64_t count) {
      const std::int64_t at = first * shape.channels * shape.pixels;
      norm_images(x + at, more == nullptr ? nullptr : more + at, lines.lines(), shape, rectify, count, y + at);
    });
    context->save_for_backward(
        {weight, bias, norm.running_mean, norm.running_var, images, rectify ? result : torch::Tensor()});
    context->saved_data["eps"] = norm.eps;
    context->saved_data["has_shortcut"] = shortcut.has_value();
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    check_differentiated_once();
    const auto kept = context->get_saved_variables();
    const Lines lines(kept_norm(*context, kept));
    const auto &images = kept[4], &result = kept[5];
    const MapShape shape = *shape_of(images);
    const auto gradient = gradients[0].contiguous(format_of(images));
    auto of_images = at::empty_like(images);
    const bool has_shortcut = context->saved_data["has_shortcut"].toBool();
    auto of_shortcut = has_shortcut && result.defined() ? at::empty_like(images) : torch::Tensor();
    PartSums sums(shape.channels);
    const auto* const g = gradient.const_data_ptr<float>();
    const auto* const x = images.const_data_ptr<float>();
    const auto* const y = result.defined() ? result.const_data_ptr<float>() : nullptr;
    auto* const to_x = of_images.mutable_data_ptr<float>();
    auto* const to_beside = of_shortcut.defined() ? of_shortcut.mutable_data_ptr<float>() : nullptr;
    for_parts(images.size(0), [&](std::int64_t part, std::int64_t first, std::int64_t count) {
      const std::int64_t at = first * shape.channels * shape.pixels;
      norm_images_backwards(g + at, y == nullptr ? nullptr : y + at, x + at, lines.lines(), shape, count, to_x + at,
                            to_beside == nullptr ? nullptr : to_beside + at, sums.of(part));
    });
    const auto [of_weight, of_bias] = sums.gradients(lines);
    if (has_shortcut && !of_shortcut.defined()) of_shortcut = gradient;
    return {of_images, of_weight, of_bias, of_shortcut, {}, {}};
  }
};

class NormedAndPooled final : public torch::autograd::Function<NormedAndPooled> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& images,
                               const torch::Tensor& weight, const torch::Tensor& bias, const FrozenNorm& norm) {
    const std::int64_t channels = images.size(1), pixels = images.size(2) * images.size(3);
    const PoolShape shape{images.size(2), images.size(3)};
    const std::int64_t windows = shape.out_height() * shape.out_width();
    auto pooled = at::empty({images.size(0), channels, shape.out_height(), shape.out_width()}, images.options());
    auto places = at::empty(pooled.sizes(), at::kByte);
    const Lines lines(norm);
    const auto* const x = images.const_data_ptr<float>();
    auto* const largest = pooled.mutable_data_ptr<float>();
    auto* const place = places.mutable_data_ptr<std::uint8_t>();
    for_parts(images.size(0), [&](std::int64_t, std::int64_t first, std::int64_t count) {
      for (std::int64_t i = first * channels; i < (first + count) * channels; i += channels)
        pool_image(x + i * pixels, lines.lines(), shape, largest + i * windows, place + i * windows);
    });
    context->save_for_backward({weight, bias, norm.running_mean, norm.running_var, images, pooled, places});
    context->saved_data["eps"] = norm.eps;
    return pooled;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    check_differentiated_once();
    const auto kept = context->get_saved_variables();
    const Lines lines(kept_norm(*context, kept));
    const auto &images = kept[4], &pooled = kept[5], &places = kept[6];
    const std::int64_t channels = images.size(1), pixels = images.size(2) * images.size(3);
    const PoolShape shape{images.size(2), images.size(3)};
    const std::int64_t windows = shape.out_height() * shape.out_width();
    const auto gradient = gradients[0].contiguous();
    auto of_images = at::empty_like(images);
    PartSums sums(channels);
    const auto* const g = gradient.const_data_ptr<float>();
    const auto* const x = images.const_data_ptr<float>();
    const auto* const largest = pooled.const_data_ptr<float>();
    const auto* const place = places.const_data_ptr<std::uint8_t>();
    auto* const to_x = of_images.mutable_data_ptr<float>();
    for_parts(images.size(0), [&](std::int64_t part, std::int64_t first, std::int64_t count) {
      for (std::int64_t i = first * channels; i < (first + count) * channels; i += channels)
        pool_image_backwards(g + i * windows, largest + i * windows, place + i * windows, x + i * pixels, lines.lines(),
                             shape, to_x + i * pixels, sums.of(part));
    });
    const auto [of_weight, of_bias] = sums.gradients(lines);
    return {of_images, of_weight, of_bias, {}};
  }
};

torch::Tensor by_operators(const FrozenNorm& norm, const torch::Tensor& images) {
  return at::batch_norm(images, norm.weight, norm.bias, norm.running_mean, norm.running_var, /*training=*/false,
                        /*momentum=*/0.1, norm.eps, at::globalContext().userEnabledCuDNN());
}

}  // namespace

torch::Tensor normed(const FrozenNorm& norm, const torch::Tensor& images, const torch::Tensor& shortcut, Then then) {
  const bool rectify = then == Then::kRectify;
  const bool fits = !shortcut.defined() ||
                    (shortcut.sizes() == images.sizes() && shortcut.scalar_type() == at::kFloat && shortcut.is_cpu());
  if (fits && is_usual(norm, images)) {
    const auto beside = shortcut.defined() ? std::optional(shortcut) : std::nullopt;
    return Normed::apply(images, norm.weight, norm.bias, beside, norm, rectify);
  }
  auto result = by_operators(norm, images);
  if (shortcut.defined()) result.add_(shortcut);
  return rectify ? result.relu_() : result;
}

torch::Tensor normed_and_pooled(const FrozenNorm& norm, const torch::Tensor& images) {
  if (is_usual(norm, images) && images.is_contiguous())
    return NormedAndPooled::apply(images, norm.weight, norm.bias, norm);
  return at::max_pool2d(normed(norm, images, {}, Then::kRectify), 3, 2, 1);
}

}  // namespace oodml::models
