#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/products/near_tile.h"

namespace oodml::embedding_map {

/// The rows with the smallest keys, of each row of a set, among rows that come in any order and in any parts; equal
/// keys by row. Memory: 16 bytes for each that is wanted. Calls for different rows may come from different threads.
class NearCandidates {
 public:
  NearCandidates(std::int64_t rows, std::int64_t wanted);

  /// Rows with larger keys are wanted no more: infinity at first.
  float limit(std::int64_t row) const { return limits_[static_cast<std::size_t>(row)]; }

  /// Some others of the row, each once over all calls; keys are 0 or larger.
  void add(std::int64_t row, const products::NearRows& near);

  /// When all have come: the wanted ones, in no order, and the largest of their keys.
  float finish(std::int64_t row, std::vector<std::int64_t>& found);

 private:
  /// The bits of a key above those of a row: in order as they are.
  using Entry = std::uint64_t;

  std::span<Entry> entries(std::int64_t row);
  void keep_wanted(std::int64_t row);

  std::int64_t wanted_;
  std::vector<Entry> entries_;  ///< Twice as many a row as are wanted.
  std::vector<std::int64_t> counts_;
  std::vector<float> limits_;
};

}  // namespace oodml::embedding_map
