#include "core/splits/split_file_check.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "core/base/printable.h"

namespace oodml::splits {
namespace {

constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::int64_t kMaxShots = 1000;

using Places = std::unordered_map<std::string_view, std::size_t>;

std::string at(const std::string& list, std::size_t index) { return list + "[" + std::to_string(index) + "]"; }

/// The index of every name; a name twice in the list is a failure.
Result<Places> index_names(const std::vector<std::string>& names, const std::string& list) {
  Places places;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [first, is_new] = places.emplace(names[i], i);
    if (!is_new) {
      return invalid_argument(at(list, i) + ": '" + names[i] + "' is already at " + at(list, first->second) +
                              "; a class stands once in a list");
    }
  }
  return places;
}

bool is_class_id(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// split_train and split_val where they hold class ids, which train does not: only their number can be compared.
Status check_ids(const Split& split, const std::string& place) {
  if (!std::ranges::all_of(split.split_train, is_class_id) || !std::ranges::all_of(split.split_val, is_class_id)) {
    return invalid_argument(place + ": split_train and split_val both hold names or both hold class ids");
  }
  const std::size_t ids = split.split_train.size() + split.split_val.size();
  if (ids == split.train.size()) return {};
  return invalid_argument(place + ": split_train and split_val have " + std::to_string(ids) + " class ids, train has " +
                          std::to_string(split.train.size()) + " classes");
}

Status check_partition(const Split& split, const std::string& place, const Places& train) {
  if (split.split_train.empty() && split.split_val.empty()) return {};
  if (split.split_train.empty() || split.split_val.empty()) {
    return invalid_argument(place + ": split_train and split_val are both there or both left out, and not empty");
  }
  OODML_ASSIGN_OR_RETURN(const Places first, index_names(split.split_train, place + ".split_train"));
  OODML_ASSIGN_OR_RETURN(const Places second, index_names(split.split_val, place + ".split_val"));
  for (std::size_t i = 0; i < split.split_val.size(); ++i) {
    if (first.contains(split.split_val[i])) {
      return invalid_argument(at(place + ".split_val", i) + ": '" + split.split_val[i] + "' is in split_train too");
    }
  }
  if (split.validation_by_id) return check_ids(split, place);
  for (const bool val : {false, true}) {
    const auto& names = val ? split.split_val : split.split_train;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (train.contains(names[i])) continue;
      return invalid_argument(at(place + (val ? ".split_val" : ".split_train"), i) + ": '" + names[i] +
                              "' is not in train");
    }
  }
  for (std::size_t i = 0; i < split.train.size(); ++i) {
    if (first.contains(split.train[i]) || second.contains(split.train[i])) continue;
    return invalid_argument(at(place + ".train", i) + ": '" + split.train[i] +
                            "' is in neither split_train nor split_val");
  }
  return {};
}

Status check_episode_classes(const Split& split, const std::string& place, const Places& test) {
  for (const auto& [shots, episodes] : split.episode_classes) {
    const std::string here = place + ".test_episodes." + std::to_string(shots);
    if (split.test_episodes.contains(shots)) return invalid_argument(here + ": some episodes name files, some do not");
    for (std::size_t i = 0; i < episodes.size(); ++i) {
      OODML_RETURN_IF_ERROR(index_names(episodes[i], at(here, i)));
      for (std::size_t j = 0; j < episodes[i].size(); ++j) {
        const std::string& name = episodes[i][j];
        if (split.episodes_by_id ? is_class_id(name) : test.contains(name)) continue;
        return invalid_argument(at(at(here, i), j) + ": '" + name +
                                (split.episodes_by_id ? "' is no class id like the others" : "' is not in test"));
      }
    }
  }
  return {};
}

Status check_episodes(const Split& split, const std::string& place, const Places& test) {
  for (const auto& [shots, episodes] : split.test_episodes) {
    for (std::size_t i = 0; i < episodes.size(); ++i) {
      const std::string episode = at(place + ".test_episodes." + std::to_string(shots), i);
      for (const auto& [name, files] : episodes[i]) {
        if (!test.contains(name)) return invalid_argument(episode + ": '" + name + "' is not in test");
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

std::string_view why_bad_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || !is_printable(name)) {
    return "wants a name of 1 to 4096 bytes, UTF-8 without control characters";
  }
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const std::string_view part = name.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return "wants a name that stays inside of its folder";
    start = end + 1;
  }
  return "";
}

Result<std::int64_t> parse_shots(std::string_view key, const std::string& place) {
  std::int64_t shots = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), shots);
  if (error == std::errc() && end == key.data() + key.size() && shots >= 1 && shots <= kMaxShots &&
      key == std::to_string(shots)) {
    return shots;
  }
  return invalid_argument(place + ": '" + printable(key) + "' wants to be a number of shots, 1 to " +
                          std::to_string(kMaxShots));
}

Status check_split_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  if (!id.empty() && id.size() <= 64 && id != "default" && id != "all" && std::ranges::all_of(id, allowed)) return {};
  return invalid_argument("splits: '" + printable(id) +
                          "' is no split id; wants 1 to 64 of a-z A-Z 0-9 . _ -, not default or all");
}

Status check_split(const Split& split, const std::string& place) {
  if (split.train.empty()) return invalid_argument(place + ".train: wants at least one class");
  if (split.test.empty()) return invalid_argument(place + ".test: wants at least one class");
  OODML_ASSIGN_OR_RETURN(const Places train, index_names(split.train, place + ".train"));
  OODML_ASSIGN_OR_RETURN(const Places test, index_names(split.test, place + ".test"));
  for (std::size_t i = 0; i < split.test.size(); ++i) {
    const auto found = train.find(split.test[i]);
    if (found == train.end()) continue;
    return invalid_argument(at(place + ".test", i) + ": '" + split.test[i] + "' is also at " +
                            at(place + ".train", found->second) + "; train and test share no class");
  }
  OODML_RETURN_IF_ERROR(check_partition(split, place, train));
  OODML_RETURN_IF_ERROR(check_episode_classes(split, place, test));
  return check_episodes(split, place, test);
}

}  // namespace oodml::splits
