#include "tests/support/scripted_trial/script.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"

namespace oodml::testing {
namespace {

using nlohmann::json;

void read_field(const json& object, const char* key, auto& value) {
  if (object.contains(key)) value = object.at(key).get<std::remove_reference_t<decltype(value)>>();
}

Script script_of(const json& entry, const json& common) {
  Script script;
  for (const json* source : {&common, &entry}) {
    if (!source->is_object()) continue;
    read_field(*source, "do", script.action);
    read_field(*source, "at_step", script.at_step);
    read_field(*source, "steps", script.steps);
    read_field(*source, "step_millis", script.step_millis);
    read_field(*source, "signal", script.signal);
    read_field(*source, "code", script.code);
    read_field(*source, "kind", script.kind);
    read_field(*source, "message", script.message);
    read_field(*source, "mib", script.mib);
    read_field(*source, "count", script.count);
    read_field(*source, "checkpoint_mib", script.checkpoint_mib);
  }
  if (entry.is_string()) script.action = entry.get<std::string>();
  return script;
}

}  // namespace

Result<Script> read_script(const std::filesystem::path& benchmarks_root, std::int64_t seed, std::int64_t attempt) {
  const char* named = std::getenv("OODML_SCRIPT");
  const std::filesystem::path path = named != nullptr ? named : (benchmarks_root / "script.json").string();
  const auto text = read_file(path, 1 << 20);
  if (!text.has_value()) return named == nullptr ? Result<Script>(Script{}) : failure(text.error());
  const json root = json::parse(*text, nullptr, false);
  if (!root.is_object()) return invalid_argument(path.string() + " is no JSON object");
  const json common = root.value("common", json::object());
  json list = root.value("default", json::array({"normal"}));
  if (root.contains("seeds")) list = root.at("seeds").value(std::to_string(seed), list);
  if (!list.is_array() || list.empty())
    return invalid_argument(path.string() + ": a script is a list with one entry an attempt");
  const auto index = std::clamp<std::int64_t>(attempt - 1, 0, static_cast<std::int64_t>(list.size()) - 1);
  return script_of(list.at(static_cast<std::size_t>(index)), common);
}

}  // namespace oodml::testing
