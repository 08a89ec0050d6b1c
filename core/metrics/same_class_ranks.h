#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace oodml::metrics {

/// products[j] = x.y_j becomes max((norm + norms[j]) - 2 products[j], 0): squared Euclidean distances, rounded in the
/// order in which FAISS rounds them.
void to_squared_distances(std::span<float> products, std::span<const float> norms, float norm);

/// Position of the smallest value, the first of equal ones; `values` is not empty and holds no NaN.
std::int64_t first_minimum(std::span<const float> values);

/// How many of a row's same-class ranks are wanted.
enum class RankDepth { kFirst, kAll };

/// The 1-based ranks, ascending, of the rows `members` in the order of their distances, equal distances by position;
/// the row `dropped` is taken out of the order (and of the members, if it is one). distances [N] >= 0, not NaN;
/// distances[dropped] is overwritten. members ascending. With kFirst only the smallest rank is found.
void same_class_ranks(std::span<float> distances, std::span<const std::int64_t> members, std::int64_t dropped,
                      RankDepth depth, std::vector<std::int64_t>& ranks);

}  // namespace oodml::metrics
