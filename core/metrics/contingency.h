#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace oodml::metrics {

/// How two partitions of the same rows lie over each other. Their parts are numbered from 0 in the order of their ids.
struct Contingency {
  struct Cell {
    std::int64_t a, b;
    double rows;
  };

  std::vector<double> sizes_a, sizes_b;  ///< Rows of each part.
  std::vector<Cell> joint;               ///< Cells that are not empty, in the order of a, then b.
};

/// Ids are any integers. Throws std::invalid_argument for partitions of different lengths.
Contingency contingency_of(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

}  // namespace oodml::metrics
