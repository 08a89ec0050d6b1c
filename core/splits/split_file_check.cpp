#include "core/splits/split_file_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

namespace oodml::splits {
namespace {

constexpr std::size_t kMaxDepth = 8;

/// Walks a document without building it.
class Walker final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string problem;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }

  bool start_object(std::size_t) override { return descend(); }
  bool start_array(std::size_t) override { return descend(); }
  bool end_object() override { return ascend(); }
  bool end_array() override { return ascend(); }

  bool key(string_t& key) override {
    levels_.back().current = key;
    if (levels_.back().seen.insert(key).second) return true;
    problem = place() + ": the key is there twice";
    return false;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string_view what = error.what();  // "[json.exception.parse_error.101] parse error at line 1, ..."
    problem = what.substr(std::min(what.size(), what.find("] ") + 2));
    return false;
  }

 private:
  struct Level {
    std::string current;
    std::unordered_set<std::string> seen;
  };

  bool descend() {
    if (levels_.size() == kMaxDepth) {
      problem = place() + ": nested more than " + std::to_string(kMaxDepth) + " levels deep";
      return false;
    }
    levels_.emplace_back();
    return true;
  }
  bool ascend() {
    levels_.pop_back();
    return true;
  }
  std::string place() const {
    std::string text;
    for (const Level& level : levels_) {
      if (!level.current.empty()) text += (text.empty() ? "" : ".") + level.current;
    }
    return text.empty() ? "document" : text;
  }

  std::vector<Level> levels_;
};

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

Status check_json(std::string_view json) {
  Walker walker;
  if (nlohmann::json::sax_parse(json, &walker)) return {};
  return invalid_argument(walker.problem);
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
  return check_episodes(split, place, test);
}

}  // namespace oodml::splits
