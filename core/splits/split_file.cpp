#include "core/splits/split_file.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/splits/split_file_check.h"

namespace oodml::splits {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;
using Keys = std::initializer_list<std::string_view>;

constexpr std::uint64_t kMaxBytes = 64ULL << 20;
constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::int64_t kMaxShots = 1000;

std::string kind_of(const Json& value) { return value.is_number() ? "a number" : value.type_name(); }

Status check_object(const Json& value, const std::string& place, Keys keys) {
  if (!value.is_object()) return invalid_argument(place + ": wants a map, not " + kind_of(value));
  for (const auto& [key, unused] : value.items()) {
    if (std::ranges::find(keys, key) != keys.end()) continue;
    std::string known;
    for (const std::string_view name : keys) known += (known.empty() ? "" : ", ") + std::string(name);
    return invalid_argument(place + ": unknown key '" + key + "'; known: " + known);
  }
  return {};
}

Result<const Json*> member(const Json& object, const std::string& place, const std::string& key) {
  const auto found = object.find(key);
  if (found == object.end()) return invalid_argument(place + ": lacks " + key);
  return &*found;
}

Result<Names> read_names(const Json& value, const std::string& place) {
  if (!value.is_array()) return invalid_argument(place + ": wants a list of names, not " + kind_of(value));
  Names names;
  for (const Json& entry : value) {
    const std::string here = place + "[" + std::to_string(names.size()) + "]";
    if (!entry.is_string()) return invalid_argument(here + ": wants a name in quotes, not " + kind_of(entry));
    const auto& name = entry.get_ref<const std::string&>();
    const bool clean =
        std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (name.empty() || name.size() > kMaxNameBytes || !clean) {
      return invalid_argument(here + ": wants a name of 1 to 4096 bytes without control characters");
    }
    names.push_back(name);
  }
  return names;
}

Result<std::int64_t> read_shots(const std::string& key, const std::string& place) {
  std::int64_t shots = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), shots);
  if (error == std::errc() && end == key.data() + key.size() && shots >= 1 && shots <= kMaxShots &&
      key == std::to_string(shots)) {
    return shots;
  }
  return invalid_argument(place + ": '" + key + "' wants to be a number of shots, 1 to " + std::to_string(kMaxShots));
}

Status read_episodes(const Json& value, const std::string& place, Split& split) {
  if (!value.is_object())
    return invalid_argument(place + ": wants a map from shots to episodes, not " + kind_of(value));
  for (const auto& [key, list] : value.items()) {
    OODML_ASSIGN_OR_RETURN(const std::int64_t shots, read_shots(key, place));
    const std::string here = place + "." + key;
    if (!list.is_array()) return invalid_argument(here + ": wants a list of episodes, not " + kind_of(list));
    auto& episodes = split.test_episodes[shots];
    for (const Json& entry : list) {
      const std::string episode = here + "[" + std::to_string(episodes.size()) + "]";
      if (!entry.is_object())
        return invalid_argument(episode + ": wants a map from class to files, not " + kind_of(entry));
      std::map<std::string, Names> files;
      for (const auto& [name, value_of_class] : entry.items()) {
        OODML_ASSIGN_OR_RETURN(files[name], read_names(value_of_class, episode + "." + name));
      }
      episodes.push_back(std::move(files));
    }
  }
  return {};
}

Result<Split> read_split(const std::string& id, const Json& value, const std::string& place) {
  OODML_RETURN_IF_ERROR(
      check_object(value, place, {"train", "test", "fid", "split_train", "split_val", "test_episodes"}));
  Split split;
  split.id = id;
  OODML_ASSIGN_OR_RETURN(const Json* const train, member(value, place, "train"));
  OODML_ASSIGN_OR_RETURN(split.train, read_names(*train, place + ".train"));
  OODML_ASSIGN_OR_RETURN(const Json* const test, member(value, place, "test"));
  OODML_ASSIGN_OR_RETURN(split.test, read_names(*test, place + ".test"));
  OODML_ASSIGN_OR_RETURN(const Json* const fid, member(value, place, "fid"));
  if (!fid->is_number() && !fid->is_null())
    return invalid_argument(place + ".fid: wants a number or null, not " + kind_of(*fid));
  if (fid->is_number()) split.fid = fid->get<double>();
  if (const auto list = value.find("split_train"); list != value.end()) {
    OODML_ASSIGN_OR_RETURN(split.split_train, read_names(*list, place + ".split_train"));
  }
  if (const auto list = value.find("split_val"); list != value.end()) {
    OODML_ASSIGN_OR_RETURN(split.split_val, read_names(*list, place + ".split_val"));
  }
  if (const auto episodes = value.find("test_episodes"); episodes != value.end()) {
    OODML_RETURN_IF_ERROR(read_episodes(*episodes, place + ".test_episodes", split));
  }
  OODML_RETURN_IF_ERROR(check_split(split, place));
  return split;
}

bool is_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !id.empty() && id.size() <= 64 && id != "default" && id != "all" && std::ranges::all_of(id, allowed);
}

Result<SplitFile> read_document(const Json& document) {
  OODML_RETURN_IF_ERROR(check_object(document, "document", {"version", "benchmark", "splits"}));
  OODML_ASSIGN_OR_RETURN(const Json* const version, member(document, "document", "version"));
  if (!version->is_number_integer() || *version != 1) return invalid_argument("version: wants 1");
  OODML_ASSIGN_OR_RETURN(const Json* const benchmark, member(document, "document", "benchmark"));
  if (!benchmark->is_string() || benchmark->get_ref<const std::string&>().empty()) {
    return invalid_argument("benchmark: wants the benchmark's name in quotes");
  }
  OODML_ASSIGN_OR_RETURN(const Json* const splits, member(document, "document", "splits"));
  if (!splits->is_object() || splits->empty())
    return invalid_argument("splits: wants a map from id to split, not empty");

  SplitFile file{.benchmark = benchmark->get<std::string>(), .splits = {}};
  for (const auto& [id, value] : splits->items()) {
    if (!is_id(id)) {
      return invalid_argument("splits: '" + id +
                              "' is no split id; wants 1 to 64 of a-z A-Z 0-9 . _ -, not default or all");
    }
    OODML_ASSIGN_OR_RETURN(Split split, read_split(id, value, "splits." + id));
    file.splits.push_back(std::move(split));
  }
  return file;
}

Json to_json_object(const Split& split) {
  Json object;
  object["train"] = split.train;
  object["test"] = split.test;
  object["fid"] = split.fid ? Json(*split.fid) : Json(nullptr);
  if (!split.split_val.empty()) {
    object["split_train"] = split.split_train;
    object["split_val"] = split.split_val;
  }
  if (!split.test_episodes.empty()) {
    Json& shots_map = object["test_episodes"] = Json::object();
    for (const auto& [shots, episodes] : split.test_episodes) shots_map[std::to_string(shots)] = episodes;
  }
  return object;
}

}  // namespace

const Split* SplitFile::find(std::string_view id) const {
  const auto found = std::ranges::find(splits, id, &Split::id);
  return found == splits.end() ? nullptr : &*found;
}

Result<SplitFile> parse_split_file(std::string_view json, std::string_view file_name) {
  const std::string name(file_name);
  if (json.size() > kMaxBytes) return invalid_argument(name + ": larger than 64 MiB, the most that is read");
  if (const Status status = check_json(json); !status.ok())
    return failure(status.code(), name + ": " + status.message());
  const Json document = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  Result<SplitFile> file = read_document(document);
  if (!file) return failure(file.error().code(), name + ": " + file.error().message());
  return file;
}

Result<SplitFile> read_split_file(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string json, read_file(path, kMaxBytes));
  return parse_split_file(json, path.string());
}

std::string to_json(const SplitFile& file) {
  Json document;
  document["version"] = 1;
  document["benchmark"] = file.benchmark;
  Json& splits = document["splits"] = Json::object();
  for (const Split& split : file.splits) splits[split.id] = to_json_object(split);
  return document.dump(2) + "\n";
}

}  // namespace oodml::splits
