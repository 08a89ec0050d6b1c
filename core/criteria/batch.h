#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

/// Throws std::invalid_argument unless embeddings are [B, D] floating, labels [B] int64, both on one device.
void check_batch(const BatchOutput& batch);

/// The triplets, checked to be of equal length; throws std::invalid_argument when there are none given.
const miners::Tuples& check_triplets(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets);

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

}  // namespace oodml::criteria
