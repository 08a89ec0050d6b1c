#pragma once

#include <torch/types.h>

#include <cstdint>

namespace oodml::samplers {

/// How badly each candidate stands for the big batch it is taken from: ||mu - mu'|| + ||sd - sd'|| + 150 W, over the
/// means and population deviations of the dimensions. W compares histograms of all pairwise distances, `bins` bins over
/// the big batch's range, each of sum 1: the mean difference between their sorted heights, which are taken for two
/// samples of numbers as in the references.
/// x [b, D], candidates [K, n] int64 rows of x -> [K] double. Source: docs/samplers.md#batchmatch.
torch::Tensor disthist_cost(const torch::Tensor& x, const torch::Tensor& candidates, std::int64_t bins = 50);

}  // namespace oodml::samplers
