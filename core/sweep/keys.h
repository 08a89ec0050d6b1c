#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue/component.h"
#include "core/sweep/diagnostics.h"

namespace oodml::sweep {

/// What a key of a trial stands for.
struct Key {
  const catalogue::Parameter* trial_key = nullptr;  ///< epochs, evaluate.sets
  std::optional<catalogue::Kind> component;         ///< criterion, and criterion.beta
  std::string parameter;                            ///< beta of criterion.beta; empty for criterion itself
  bool of_program = false;                          ///< program; and params.lr, with the parameter lr
};

/// The key, when the catalogue knows it; for criterion.beta: when some criterion has a beta.
std::optional<Key> find_key(std::string_view name);

/// Whether `name` heads a map of keys: evaluate, criterion, miner, params and what lies below it.
bool is_key_group(std::string_view name);

/// The kind that a trial chooses by this key: criterion, miner, sampler, benchmark.
std::optional<catalogue::Kind> chosen_kind(std::string_view key);

/// "unknown key 'marign'; did you mean 'margin'? Accepted: ..." at `place`, with the keys of the group that `name`
/// lies in. `also` are words that are accepted at this spot beside the keys of a trial.
void report_unknown_key(std::string_view name, const Place& place, const std::vector<std::string>& also,
                        Diagnostics& diagnostics);

/// For any list of words: "unknown WHAT 'WORD'; did you mean 'x'? Accepted: ...", without the list where it is long and
/// a word of it is near.
std::string unknown_word(std::string_view what, std::string_view word, const std::vector<std::string>& accepted);

/// "unknown parameter of criterion margin 'bta'; did you mean 'beta'? Accepted: ...".
std::string unknown_parameter(const catalogue::Component& component, std::string_view word);

}  // namespace oodml::sweep
