#include "coordinator/results/sources.h"

#include <algorithm>
#include <map>
#include <tuple>

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
  std::map<std::tuple<std::int64_t, std::string, std::string>, std::size_t> known;
  for (const store::ResultSource& source : sources) {
    const job::Identity& of = source.identity;
    const auto [place, is_new] = known.try_emplace({of.results_version, of.program, of.data}, made_.size());
    if (is_new) made_.push_back({.of = of, .stamps = job::parse_stamps(of.data)});
    places_.emplace(source.trial, place->second);
  }
}

std::vector<std::string> Sources::mixes(const std::set<TrialId>& trials) const {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  const auto place_of = [this](TrialId trial) {
    const auto place = places_.find(trial);
    return place == places_.end() || job::is_unknown(made_[place->second].of) ? kNone : place->second;
  };
  const bool are_alike =
      std::ranges::all_of(trials, [&](TrialId trial) { return place_of(trial) == place_of(*trials.begin()); });
  if (are_alike) return {};
  std::map<std::string, Versions> versions_of;
  std::vector<std::string> silent;
  for (const TrialId trial : trials) {
    const std::size_t place = place_of(trial);
    const std::string id = std::to_string(trial.value);
    if (place == kNone) {
      silent.push_back(id);
      continue;
    }
    for (const auto& [what, hash] : made_[place].stamps) versions_of[what][hash].push_back(id);
    const std::int64_t version = made_[place].of.results_version;
    if (version == 0) continue;  // of a program of people's own, which the data name by its hash
    versions_of["the program's numbers"]["v" + std::to_string(version)].push_back(id);
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
