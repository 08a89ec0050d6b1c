#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

/// A soft histogram: similarities in [-1, 1] -> shares [nbins] that sum to 1, or to 0 when no pair counts. A similarity
/// between two nodes t_r = -1 + 2 r / (nbins - 1) is shared among them linearly; the gradient flows through the shares,
/// not through the choice of nodes. `counts` is bool, of the shape of `similarities`: the pairs that count.
/// Deterministic on the CPU, and on a GPU with deterministic algorithms, where index_add adds in a fixed order.
torch::Tensor soft_histogram(const torch::Tensor& similarities, const torch::Tensor& counts, std::int64_t nbins);

/// The probability that a random negative pair is more similar than a random positive one, from a histogram of each:
/// sum_r negative_r * sum_{q <= r} positive_q. Zero without a positive or without a negative pair. Assumes unit rows;
/// similarities beyond [-1, 1] are clamped. Unlike in the references no mass is lost when nbins - 1 is not a power of
/// two (Q7). Source: Ustinova and Lempitsky, NeurIPS 2016; docs/criteria.md#histogram.
class Histogram final : public Criterion {
 public:
  explicit Histogram(std::int64_t nbins) : nbins_(nbins) {}
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;

 private:
  std::int64_t nbins_;
};

Result<std::shared_ptr<Criterion>> make_histogram(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
