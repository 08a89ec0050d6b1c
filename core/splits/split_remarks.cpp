#include "core/splits/split_remarks.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/base/printable.h"

namespace oodml::splits {
namespace {

constexpr std::size_t kPublishedEpisodes = 10;
constexpr std::size_t kPlacesShown = 5;

using PlacesOfCount = std::map<std::size_t, std::vector<std::string>>;  ///< Number of episodes -> where.

void count_episodes(const Split& split, const auto& episodes_of_shots, PlacesOfCount& places) {
  for (const auto& [shots, episodes] : episodes_of_shots) {
    places[episodes.size()].push_back("splits." + split.id + ".test_episodes." + std::to_string(shots));
  }
}

void remark_on_episodes(const SplitFile& file, std::vector<std::string>& remarks) {
  PlacesOfCount places;
  for (const Split& split : file.splits) {
    count_episodes(split, split.test_episodes, places);
    count_episodes(split, split.episode_classes, places);
  }
  for (const auto& [count, where] : places) {
    if (count == kPublishedEpisodes) continue;
    remarks.push_back(std::to_string(count) + " episodes instead of the " + std::to_string(kPublishedEpisodes) +
                      " of the published files: " + name_list(where, kPlacesShown));
  }
}

void remark_on_twins(const SplitFile& file, std::vector<std::string>& remarks) {
  using Classes = std::set<std::string_view>;
  std::map<std::pair<Classes, Classes>, std::string_view> seen;
  for (const Split& split : file.splits) {
    const auto [first, is_new] =
        seen.try_emplace({{split.train.begin(), split.train.end()}, {split.test.begin(), split.test.end()}}, split.id);
    if (is_new) continue;
    remarks.push_back("splits." + split.id + " has the same classes as splits." + std::string(first->second));
  }
}

}  // namespace

std::vector<std::string> remarks_on(const SplitFile& file) {
  std::vector<std::string> remarks;
  remark_on_episodes(file, remarks);
  remark_on_twins(file, remarks);
  return remarks;
}

}  // namespace oodml::splits
