#pragma once

#include <torch/types.h>

#include "core/miners/miner.h"

namespace oodml::toy {

/// Negatives farther than this cost nothing, Euclidean distance.
inline constexpr double kMargin = 0.1;

/// Every (anchor, positive, negative) of a batch: positives of the anchor's class and not itself, negatives of another.
/// labels [B] int64 -> three times [T], in lexicographic order.
miners::Tuples all_triplets(const torch::Tensor& labels);

/// mean d(a, p) + mean [0.1 - d(a, n)]_+ over the triplets, d = ||u - v + 1e-6||; zero without a triplet.
/// embeddings [B, D] -> []. Source: docs/toy.md#objectives.
torch::Tensor base_loss(const torch::Tensor& embeddings, const miners::Tuples& triplets);

/// mean [0.1 - d(a, n')]_+ alone; n' is the positive where `switched` [T] bool, else the negative. Nothing pulls
/// positives together, and some are pushed apart. Source: docs/toy.md#objectives.
torch::Tensor regularised_loss(const torch::Tensor& embeddings, const miners::Tuples& triplets,
                               const torch::Tensor& switched);

}  // namespace oodml::toy
