#include "core/criteria/flow/coupling_block.h"

#include "core/criteria/flow/permutation.h"

namespace oodml::criteria {
namespace {

/// About 2 / pi, as the references write it.
constexpr double kAtanScale = 0.636;

/// D / 2, a half rounded to the even neighbour.
std::int64_t first_half(std::int64_t dim) { return dim % 4 == 3 ? (dim + 1) / 2 : dim / 2; }

std::vector<std::int64_t> subnet_widths(const CouplingOptions& options, std::int64_t in, std::int64_t out) {
  std::vector<std::int64_t> widths(static_cast<std::size_t>(options.depth + 1), options.width);
  widths.front() = in;
  widths.back() = out;
  return widths;
}

}  // namespace

CouplingBlock::CouplingBlock(const CouplingOptions& options, std::int64_t index, std::int64_t condition_dim,
                             at::Generator generator)
    : clamp_alpha_(options.clamp_alpha), first_(first_half(options.dim)) {
  const std::int64_t second = options.dim - first_;
  const auto subnet = [&](const char* name, std::int64_t in, std::int64_t out) {
    const auto widths = subnet_widths(options, in + condition_dim, 2 * out);
    return register_module(name, std::make_shared<Perceptron>(widths, generator, options.init));
  };
  s1_ = subnet("s1", first_, second);
  s2_ = subnet("s2", second, first_);
  permutation_ = register_buffer("permutation", seeded_permutation(static_cast<std::uint32_t>(index), options.dim));
}

// A module cast to double casts its buffers too; here that is undone, and otherwise costs nothing.
torch::Tensor CouplingBlock::permutation() const { return permutation_.to(at::kLong); }

CouplingBlock::Affine CouplingBlock::affine(const Perceptron& subnet, const torch::Tensor& half,
                                            const torch::Tensor& condition) const {
  const auto raw = subnet.forward(condition.defined() ? at::cat({half, condition}, 1) : half);
  const auto parts = raw.chunk(2, 1);
  return {clamp_alpha_ * kAtanScale * parts[0].atan(), parts[1]};
}

Transformed CouplingBlock::forward(const torch::Tensor& x, const torch::Tensor& condition) const {
  const auto permuted = x.index_select(1, permutation());  // [B, D]
  const auto v1 = permuted.slice(1, 0, first_), v2 = permuted.slice(1, first_);
  const auto of_first = affine(*s2_, v2, condition);
  const auto u1 = of_first.log_scale.exp() * v1 + of_first.shift;
  const auto of_second = affine(*s1_, u1, condition);
  const auto u2 = of_second.log_scale.exp() * v2 + of_second.shift;
  return {at::cat({u1, u2}, 1), of_first.log_scale.sum(1) + of_second.log_scale.sum(1)};
}

}  // namespace oodml::criteria
