#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>

namespace oodml::metrics {

/// How two partitions of the same rows lie over each other; only cells that are not empty.
struct Contingency {
  std::map<std::int64_t, double> sizes_a, sizes_b;
  std::map<std::pair<std::int64_t, std::int64_t>, double> joint;
};

/// Ids are any integers. Throws std::invalid_argument for partitions of different lengths.
Contingency contingency_of(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

}  // namespace oodml::metrics
