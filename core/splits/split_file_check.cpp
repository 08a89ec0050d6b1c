#include "core/splits/split_file_check.h"

#include <algorithm>
#include <unordered_map>

#include "core/base/printable.h"

namespace oodml::splits {
namespace {

using Places = std::unordered_map<std::string_view, std::size_t>;

std::string at(const std::string& list, std::size_t index) { return list + "[" + std::to_string(index) + "]"; }

std::string quoted(const std::string& name) { return "'" + printable(name) + "'"; }

/// What names only here and what names only there have to say; empty when there are none.
Status refusal_of(const std::string& lacking, const std::string& stray) {
  if (lacking.empty() && stray.empty()) return {};
  return invalid_argument(lacking + (lacking.empty() || stray.empty() ? "" : "; ") + stray);
}

/// The index of every name; a name twice in the list is a failure.
Result<Places> index_names(const std::vector<std::string>& names, const std::string& list) {
  Places places;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [first, is_new] = places.emplace(names[i], i);
    if (!is_new) {
      return invalid_argument(at(list, i) + ": " + quoted(names[i]) + " is already at " + at(list, first->second) +
                              "; a name stands once in a list");
    }
  }
  return places;
}

bool is_class_id(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// split_train and split_val where they hold class ids, which train does not: only their number can be compared.
Status check_ids(const Split& split, const std::string& place) {
  for (const bool val : {false, true}) {
    const auto& ids = val ? split.split_val : split.split_train;
    const auto name = std::ranges::find_if_not(ids, is_class_id);
    if (name == ids.end()) continue;
    return invalid_argument(
        at(place + (val ? ".split_val" : ".split_train"), static_cast<std::size_t>(name - ids.begin())) + ": " +
        quoted(*name) + " is no class id like those of " + (val ? "split_train" : "split_val") +
        "; both hold names or both hold class ids");
  }
  const std::size_t ids = split.split_train.size() + split.split_val.size();
  if (ids == split.train.size()) return {};
  return invalid_argument(place + ": split_train and split_val have " + std::to_string(ids) + " class ids, train has " +
                          std::to_string(split.train.size()) + " classes");
}

/// The two lists together have the classes of train, each once.
Status check_same_classes(const Split& split, const std::string& place, const Places& train, const Places& first,
                          const Places& second) {
  std::string lacking, stray;
  for (std::size_t i = 0; i < split.train.size() && lacking.empty(); ++i) {
    if (first.contains(split.train[i]) || second.contains(split.train[i])) continue;
    lacking = at(place + ".train", i) + ": " + quoted(split.train[i]) + " is in neither split_train nor split_val";
  }
  for (const bool val : {false, true}) {
    const auto& names = val ? split.split_val : split.split_train;
    for (std::size_t i = 0; i < names.size() && stray.empty(); ++i) {
      if (train.contains(names[i])) continue;
      stray = at(place + (val ? ".split_val" : ".split_train"), i) + ": " + quoted(names[i]) + " is not in train";
    }
  }
  return refusal_of(lacking, stray);
}

Status check_partition(const Split& split, const std::string& place, const Places& train) {
  if (split.split_train.empty() && split.split_val.empty()) return {};
  if (split.split_train.empty() || split.split_val.empty()) {
    const bool val = split.split_val.empty();
    return invalid_argument(place + (val ? ".split_val" : ".split_train") + ": is not there or empty, though " +
                            (val ? "split_train" : "split_val") + " is not; both are there or both left out");
  }
  OODML_ASSIGN_OR_RETURN(const Places first, index_names(split.split_train, place + ".split_train"));
  OODML_ASSIGN_OR_RETURN(const Places second, index_names(split.split_val, place + ".split_val"));
  for (std::size_t i = 0; i < split.split_val.size(); ++i) {
    if (first.contains(split.split_val[i])) {
      return invalid_argument(at(place + ".split_val", i) + ": " + quoted(split.split_val[i]) + " is also at " +
                              at(place + ".split_train", first.at(split.split_val[i])));
    }
  }
  if (split.validation_by_id) return check_ids(split, place);
  return check_same_classes(split, place, train, first, second);
}

/// All images of an episode's classes are support: those of the other test classes are what is asked for.
Status check_episode_size(const std::vector<std::string>& classes, std::size_t test_classes,
                          const std::string& episode) {
  if (classes.empty()) return invalid_argument(episode + ": wants at least one class");
  if (classes.size() < test_classes) return {};
  return invalid_argument(episode + ": has " + std::to_string(classes.size()) + " of the " +
                          std::to_string(test_classes) +
                          " test classes; all images of an episode's classes are support, so that none are left to "
                          "query");
}

Status check_episode_classes(const Split& split, const std::string& place, const Places& test) {
  for (const auto& [shots, episodes] : split.episode_classes) {
    const std::string here = place + ".test_episodes." + std::to_string(shots);
    for (std::size_t i = 0; i < episodes.size(); ++i) {
      OODML_RETURN_IF_ERROR(check_episode_size(episodes[i], test.size(), at(here, i)));
      OODML_RETURN_IF_ERROR(index_names(episodes[i], at(here, i)));
      for (std::size_t j = 0; j < episodes[i].size(); ++j) {
        const std::string& name = episodes[i][j];
        if (split.episodes_by_id ? is_class_id(name) : test.contains(name)) continue;
        return invalid_argument(at(at(here, i), j) + ": " + quoted(name) +
                                (split.episodes_by_id ? " is no class id like the others" : " is not in test"));
      }
    }
  }
  return {};
}

/// Every test class has its support images in every episode, and no other has.
Status check_support_classes(const Split& split, const std::string& place, const Places& test,
                             const std::map<std::string, std::vector<std::string>>& files, const std::string& episode) {
  std::string lacking, stray;
  for (std::size_t i = 0; i < split.test.size() && lacking.empty(); ++i) {
    if (files.contains(split.test[i])) continue;
    lacking = episode + ": lacks " + quoted(split.test[i]) + ", which is at " + at(place + ".test", i) +
              "; an episode has files of every test class";
  }
  for (const auto& [name, unused] : files) {
    if (stray.empty() && !test.contains(name)) stray = episode + ": " + quoted(name) + " is not in test";
  }
  return refusal_of(lacking, stray);
}

/// A test class that no episode knows is itself what is wrong, not the first episode.
Status check_test_in_episodes(const Split& split, const std::string& place) {
  if (split.test_episodes.empty()) return {};
  for (std::size_t i = 0; i < split.test.size(); ++i) {
    const auto has_class = [&](const auto& files) { return files.contains(split.test[i]); };
    const auto somewhere = [&](const auto& of_shots) { return std::ranges::any_of(of_shots.second, has_class); };
    if (std::ranges::any_of(split.test_episodes, somewhere)) continue;
    return invalid_argument(at(place + ".test", i) + ": " + quoted(split.test[i]) +
                            " has files in no episode; an episode has files of every test class");
  }
  return {};
}

Status check_episodes(const Split& split, const std::string& place, const Places& test) {
  OODML_RETURN_IF_ERROR(check_test_in_episodes(split, place));
  for (const auto& [shots, episodes] : split.test_episodes) {
    for (std::size_t i = 0; i < episodes.size(); ++i) {
      const std::string episode = at(place + ".test_episodes." + std::to_string(shots), i);
      OODML_RETURN_IF_ERROR(check_support_classes(split, place, test, episodes[i], episode));
      for (const auto& [name, files] : episodes[i]) {
        OODML_RETURN_IF_ERROR(index_names(files, episode + "." + name));
        if (files.size() != static_cast<std::size_t>(shots)) {
          return invalid_argument(episode + "." + name + ": " + std::to_string(files.size()) + " files, wants " +
                                  std::to_string(shots));
        }
      }
    }
  }
  return {};
}

}  // namespace

std::string_view why_other_form(const Split& split, std::int64_t shots, bool names_files) {
  const bool differs = names_files ? split.episode_classes.contains(shots) : split.test_episodes.contains(shots);
  return differs ? "some episodes name files, some do not: the first of this number of shots decides" : "";
}

Status check_split(const Split& split, const std::string& place) {
  if (split.train.empty()) return invalid_argument(place + ".train: wants at least one class");
  if (split.test.empty()) return invalid_argument(place + ".test: wants at least one class");
  OODML_ASSIGN_OR_RETURN(const Places train, index_names(split.train, place + ".train"));
  OODML_ASSIGN_OR_RETURN(const Places test, index_names(split.test, place + ".test"));
  for (std::size_t i = 0; i < split.test.size(); ++i) {
    const auto found = train.find(split.test[i]);
    if (found == train.end()) continue;
    return invalid_argument(at(place + ".test", i) + ": " + quoted(split.test[i]) + " is also at " +
                            at(place + ".train", found->second) + "; train and test share no class");
  }
  OODML_RETURN_IF_ERROR(check_partition(split, place, train));
  OODML_RETURN_IF_ERROR(check_episode_classes(split, place, test));
  return check_episodes(split, place, test);
}

}  // namespace oodml::splits
