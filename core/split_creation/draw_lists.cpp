#include "core/split_creation/draw_lists.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace oodml::split_creation {

std::vector<std::size_t> drawn_numbers(std::size_t n, std::size_t count, Random& random) {
  std::vector<std::size_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  for (std::size_t i = 0; i < count; ++i) {
    const auto ahead = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(n - i)));
    std::swap(numbers[i], numbers[i + ahead]);
  }
  numbers.resize(count);
  return numbers;
}

Parted part(const std::vector<std::string>& names, double share, Random& random) {
  const auto count = static_cast<std::size_t>(std::floor(share * static_cast<double>(names.size()) + 1e-9));
  std::vector<bool> is_drawn(names.size());
  for (const std::size_t i : drawn_numbers(names.size(), count, random)) is_drawn[i] = true;
  Parted parted;
  for (std::size_t i = 0; i < names.size(); ++i) (is_drawn[i] ? parted.drawn : parted.rest).push_back(names[i]);
  return parted;
}

std::map<std::string, std::vector<std::string>> draw_episode(
    const std::vector<std::string>& test, const std::map<std::string, std::vector<std::string>>& files,
    std::int64_t shots, Random& random) {
  std::map<std::string, std::vector<std::string>> episode;
  for (const std::string& name : test) {
    const std::vector<std::string>& all = files.at(name);
    for (const std::size_t i : drawn_numbers(all.size(), static_cast<std::size_t>(shots), random)) {
      episode[name].push_back(all[i]);
    }
  }
  return episode;
}

}  // namespace oodml::split_creation
