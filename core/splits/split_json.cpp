#include "core/splits/split_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/printable.h"
#include "core/base/words.h"
#include "core/splits/json_outline.h"
#include "core/splits/split_file_check.h"
#include "core/splits/split_values.h"

namespace oodml::splits {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;
using Keys = std::initializer_list<std::string_view>;

std::string kind_of(const Json& value) { return value.is_number() ? "a number" : value.type_name(); }

Status check_object(const Json& value, const std::string& place, Keys keys) {
  if (!value.is_object()) return invalid_argument(place + ": wants a map, not " + kind_of(value));
  for (const auto& [key, unused] : value.items()) {
    if (std::ranges::find(keys, key) != keys.end()) continue;
    return invalid_argument(place + ": unknown key '" + printable(key) + "'; known: " + joined(keys));
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
    if (const std::string_view reason = why_bad_name(name); !reason.empty()) {
      return invalid_argument(here + ": " + std::string(reason));
    }
    names.push_back(name);
  }
  return names;
}

/// A list of names, or of class ids: then `by_id` becomes true.
Result<Names> read_classes(const Json& value, const std::string& place, bool& by_id) {
  if (!value.is_array() || value.empty() || !value.front().is_number()) return read_names(value, place);
  Names ids;
  for (const Json& entry : value) {
    if (!entry.is_number_integer() || entry.get<std::int64_t>() < 1) {
      return invalid_argument(place + "[" + std::to_string(ids.size()) + "]: wants a class id, an integer from 1 on");
    }
    ids.push_back(std::to_string(entry.get<std::int64_t>()));
  }
  by_id = true;
  return ids;
}

Status read_episode(const Json& value, const std::string& place, std::int64_t shots, Split& split) {
  const std::string_view reason = why_other_form(split, shots, value.is_object());
  if (value.is_structured() && !reason.empty()) return invalid_argument(place + ": " + std::string(reason));
  if (value.is_array()) {
    OODML_ASSIGN_OR_RETURN(Names classes, read_classes(value, place, split.episodes_by_id));
    split.episode_classes[shots].push_back(std::move(classes));
    return {};
  }
  if (!value.is_object()) {
    return invalid_argument(place + ": wants a map from class to files, or a list of classes, not " + kind_of(value));
  }
  std::map<std::string, Names> files;
  for (const auto& [name, value_of_class] : value.items()) {
    OODML_ASSIGN_OR_RETURN(files[name], read_names(value_of_class, place + "." + printable(name)));
  }
  split.test_episodes[shots].push_back(std::move(files));
  return {};
}

Status read_episodes(const Json& value, const std::string& place, Split& split) {
  if (!value.is_object())
    return invalid_argument(place + ": wants a map from shots to episodes, not " + kind_of(value));
  for (const auto& [key, list] : value.items()) {
    OODML_ASSIGN_OR_RETURN(const std::int64_t shots, parse_shots(key, place));
    const std::string here = place + "." + key;
    if (!list.is_array()) return invalid_argument(here + ": wants a list of episodes, not " + kind_of(list));
    if (list.empty()) return invalid_argument(here + ": wants at least one episode");
    for (std::size_t i = 0; i < list.size(); ++i) {
      OODML_RETURN_IF_ERROR(read_episode(list[i], here + "[" + std::to_string(i) + "]", shots, split));
    }
  }
  return {};
}

Result<std::optional<double>> read_fid(const Json& value, const std::string& place) {
  if (value.is_null()) return std::nullopt;
  if (!value.is_number()) return invalid_argument(place + ": wants a number or null, not " + kind_of(value));
  const double fid = value.get<double>();
  if (const std::string_view reason = why_bad_fid(fid); !reason.empty()) {
    return invalid_argument(place + ": " + std::string(reason));
  }
  return fid;
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
  OODML_ASSIGN_OR_RETURN(split.fid, read_fid(*fid, place + ".fid"));
  if (const auto list = value.find("split_train"); list != value.end()) {
    OODML_ASSIGN_OR_RETURN(split.split_train, read_classes(*list, place + ".split_train", split.validation_by_id));
  }
  if (const auto list = value.find("split_val"); list != value.end()) {
    OODML_ASSIGN_OR_RETURN(split.split_val, read_classes(*list, place + ".split_val", split.validation_by_id));
  }
  if (const auto episodes = value.find("test_episodes"); episodes != value.end()) {
    OODML_RETURN_IF_ERROR(read_episodes(*episodes, place + ".test_episodes", split));
  }
  OODML_RETURN_IF_ERROR(check_split(split, place));
  return split;
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
    OODML_RETURN_IF_ERROR(check_split_id(id));
    OODML_ASSIGN_OR_RETURN(Split split, read_split(id, value, "splits." + id));
    file.splits.push_back(std::move(split));
  }
  return file;
}

}  // namespace

Result<SplitFile> parse_split_json(std::string_view json) {
  OODML_RETURN_IF_ERROR(split_ids_of_json(json));
  return read_document(Json::parse(json, nullptr, /*allow_exceptions=*/false));
}

}  // namespace oodml::splits
