#include "core/models/residual_blocks.h"

namespace oodml::models {
namespace {

/// torchvision's: none where the short cut already has the block's shape.
std::shared_ptr<Downsample> downsample(torch::nn::Module& block, std::int64_t out, const BlockPlace& place) {
  if (place.stride == 1 && place.in == out) return nullptr;
  return block.register_module("downsample", std::make_shared<Downsample>(out, place));
}

}  // namespace

Downsample::Downsample(std::int64_t out, const BlockPlace& place)
    : convolution_(place.make.convolution(*this, "0", {place.in, out, 1, place.stride, 0})),
      norm_(place.make.norm(*this, "1", out)) {}

torch::Tensor Downsample::forward(const torch::Tensor& images) { return norm_->forward(convolution_->forward(images)); }

BasicBlock::BasicBlock(const BlockPlace& place)
    : conv1_(place.make.convolution(*this, "conv1", {place.in, place.width, 3, place.stride, 1})),
      bn1_(place.make.norm(*this, "bn1", place.width)),
      conv2_(place.make.convolution(*this, "conv2", {place.width, place.width, 3, 1, 1})),
      bn2_(place.make.norm(*this, "bn2", place.width)),
      downsample_(downsample(*this, place.width, place)) {}

torch::Tensor BasicBlock::forward(const torch::Tensor& images) {
  const auto x = bn1_->rectified(conv1_->forward(images));
  return bn2_->rectified(conv2_->forward(x), downsample_ ? downsample_->forward(images) : images);
}

Bottleneck::Bottleneck(const BlockPlace& place) {
  const std::int64_t inner = place.width * place.group_width / 64 * place.groups, out = place.width * kExpansion;
  conv1_ = place.make.convolution(*this, "conv1", {place.in, inner, 1, 1, 0});
  bn1_ = place.make.norm(*this, "bn1", inner);
  conv2_ = place.make.convolution(*this, "conv2", {inner, inner, 3, place.stride, 1, place.groups});
  bn2_ = place.make.norm(*this, "bn2", inner);
  conv3_ = place.make.convolution(*this, "conv3", {inner, out, 1, 1, 0});
  bn3_ = place.make.norm(*this, "bn3", out);
  downsample_ = downsample(*this, out, place);
}

torch::Tensor Bottleneck::forward(const torch::Tensor& images) {
  auto x = bn1_->rectified(conv1_->forward(images));
  x = bn2_->rectified(conv2_->forward(x));
  return bn3_->rectified(conv3_->forward(x), downsample_ ? downsample_->forward(images) : images);
}

}  // namespace oodml::models
