#include "core/models/dropout.h"

namespace oodml::models {
namespace {

constexpr std::int64_t kLow32 = 0xffffffff;

/// Mixes 32 bits (multiply, xor, shift; every step can be undone, so different numbers stay different). The factors are
/// below 2^31, so that no product leaves int64.
torch::Tensor mixed(torch::Tensor x) {
  x = x ^ at::bitwise_right_shift(x, 16);
  x = (x * 0x7feb352d) & kLow32;
  x = x ^ at::bitwise_right_shift(x, 15);
  x = (x * 0x21f0aaad) & kLow32;
  return x ^ at::bitwise_right_shift(x, 16);
}

}  // namespace

Dropout::Dropout(double rate, at::Generator generator) : rate_(rate) {
  const auto key = torch::empty({}, torch::kInt64).random_(0, kLow32, generator);
  key_ = register_buffer("key", key);
  step_ = register_buffer("step", torch::zeros({}, torch::kInt64));
}

torch::Tensor Dropout::forward(const torch::Tensor& input) {
  if (!is_training()) return input;
  const auto stream = mixed(key_ ^ mixed(step_ & kLow32));
  const std::int64_t first = part_ * input.numel(), end = first + input.numel();
  const auto places = at::arange(first, end, input.options().dtype(torch::kInt64)).view(input.sizes());
  const auto bits = mixed(mixed(places & kLow32) ^ stream);  // uniform in [0, 2^32)
  step_.add_(1);
  const auto kept = bits.ge(static_cast<std::int64_t>(rate_ * 4294967296.0));
  return input * kept.to(input.scalar_type()) / (1.0 - rate_);
}

}  // namespace oodml::models
