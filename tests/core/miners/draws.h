#pragma once

#include <torch/types.h>

namespace oodml::testing {

/// Adds how often each (row, column) was drawn where `valid`: counts [B, B] double.
void count_draws(torch::Tensor& counts, const torch::Tensor& rows, const torch::Tensor& columns,
                 const torch::Tensor& valid);

/// Pearson's statistic of the counts against rows drawn in proportion to `weights` stays within five standard
/// deviations of its mean, and nothing of weight zero was drawn.
void expect_drawn_as(const torch::Tensor& counts, const torch::Tensor& weights);

}  // namespace oodml::testing
