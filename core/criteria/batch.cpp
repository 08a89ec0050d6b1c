#include "core/criteria/batch.h"

#include <stdexcept>

namespace oodml::criteria {
namespace {

void check_set(const torch::Tensor& set, std::int64_t anchors, std::int64_t rows, const std::string& name) {
  if (!set.defined()) throw std::invalid_argument("criterion: needs a set of " + name + " for each anchor");
  if (set.dim() != 2 || set.scalar_type() != at::kBool || set.size(0) != anchors || set.size(1) != rows) {
    throw std::invalid_argument("criterion: the sets of " + name +
                                " must be bool, one row an anchor, one column a row "
                                "of the batch");
  }
}

}  // namespace

void check_batch(const BatchOutput& batch) {
  const auto &embeddings = batch.embeddings, &labels = batch.labels;
  if (!embeddings.defined() || embeddings.dim() != 2 || !embeddings.is_floating_point()) {
    throw std::invalid_argument("criterion: embeddings must be a floating-point matrix [B, D]");
  }
  if (!labels.defined() || labels.dim() != 1 || labels.scalar_type() != at::kLong ||
      labels.size(0) != embeddings.size(0) || labels.device() != embeddings.device()) {
    throw std::invalid_argument("criterion: labels must be int64 [B], one for each row of embeddings, on its device");
  }
}

const miners::Tuples& check_triplets(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) {
  check_batch(batch);
  if (!triplets) throw std::invalid_argument("criterion: needs the triplets of a miner");
  if (!triplets->positive.defined() || !triplets->negative.defined()) {
    throw std::invalid_argument("criterion: needs one positive and one negative for each anchor, got sets");
  }
  const auto length = triplets->anchor.size(0);
  if (triplets->positive.size(0) != length || triplets->negative.size(0) != length ||
      (triplets->valid.defined() && triplets->valid.size(0) != length)) {
    throw std::invalid_argument("criterion: anchor, positive, negative and valid must have one length");
  }
  return *triplets;
}

const miners::Tuples& check_negative_sets(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) {
  check_batch(batch);
  if (!tuples) throw std::invalid_argument("criterion: needs the tuples of a miner");
  const auto anchors = tuples->anchor.size(0);
  if (!tuples->positive.defined() || tuples->positive.size(0) != anchors) {
    throw std::invalid_argument("criterion: needs one positive for each anchor");
  }
  check_set(tuples->negative_set, anchors, batch.labels.size(0), "negatives");
  return *tuples;
}

const miners::Tuples& check_sets(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) {
  check_batch(batch);
  if (!tuples) throw std::invalid_argument("criterion: needs the tuples of a miner");
  check_set(tuples->positive_set, tuples->anchor.size(0), batch.labels.size(0), "positives");
  check_set(tuples->negative_set, tuples->anchor.size(0), batch.labels.size(0), "negatives");
  return *tuples;
}

torch::Tensor attached_zero(const torch::Tensor& embeddings) { return embeddings.sum() * 0; }

TripletRows rows_of(const torch::Tensor& embeddings, const miners::Tuples& triplets) {
  return {embeddings.index_select(0, triplets.anchor), embeddings.index_select(0, triplets.positive),
          embeddings.index_select(0, triplets.negative)};
}

torch::Tensor counted(const torch::Tensor& terms, const miners::Tuples& triplets) {
  if (!triplets.valid.defined()) return terms;
  return terms.masked_fill(triplets.valid.logical_not(), 0);
}

torch::Tensor mean_over(const torch::Tensor& terms, const miners::Tuples& triplets) {
  if (!triplets.valid.defined()) return terms.mean();
  return counted(terms, triplets).sum() / triplets.valid.sum().clamp_min(1);
}

torch::Tensor mean_row_norm(const torch::Tensor& embeddings) {
  return at::linalg_vector_norm(embeddings, 2, /*dim=*/{1}).mean();
}

torch::Tensor if_any(const torch::Tensor& value, const miners::Tuples& tuples) {
  return tuples.valid.defined() ? value * tuples.valid.any() : value;
}

}  // namespace oodml::criteria
