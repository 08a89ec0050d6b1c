#include "core/catalogue/program_keys.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

constexpr std::size_t kMostNameBytes = 64;
constexpr std::size_t kUsualKeys = 7;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_type(const Value& value, const std::string& type) {
  if (type == "text") return std::holds_alternative<std::string>(value);
  if (type == "integer") return std::holds_alternative<std::int64_t>(value);
  if (type == "number") return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
  if (type == "boolean") return std::holds_alternative<bool>(value);
  return !std::holds_alternative<std::string>(value) && !std::holds_alternative<std::int64_t>(value) &&
         !std::holds_alternative<double>(value) && !std::holds_alternative<bool>(value);
}

std::string with_article(const std::string& type) { return (type == "integer" ? "an " : "a ") + type; }

}  // namespace

bool is_program_name(std::string_view name) {
  return !name.empty() && name.size() <= kMostNameBytes && name != kNoProgram &&
         (is_lower(name.front()) || is_digit(name.front())) && std::ranges::all_of(name, [](char c) {
           return is_lower(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
         });
}

bool is_param_name(std::string_view name) {
  if (name.empty() || name.size() > kMostNameBytes || name.back() == '.') return false;
  bool begins_word = true;
  for (const char c : name) {
    const bool good = is_lower(c) || is_upper(c) || c == '_' || (!begins_word && (is_digit(c) || c == '.'));
    if (!good) return false;
    begins_word = c == '.';
  }
  return true;
}

std::string param_variable(std::string_view name) {
  std::string variable = "OODML_PARAM_";
  for (const char c : name) variable += is_lower(c) ? static_cast<char>(c - 'a' + 'A') : (c == '.' ? '_' : c);
  return variable;
}

const std::vector<std::string>& keys_of_program_trials() {
  static const std::vector<std::string> kKeys = {
      "benchmark", "split", "seed", "cpu_threads", "gpu_memory_mib", "artifacts", "checkpoint_upload",
      // Where somebody says them:
      "epochs", "replicas", "split_file", "group", "evaluate.sets", "evaluate.metrics"};
  return kKeys;
}

bool is_key_of_program_trials(std::string_view key) {
  return std::ranges::find(keys_of_program_trials(), key) != keys_of_program_trials().end();
}

bool is_usual_key_of_program_trials(std::string_view key) {
  const auto& keys = keys_of_program_trials();
  return std::find(keys.begin(), keys.begin() + kUsualKeys, key) != keys.begin() + kUsualKeys;
}

const std::vector<std::string>& param_types() {
  static const std::vector<std::string> kTypes = {"text", "number", "integer", "boolean", "list"};
  return kTypes;
}

Status check_params(std::string_view program, const DeclaredParams& declared, const Params& params) {
  if (declared.empty()) return {};
  std::vector<std::string> names, accepted;
  for (const auto& [name, type] : declared) {
    names.push_back(name);
    accepted.push_back(name + " (" + type + ")");
  }
  const std::string whose = "program " + std::string(program);
  for (const auto& [name, value] : params) {
    const auto known = declared.find(name);
    if (known == declared.end()) {
      const std::string close = did_you_mean(name, names);
      return invalid_argument(whose + " has no parameter '" + name + "'" + (close.empty() ? "." : close) +
                              " It takes: " + joined(accepted));
    }
    if (!has_type(value, known->second)) {
      return invalid_argument("params." + name + " of " + whose + " must be " + with_article(known->second) + ", got " +
                              to_display_text(value));
    }
  }
  return {};
}

}  // namespace oodml::catalogue
