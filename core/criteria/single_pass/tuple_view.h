#pragma once

#include <optional>

#include "core/miners/miner.h"

namespace oodml::criteria {

/// Tuples on a CPU, by number, all places of rows checked.
struct TupleView {
  std::int64_t size = 0;  ///< T
  std::int64_t rows = 0;  ///< B
  const std::int64_t* anchor = nullptr;
  const std::int64_t* positive = nullptr;  ///< null where there are sets
  const std::int64_t* negative = nullptr;  ///< null where there are sets
  const bool* valid = nullptr;             ///< null where all count
  const bool* positive_set = nullptr;      ///< [T, B] or null
  const bool* negative_set = nullptr;      ///< [T, B] or null

  bool counts(std::int64_t t) const { return valid == nullptr || valid[t]; }
  std::int64_t counting() const;
};

/// nullopt where they lie elsewhere, not row by row, or name a row that is not there: the plain form says what is
/// wrong. The view is valid as long as the tuples.
std::optional<TupleView> view_of(const miners::Tuples& tuples, std::int64_t rows);

}  // namespace oodml::criteria
