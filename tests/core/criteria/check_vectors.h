#pragma once

#include <memory>

#include "core/criteria/criterion.h"
#include "tests/core/catalogue/default_choice.h"
#include "tests/core/distances/batches.h"

namespace oodml::testing {

/// The inputs of docs/check_vectors.md#inputs.
struct CheckVectors {
  torch::Tensor x;        ///< [6, 4], not normalised
  torch::Tensor z;        ///< its rows with unit length
  torch::Tensor labels;   ///< 0 0 1 1 2 2
  torch::Tensor proxies;  ///< [3, 4]
  miners::Tuples triplets;
};
CheckVectors check_vectors(at::ScalarType type = at::kFloat);

/// The triplets with what the miners npair and lifted give beside: all positives and all negatives of each anchor.
miners::Tuples with_sets(miners::Tuples triplets, const torch::Tensor& labels);

std::shared_ptr<criteria::Criterion> make(const ComponentChoice& choice, std::int64_t n_classes, std::int64_t dim,
                                          bool compat_paper = false);

}  // namespace oodml::testing
