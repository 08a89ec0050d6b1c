#pragma once

#include <torch/types.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "core/criteria/criterion.h"

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

at::Generator seeded(std::uint64_t seed);
torch::Tensor labels_of(std::initializer_list<std::int64_t> values);
/// The triplets with what the miners npair and lifted give beside: all positives and all negatives of each anchor.
miners::Tuples with_sets(miners::Tuples triplets, const torch::Tensor& labels);
/// Rows of unit length, drawn from `seed`.
torch::Tensor random_unit_rows(std::int64_t rows, std::int64_t dim, std::uint64_t seed,
                               at::ScalarType type = at::kFloat);

/// The component with the catalogue's defaults and `changes`.
ComponentChoice criterion_choice(const std::string& name,
                                 std::initializer_list<std::pair<const std::string, Value>> changes = {});
ComponentChoice miner_choice(const std::string& name,
                             std::initializer_list<std::pair<const std::string, Value>> changes = {});
std::shared_ptr<criteria::Criterion> make(const ComponentChoice& choice, std::int64_t n_classes, std::int64_t dim,
                                          bool compat_paper = false);
std::unique_ptr<miners::Miner> make_miner(const ComponentChoice& choice, bool compat_paper = false);

}  // namespace oodml::testing
