#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/criteria/criterion.h"
#include "tests/core/criteria/check_vectors.h"

namespace oodml::testing {

/// Sizes of what a criterion may read beside embeddings and labels.
struct StepSizes {
  std::int64_t feature_dim = 16;  ///< F
  std::int64_t queue = 12;        ///< K
};

/// A batch with everything that a criterion may read; the leaves of its graph want gradients.
struct StepInputs {
  criteria::BatchOutput batch;
  std::vector<torch::Tensor> leaves;
};
/// rows [B, D]: the embeddings, also of each head. The rest is drawn from `seed`.
StepInputs step_inputs(const torch::Tensor& rows, const torch::Tensor& labels, std::uint64_t seed,
                       StepSizes sizes = {});

/// The miners that a sweep may join with the criterion, "none" for no miner.
std::vector<std::string> allowed_miners(const ComponentChoice& criterion);

/// A criterion with its miner, as a trial has them.
class Objective {
 public:
  Objective(const ComponentChoice& criterion, const std::string& miner, const torch::Tensor& rows,
            std::int64_t n_classes, bool compat_paper = false, StepSizes sizes = {});

  std::optional<miners::Tuples> mine(const criteria::BatchOutput& batch, std::uint64_t seed);
  /// Mining and loss; draws are a function of `seed`.
  torch::Tensor loss(criteria::BatchOutput batch, std::uint64_t seed);
  criteria::Criterion& criterion() { return *criterion_; }

 private:
  std::shared_ptr<criteria::Criterion> criterion_;
  std::unique_ptr<miners::Miner> miner_;  ///< null for none
  at::Generator miner_generator_, criterion_generator_;
};

}  // namespace oodml::testing
