#pragma once

#include <cmath>
#include <map>
#include <vector>

namespace oodml::statistics {

/// Two values of each thing that was measured twice; the lists have equal lengths.
struct Pairs {
  std::vector<double> first, second;
};

/// The pairs of keys that both maps have, in the keys' order: of seeds, or of (split, seed). Pairs with a NaN are left
/// out.
template <typename Key>
Pairs pairs_of(const std::map<Key, double>& first, const std::map<Key, double>& second) {
  Pairs pairs;
  for (const auto& [key, value] : first) {
    const auto other = second.find(key);
    if (other == second.end() || std::isnan(value) || std::isnan(other->second)) continue;
    pairs.first.push_back(value);
    pairs.second.push_back(other->second);
  }
  return pairs;
}

}  // namespace oodml::statistics
