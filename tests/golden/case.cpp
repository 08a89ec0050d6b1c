#include "tests/golden/case.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "core/base/safetensors.h"
#include "core/catalogue/catalogue.h"
#include "core/train/device.h"

namespace oodml::golden {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxFileBytes = 256u << 20;

torch::Tensor to_tensor(const std::string& name, const StoredTensor& stored) {
  static const std::map<std::string, at::ScalarType> types = {
      {"F32", at::kFloat}, {"F64", at::kDouble}, {"I64", at::kLong}, {"U8", at::kByte}, {"BOOL", at::kBool}};
  const auto type = types.find(stored.dtype);
  if (type == types.end()) throw CaseError("tensor " + name + " has the type " + stored.dtype);
  return at::from_blob(const_cast<char*>(stored.bytes.data()), stored.shape, type->second).clone();
}

/// Marks of a number that only the paper mode must give (README of the golden cases), and cases that have none although
/// a quirk tagged C acts on them: the value head of PADS learns the raw score (quirk T21).
bool only_of_the_paper(const Case& golden) {
  if (golden.kind == "pads" && golden.params.value("use_a2c", false)) return true;
  if (golden.variant == "paper" || golden.variant.ends_with("-paper")) return true;
  for (const char* flag : {"reference_compat", "multisimilarity_reference_compat"}) {
    if (golden.params.contains(flag) && golden.params[flag] == true) return true;
  }
  return false;
}

bool runs_on_devices(const std::string& kind) {
  static const std::set<std::string> kinds = {"backbone", "criterion", "evaluation",   "flow",
                                              "metric",   "miner",     "training_step"};
  return kinds.contains(kind);
}

template <typename T>
std::optional<Value> to_list(const Json& json, bool (Json::*is_entry)() const noexcept) {
  const bool fits =
      json.is_array() && std::all_of(json.begin(), json.end(), [&](const Json& entry) { return (entry.*is_entry)(); });
  if (!fits) return std::nullopt;
  return Value(json.get<std::vector<T>>());
}

/// Nothing when the case says something that the parameter does not take.
std::optional<Value> to_value(const Json& json, const catalogue::Parameter& parameter) {
  using catalogue::ValueType;
  switch (parameter.type) {
    case ValueType::kFlag:
      return json.is_boolean() ? std::optional<Value>(json.get<bool>()) : std::nullopt;
    case ValueType::kInteger:
      return json.is_number_integer() ? std::optional<Value>(json.get<std::int64_t>()) : std::nullopt;
    case ValueType::kNumber:
      return json.is_number() ? std::optional<Value>(json.get<double>()) : std::nullopt;
    case ValueType::kText: {
      if (!json.is_string()) return std::nullopt;
      const auto text = json.get<std::string>();
      const auto& accepted = parameter.choices;
      if (!accepted.empty() && std::count(accepted.begin(), accepted.end(), text) == 0) return std::nullopt;
      return text;
    }
    case ValueType::kIntegers:
      return to_list<std::int64_t>(json, &Json::is_number_integer);
    case ValueType::kNumbers:
      return to_list<double>(json, &Json::is_number);
    case ValueType::kTexts:
      return to_list<std::string>(json, &Json::is_string);
  }
  return std::nullopt;
}

}  // namespace

const torch::Tensor& Case::at(const std::string& tensor) const {
  const auto found = tensors.find(tensor);
  if (found == tensors.end()) throw CaseError("the file has no tensor " + tensor);
  return found->second;
}

std::vector<bool> Case::modes() const {
  if (!paper) return {false};
  return paper_only ? std::vector<bool>{true} : std::vector<bool>{false, true};
}

Case load_case(const std::string& path, torch::Device device) {
  const auto file = read_safetensors(path, kMaxFileBytes);
  if (!file) throw CaseError(file.error().text());
  const auto text = file->metadata.find("case");
  if (text == file->metadata.end()) throw CaseError("no metadata 'case'");
  try {
    const Json json = Json::parse(text->second);
    Case golden{.kind = json.at("kind"), .name = json.at("name"), .params = json.at("params")};
    const std::string stem = std::filesystem::path(path).stem().string();
    const auto dashes = stem.find("--");
    golden.variant = dashes == std::string::npos ? "" : stem.substr(dashes + 2);
    const std::string compat = json.at("compat");
    if (compat != "paper" && compat != "corrected") throw CaseError("compat is '" + compat + "'");
    golden.paper = compat == "paper";
    golden.paper_only = only_of_the_paper(golden);
    golden.n_classes = json.value("n_classes", std::int64_t{1});
    golden.rtol = json.at("tolerance").at("rtol");
    golden.atol = json.at("tolerance").at("atol");
    if (runs_on_devices(golden.kind)) golden.device = device;
    for (const auto& [name, stored] : file->tensors) {
      const bool given = name.starts_with("in.") || name.starts_with("param.");
      golden.tensors[name] = to_tensor(name, stored).to(given ? golden.device : torch::Device(torch::kCPU));
    }
    return golden;
  } catch (const Json::exception& error) {
    throw CaseError(std::string("metadata: ") + error.what());
  }
}

at::Generator seeded_generator(const Case& golden) {
  auto generator = train::make_generator(golden.device);
  generator.set_current_seed(1);
  return generator;
}

ComponentChoice choice_of(const Case& golden, catalogue::Kind kind, const std::vector<std::string>& own) {
  const auto component = catalogue::lookup(kind, golden.name);
  if (!component) throw CaseError(component.error().message());
  ComponentChoice choice{.name = golden.name};
  for (const auto& parameter : (*component)->parameters) choice.params.set(parameter.name, parameter.fallback);
  for (const auto& [name, value] : golden.params.items()) {
    if (std::count(own.begin(), own.end(), name) > 0) continue;
    const auto* parameter = (*component)->find(name);
    if (parameter == nullptr) throw CaseError("unknown parameter " + name + " of " + golden.name);
    auto typed = to_value(value, *parameter);
    if (!typed) throw CaseError("parameter " + name + " is " + value.dump());
    choice.params.set(name, *std::move(typed));
  }
  return choice;
}

}  // namespace oodml::golden
