#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/split_creation/progression.h"

/// The algorithm of docs/splits.md#swapping once more, word by word and without anything kept from one step to the
/// next, to hold the real one against.
namespace oodml::split_creation::testing {

/// From the eigenvalues of the general matrix (S_X + e I)(S_Y + e I).
double plain_fid(const torch::Tensor& x, const torch::Tensor& y, double e);

struct PlainEntry {
  std::string key;
  std::vector<std::int64_t> train, test;
  double fid = 0;
};

struct PlainState {
  std::vector<std::int64_t> train, test;  ///< features by position
  std::vector<std::int64_t> train_names, test_names;
};

/// 3.3; `state` is left after the last swap.
std::vector<PlainEntry> plain_swaps(const torch::Tensor& means, PlainState& state, const RunOptions& options,
                                    bool inverse);
/// 3.4
std::vector<PlainEntry> plain_removal(const torch::Tensor& means, PlainState state, const RunOptions& options);

/// `classes` points of D dimensions around `groups` centres, in float; every seed its own.
torch::Tensor clustered_points(std::int64_t classes, std::int64_t dimensions, std::int64_t groups, std::uint64_t seed);

}  // namespace oodml::split_creation::testing
