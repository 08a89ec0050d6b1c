// Every value of a split file replaced by every kind of wrong one, in both forms: a refusal names the file and the
// place.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/splits/split_file.h"
#include "tests/core/pickle/pickle_text.h"

namespace oodml::splits {
namespace {

using Json = nlohmann::ordered_json;

const Json& whole_file() {
  static const Json file = Json::parse(R"({"version": 1, "benchmark": "mine", "splits": {"3": {
      "train": ["a", "b"], "test": ["c", "d"], "fid": 8.5, "split_train": ["a"], "split_val": ["b"],
      "test_episodes": {"1": [{"c": ["1.jpg"], "d": ["2.jpg"]}, {"c": ["3.jpg"], "d": ["4.jpg"]}],
                        "2": [["c"], ["d"]]}}}})");
  return file;
}

/// A value as Python would have written it: numbers for ids, shots and episodes, which it counts in a dict.
std::string pickled(const Json& value, std::size_t depth = 0) {
  namespace made = oodml::pickled;
  if (value.is_null()) return "N";
  if (value.is_boolean()) return value.get<bool>() ? "\x88" : "\x89";
  if (value.is_number_integer()) return made::integer(value.get<std::int32_t>());
  if (value.is_number()) return made::real(value.get<double>());
  if (value.is_string()) return made::text(value.get<std::string>());
  std::vector<std::string> list;
  std::vector<std::pair<std::string, std::string>> dict;
  for (const auto& [key, inner] : value.items()) {
    const std::string written = pickled(inner, depth + 1);
    const bool number = key.find_first_not_of("0123456789") == std::string::npos;
    dict.emplace_back(number ? made::integer(std::stoi(key)) : made::text(key), written);
    list.push_back(written);
  }
  constexpr std::size_t kEpisodes = 3;  // below the splits, a split, its episodes
  return value.is_object() || depth == kEpisodes ? made::dict(dict) : made::list(list);
}

/// "splits.3.train[0]" of /splits/3/train/0
std::string place_of(const Json::json_pointer& pointer) {
  std::string place;
  Json::json_pointer rest = pointer;
  std::vector<std::string> words;
  for (; !rest.empty(); rest.pop_back()) words.insert(words.begin(), rest.back());
  const Json* here = &whole_file();
  for (const std::string& word : words) {
    place += here->is_array() ? "[" + word + "]" : (place.empty() ? "" : ".") + word;
    here = here->is_array() ? &here->at(std::stoul(word)) : &here->at(word);
  }
  return place;
}

/// Every value of the split "3".
std::vector<Json::json_pointer> places() {
  std::vector<Json::json_pointer> found;
  const Json flat = whole_file().flatten();
  for (const auto& [path, unused] : flat.items()) {
    if (!path.starts_with("/splits/")) continue;
    for (Json::json_pointer pointer(path); pointer != Json::json_pointer("/splits"); pointer.pop_back()) {
      if (std::ranges::find(found, pointer) == found.end()) found.push_back(pointer);
    }
  }
  return found;
}

std::vector<Json> wrong_values() {
  return {Json(),
          Json(true),
          Json(-1),
          Json(0),
          Json(1.5),
          Json(""),
          Json("../x"),
          Json("new"),
          Json("line\nend"),
          Json("c"),
          Json("a"),
          Json::array(),
          Json::object(),
          Json({"a", "a"}),
          Json({-7}),
          Json({7}),
          Json({{"a", Json({"1.jpg"})}})};
}

/// A name that one list has and another lacks is told with the places of both, or with that of the list it lacks in.
bool may_be_told_at(const std::string& message, const std::string& place) {
  const std::string split = "splits.3.";
  if (message.find(place) != std::string::npos) return true;
  const auto is_in = [&](std::initializer_list<const char*> lists) {
    const auto among = [&](const std::string& text) {
      return std::ranges::any_of(lists, [&](const char* list) { return text.find(split + list) != std::string::npos; });
    };
    return among(place) && among(message);
  };
  return is_in({"train", "split_train", "split_val"}) || is_in({"test", "test_episodes"}) || is_in({"train", "test"});
}

void expect_told(const Result<SplitFile>& read, const std::string& name, const std::string& place, const Json& value) {
  if (read) return;
  const std::string& message = read.error().message();
  EXPECT_TRUE(message.starts_with(name + ": ")) << message;
  EXPECT_TRUE(may_be_told_at(message, place)) << place << " = " << value << "\n" << message;
}

TEST(DamagedSplitsTest, TheUnharmedFileIsReadInBothForms) {
  EXPECT_TRUE(parse_split_file(whole_file().dump(), "mine.json"));
  const auto read = parse_split_file(oodml::pickled::file(pickled(whole_file().at("splits"))), "mine_splits.pkl");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, *parse_split_file(whole_file().dump(), "mine.json"));
}

TEST(DamagedSplitsTest, ARefusalNamesTheFileAndThePlace) {
  int refused = 0;
  for (const Json::json_pointer& pointer : places()) {
    for (const Json& value : wrong_values()) {
      Json damaged = whole_file();
      damaged[pointer] = value;
      const auto json = parse_split_file(damaged.dump(), "mine.json");
      expect_told(json, "mine.json", place_of(pointer), value);
      const auto pickle = parse_split_file(oodml::pickled::file(pickled(damaged.at("splits"))), "mine_splits.pkl");
      expect_told(pickle, "mine_splits.pkl", place_of(pointer), value);
      refused += (json ? 0 : 1) + (pickle ? 0 : 1);
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(DamagedSplitsTest, WhatIsMissingIsToldAtThePlaceThatLacksIt) {
  for (const Json::json_pointer& pointer : places()) {
    Json damaged = whole_file();
    const Json::json_pointer above = pointer.parent_pointer();
    if (damaged[above].is_array()) {
      damaged[above].erase(std::stoul(pointer.back()));
    } else {
      damaged[above].erase(pointer.back());
    }
    expect_told(parse_split_file(damaged.dump(), "mine.json"), "mine.json", place_of(above), damaged[above]);
    const std::string bytes = oodml::pickled::file(pickled(damaged.at("splits")));
    expect_told(parse_split_file(bytes, "mine_splits.pkl"), "mine_splits.pkl", place_of(above), damaged[above]);
  }
}

TEST(DamagedSplitsTest, AFileThatBreaksOffIsNamed) {
  const std::string json = whole_file().dump(), pickle = oodml::pickled::file(pickled(whole_file().at("splits")));
  for (std::size_t length = 0; length < json.size(); ++length) {
    const auto read = parse_split_file(std::string_view(json).substr(0, length), "mine.json");
    ASSERT_FALSE(read) << length;
    EXPECT_TRUE(read.error().message().starts_with("mine.json: ")) << read.error().message();
  }
  for (std::size_t length = 0; length < pickle.size(); ++length) {
    const auto read = parse_split_file(std::string_view(pickle).substr(0, length), "mine_splits.pkl");
    ASSERT_FALSE(read) << length;
    EXPECT_TRUE(read.error().message().starts_with("mine_splits.pkl: ")) << read.error().message();
  }
}

}  // namespace
}  // namespace oodml::splits
