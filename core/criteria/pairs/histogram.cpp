#include "core/criteria/pairs/histogram.h"

#include "core/criteria/batch.h"
#include "core/miners/candidates.h"

namespace oodml::criteria {

torch::Tensor soft_histogram(const torch::Tensor& similarities, const torch::Tensor& counts, std::int64_t nbins) {
  const double nodes_per_unit = static_cast<double>(nbins - 1) / 2;
  const auto place = (similarities.clamp(-1, 1).flatten() + 1) * nodes_per_unit;  // in [0, nbins - 1]
  const auto node = place.detach().to(at::kLong).clamp(0, nbins - 2);  // the last node belongs to the last interval
  const auto counted = counts.flatten().to(place.scalar_type());
  const auto above_share = (place - node) * counted;
  const auto histogram =
      at::zeros({nbins}, place.options()).index_add(0, node, counted - above_share).index_add(0, node + 1, above_share);
  return histogram / counted.sum().clamp_min(1);
}

torch::Tensor Histogram::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  const auto similarities = batch.embeddings.mm(batch.embeddings.t());
  // Each pair once: i < j.
  const auto positive = soft_histogram(similarities, miners::same_class(batch.labels).triu(1), nbins_);
  const auto negative = soft_histogram(similarities, miners::other_class(batch.labels).triu(1), nbins_);
  return negative.dot(positive.cumsum(0));
}

Result<std::shared_ptr<Criterion>> make_histogram(const Params& params, const CriterionContext&) {
  return std::make_shared<Histogram>(params.integer("nbins"));
}

}  // namespace oodml::criteria
