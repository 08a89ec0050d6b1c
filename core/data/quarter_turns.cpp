#include "core/data/quarter_turns.h"

#include <stdexcept>

namespace oodml::data {

torch::Tensor quarter_turns(const torch::Tensor& positions) { return positions.remainder(4); }

torch::Tensor rotated(const torch::Tensor& images, const torch::Tensor& turns) {
  if (images.dim() != 4 || images.size(2) != images.size(3)) {
    throw std::invalid_argument("quarter turns need square images [B, 3, S, S]");
  }
  const auto turned = [&](std::int64_t k) { return images.rot90(k, {2, 3}); };
  const auto by = turns.view({-1, 1, 1, 1});
  auto result = images;
  for (const std::int64_t k : {1, 2, 3}) result = torch::where(by.eq(k), turned(k), result);
  return result;
}

}  // namespace oodml::data
