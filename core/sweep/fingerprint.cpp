#include "core/base/sha256.h"
#include "core/catalogue/catalogue.h"
#include "core/sweep/keys.h"
#include "core/sweep/sweep.h"

namespace oodml::sweep {
namespace {

using catalogue::Component;
using catalogue::Parameter;

/// Keys of the catalogue say so themselves; a component's name always counts.
bool changes_result(const job::TrialSpec& spec, std::string_view name) {
  if (const Parameter* key = catalogue::find_trial_key(name)) return key->changes_result;
  const auto dot = name.find('.');
  const auto kind = chosen_kind(name.substr(0, dot));
  if (!kind || dot == std::string_view::npos) return true;
  const Component* component = catalogue::find(*kind, spec.values.text(catalogue::to_text(*kind)));
  const Parameter* parameter = component == nullptr ? nullptr : component->find(name.substr(dot + 1));
  return parameter == nullptr || parameter->changes_result;
}

/// The hash of a script's file counts where there is one: trials without scripts have the fingerprints of before the
/// key.
bool is_left_out(std::string_view key, const Value& value) {
  return key == "arch_sha256" && value == Value(std::string());
}

}  // namespace

std::string fingerprint(const job::TrialSpec& spec) {
  // The first line is the format's version: a key that changes its meaning raises it.
  std::string canonical = "oodml-trial 1\n";
  for (const auto& [key, value] : spec.values) {  // ordered by key
    if (changes_result(spec, key) && !is_left_out(key, value)) canonical += key + "=" + to_text(value) + "\n";
  }
  return sha256_hex(canonical);
}

}  // namespace oodml::sweep
