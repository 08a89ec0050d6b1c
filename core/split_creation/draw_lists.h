#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/seeds.h"

namespace oodml::split_creation {

/// `count` of the numbers 0 to n - 1, all different, in the order drawn; 0 <= count <= n.
std::vector<std::size_t> drawn_numbers(std::size_t n, std::size_t count, Random& random);

/// floor(share * |names|) names drawn without replacement and the rest, both in the order of `names`.
struct Parted {
  std::vector<std::string> drawn, rest;
};
Parted part(const std::vector<std::string>& names, double share, Random& random);

/// One few-shot episode: for every class of `test`, in that order, `shots` of its files in the order drawn. Every class
/// has that many.
std::map<std::string, std::vector<std::string>> draw_episode(
    const std::vector<std::string>& test, const std::map<std::string, std::vector<std::string>>& files,
    std::int64_t shots, Random& random);

}  // namespace oodml::split_creation
