#include "coordinator/submission/neutral_keys.h"

#include <algorithm>

#include "core/catalogue/catalogue.h"

namespace oodml::coordinator::submission {
namespace {

/// The value that leaves the files of both behind.
Value both(const Value& earlier, const Value& wanted) {
  if (earlier.index() != wanted.index()) return wanted;
  if (const auto* flag = std::get_if<bool>(&wanted)) return *flag || std::get<bool>(earlier);
  if (const auto* number = std::get_if<std::int64_t>(&wanted))
    return std::max(*number, std::get<std::int64_t>(earlier));
  if (const auto* texts = std::get_if<std::vector<std::string>>(&wanted)) {
    auto all = std::get<std::vector<std::string>>(earlier);
    for (const std::string& text : *texts) {
      if (std::ranges::find(all, text) == all.end()) all.push_back(text);
    }
    return all;
  }
  return wanted;
}

}  // namespace

job::TrialSpec with_wishes(const job::TrialSpec& earlier, const job::TrialSpec& wanted) {
  job::TrialSpec spec = earlier;
  for (const catalogue::Parameter& key : catalogue::trial_keys()) {
    const Value* value = key.changes_result ? nullptr : wanted.values.find(key.name);
    if (value == nullptr) continue;
    const Value* before = earlier.values.find(key.name);
    spec.values.set(key.name, key.leaves_files && before != nullptr ? both(*before, *value) : *value);
  }
  return spec;
}

std::vector<std::string> unmet_wishes(const job::TrialSpec& earlier, const job::TrialSpec& wanted) {
  std::vector<std::string> unmet;
  for (const catalogue::Parameter& key : catalogue::trial_keys()) {
    const Value* value = key.leaves_files ? wanted.values.find(key.name) : nullptr;
    if (value == nullptr) continue;
    const Value* before = earlier.values.find(key.name);
    const Value& left = before != nullptr ? *before : key.fallback;
    if (both(left, *value) != left) unmet.push_back(key.name + ": " + to_display_text(*value));
  }
  return unmet;
}

}  // namespace oodml::coordinator::submission
