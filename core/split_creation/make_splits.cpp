#include "core/split_creation/make_splits.h"

#include <algorithm>
#include <utility>

#include "core/split_creation/draw_lists.h"

namespace oodml::split_creation {
namespace {

constexpr std::size_t kQueriesLeft = 2;

std::vector<std::string> names_of(const std::vector<std::int64_t>& numbers, const Members& members, bool sort) {
  std::vector<std::string> names;
  for (const std::int64_t number : numbers) {
    const auto& more = members.at(static_cast<std::size_t>(number));
    names.insert(names.end(), more.begin(), more.end());
  }
  if (sort) std::ranges::sort(names);
  return names;
}

std::size_t fewest_files(const std::vector<std::string>& test, const Files& files) {
  std::size_t fewest = files.at(test.front()).size();
  for (const std::string& name : test) fewest = std::min(fewest, files.at(name).size());
  return fewest;
}

void add_episodes(splits::Split& split, const Files& files, const SplitOptions& options, std::uint64_t number,
                  std::vector<std::string>& notes) {
  const bool knows_all = std::ranges::all_of(split.test, [&](const auto& name) { return files.contains(name); });
  if (options.episodes == 0 || options.shots.empty() || !knows_all) return;
  const std::size_t fewest = fewest_files(split.test, files);
  for (const std::int64_t shots : options.shots) {
    if (fewest < static_cast<std::size_t>(shots) + kQueriesLeft) {
      notes.push_back("split " + split.id + " has no episodes of " + std::to_string(shots) +
                      " shots: a test class has " + std::to_string(fewest) + " images, wants " +
                      std::to_string(static_cast<std::size_t>(shots) + kQueriesLeft));
      continue;
    }
    for (std::int64_t episode = 0; episode < options.episodes; ++episode) {
      Random random =
          Seeds(options.seed)
              .stream("episodes", {number, static_cast<std::uint64_t>(shots), static_cast<std::uint64_t>(episode)});
      split.test_episodes[shots].push_back(draw_episode(split.test, files, shots, random));
    }
  }
}

}  // namespace

MadeSplits make_splits(const std::vector<Entry>& entries, const std::vector<std::size_t>& chosen,
                       const Members& members, const Files& files, const SplitOptions& options) {
  MadeSplits made;
  for (const std::size_t place : chosen) {
    const Entry& entry = entries.at(place);
    const bool sort = options.sort_swap_lists && entry.run != Entry::Run::kRemoval;
    const std::uint64_t number = made.splits.size() + 1;
    splits::Split split;
    split.id = std::to_string(number);
    split.train = names_of(entry.train, members, sort);
    split.test = names_of(entry.test, members, sort);
    split.fid = std::max(entry.fid, 0.0);  // rounding can put a distance of nearly none below zero
    Random random = Seeds(options.seed).stream("validation_lists", {number});
    Parted parted = part(split.train, options.train_share, random);
    if (!parted.drawn.empty() && !parted.rest.empty()) {
      split.split_train = std::move(parted.drawn);
      split.split_val = std::move(parted.rest);
    }
    add_episodes(split, files, options, number, made.notes);
    made.splits.push_back(std::move(split));
  }
  return made;
}

}  // namespace oodml::split_creation
