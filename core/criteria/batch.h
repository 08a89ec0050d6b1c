#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

/// Throws std::invalid_argument unless embeddings are [B, D] floating, labels [B] int64, both on one device.
void check_batch(const BatchOutput& batch);

/// The triplets, checked to be of equal length; throws std::invalid_argument when there are none given.
const miners::Tuples& check_triplets(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets);

/// The tuples, checked to be anchors with one positive and a set of negatives each (npair): [T], [T], [T, B] bool.
const miners::Tuples& check_negative_sets(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples);

/// The tuples, checked to be anchors with a set of positives and one of negatives each (lifted): [T], [T, B], [T, B].
const miners::Tuples& check_sets(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples);

/// A zero that backward() accepts: its gradient is zero everywhere.
torch::Tensor attached_zero(const torch::Tensor& embeddings);

/// The embeddings of the rows of each triplet, all [T, D].
struct TripletRows {
  torch::Tensor anchor, positive, negative;
};
TripletRows rows_of(const torch::Tensor& embeddings, const miners::Tuples& triplets);

/// The terms [T] with those that do not count set to zero.
torch::Tensor counted(const torch::Tensor& terms, const miners::Tuples& triplets);

/// Sum of the counting terms divided by their number; zero when there is none.
torch::Tensor mean_over(const torch::Tensor& terms, const miners::Tuples& triplets);

/// mean_i ||x_i||_2 over all rows of a batch that is not empty; the gradient at a zero row is zero.
torch::Tensor mean_row_norm(const torch::Tensor& embeddings);

/// The value, or zero when the tuples hold no row that counts.
torch::Tensor if_any(const torch::Tensor& value, const miners::Tuples& tuples);

}  // namespace oodml::criteria
