#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/metrics/key_counts.h"
#include "core/metrics/margin.h"

namespace oodml::metrics {

/// products[j] = x.y_j. Keys of the squared distances max((norm + norms[j]) - 2 products[j], 0), rounded in the order
/// in which FAISS rounds them: the bits of the distances.
void euclidean_keys(std::span<const float> products, std::span<const float> norms, float norm, std::span<Key> keys);

/// Keys of the cosines products[j] * inverse_norms[j] * inverse_norm, each in (-2, 2); larger ones are nearer.
void cosine_keys(std::span<const float> products, std::span<const float> inverse_norms, float inverse_norm,
                 std::span<Key> keys);

/// Rows that were moved by a centre, x = y + c, with products[j] = y.y_j: keys of one minus the cosines
/// (products[j] + (offset + offsets[j])) * (inverse_norms[j] * inverse_norm), clipped at 0; the bits of these.
struct MovedCosines {
  std::span<const float> offsets, inverse_norms;
  float offset = 0.0f, inverse_norm = 0.0f;
};
void moved_cosine_keys(std::span<const float> products, const MovedCosines& of, std::span<Key> keys);

/// How many of a row's same-class ranks are wanted: the first, or at least all that are no larger than `limit` or than
/// the number of members.
struct RankDepth {
  bool first_only = false;
  std::int64_t limit = 0;

  static const RankDepth kFirst, kAll;
  static constexpr RankDepth up_to(std::int64_t limit) { return {.first_only = false, .limit = limit}; }

  /// What serves both.
  RankDepth with(const RankDepth& other) const {
    return {.first_only = first_only && other.first_only, .limit = limit > other.limit ? limit : other.limit};
  }
};
inline constexpr RankDepth RankDepth::kFirst{.first_only = true, .limit = 1};
inline constexpr RankDepth RankDepth::kAll{.first_only = false, .limit = INT64_MAX};

/// The order of a query's rows: by keys where they lie farther apart than the margin, else by `exactly`, equal ones by
/// position. `exactly` is empty where keys say all: then the margin is 0.
struct RowOrder {
  Margin margin;
  std::function<double(std::int64_t row)> exactly;

  double value(std::span<const Key> keys, std::int64_t row) const { return exactly ? exactly(row) : keys[row]; }
};

/// The nearest row; `keys` is not empty.
std::int64_t nearest_row(std::span<const Key> keys, const RowOrder& order);

/// The 1-based ranks, ascending, of the rows `members` in the order; the row `dropped` is taken out of the order (and
/// of the members, if it is one), -1 drops none. keys[dropped] is overwritten. members ascending.
void same_class_ranks(std::span<Key> keys, std::span<const std::int64_t> members, std::int64_t dropped, RankDepth depth,
                      const RowOrder& order, std::vector<std::int64_t>& ranks);

}  // namespace oodml::metrics
