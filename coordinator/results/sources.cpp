#include "coordinator/results/sources.h"

#include <algorithm>
#include <map>

#include "core/base/words.h"

namespace oodml::coordinator::results {
namespace {

constexpr std::size_t kTrialsShown = 6;
constexpr std::size_t kHashShown = 8;

using Versions = std::map<std::string, std::vector<std::string>>;  ///< hash -> ids of trials

std::string trials_text(std::vector<std::string> ids) {
  const std::size_t n = ids.size();
  if (n > kTrialsShown) ids.resize(kTrialsShown);
  return (n == 1 ? "trial " : "trials ") + joined(ids) + (n > kTrialsShown ? ", ... (" + std::to_string(n) + ")" : "");
}

std::string versions_text(const std::string& what, const Versions& versions) {
  std::vector<std::string> words;
  for (const auto& [hash, ids] : versions) words.push_back(hash.substr(0, kHashShown) + " in " + trials_text(ids));
  return std::to_string(versions.size()) + " versions of " + what + ": " + joined(words, "; ");
}

}  // namespace

Sources::Sources(const std::vector<store::ResultSource>& sources) {
  for (const store::ResultSource& source : sources) identities_.emplace(source.trial, source.identity);
}

std::vector<std::string> Sources::mixes(const std::set<TrialId>& trials) const {
  std::map<std::string, Versions> versions_of;
  std::vector<std::string> silent;
  for (const TrialId trial : trials) {
    const auto found = identities_.find(trial);
    const std::string id = std::to_string(trial.value);
    if (found == identities_.end() || job::is_unknown(found->second)) {
      silent.push_back(id);
      continue;
    }
    const job::Identity& identity = found->second;
    for (const auto& [what, hash] : job::parse_stamps(identity.data)) versions_of[what][hash].push_back(id);
    if (identity.results_version == 0) continue;  // of a program of people's own, which the data name by its hash
    versions_of["the program's numbers"]["v" + std::to_string(identity.results_version)].push_back(id);
  }
  std::vector<std::string> mixes;
  for (const auto& [what, versions] : versions_of) {
    if (versions.size() > 1) mixes.push_back(versions_text(what, versions));
  }
  if (!silent.empty() && silent.size() < trials.size()) {
    mixes.push_back("results that do not say what data they were made of, by an earlier version of the program: " +
                    trials_text(silent));
  }
  return mixes;
}

std::set<TrialId> counted_trials(const RowGroup& group) {
  std::set<TrialId> trials;
  for (const Unit& unit : group.units) {
    if (unit.is_complete) trials.insert(unit.trials.begin(), unit.trials.end());
  }
  return trials;
}

}  // namespace oodml::coordinator::results
