#include "coordinator/results/sources.h"

#include <algorithm>

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

const Sources::Made& Sources::made_of(std::uint32_t member) {
  const std::int64_t source = members_.source(member);
  const auto [known, is_new] = made_.try_emplace(source);
  if (is_new) {
    job::Identity of = store::read_source(database_, source);
    known->second = {.of = of, .stamps = job::parse_stamps(of.data), .is_unknown = job::is_unknown(of)};
  }
  return known->second;
}

/// Sources that say nothing are one.
bool Sources::are_alike(const std::vector<std::uint32_t>& members) {
  for (const std::uint32_t member : members) {
    if (members_.source(member) == members_.source(members.front())) continue;
    if (!made_of(member).is_unknown || !made_of(members.front()).is_unknown) return false;
  }
  return true;
}

std::vector<std::string> Sources::mixes(std::vector<std::uint32_t> members) {
  if (are_alike(members)) return {};
  const auto trial_of = [this](std::uint32_t member) { return members_.trial(member); };
  std::ranges::sort(members, {}, trial_of);
  const auto repeated = std::ranges::unique(members, {}, trial_of);
  members.erase(repeated.begin(), repeated.end());
  std::map<std::string, Versions> versions_of;
  std::vector<std::string> silent;
  for (const std::uint32_t member : members) {
    const Made& made = made_of(member);
    const std::string id = std::to_string(members_.trial(member).value);
    if (made.is_unknown) {
      silent.push_back(id);
      continue;
    }
    for (const auto& [what, hash] : made.stamps) versions_of[what][hash].push_back(id);
    const std::int64_t version = made.of.results_version;
    if (version == 0) continue;  // of a program of people's own, which the data name by its hash
    versions_of["the program's numbers"]["v" + std::to_string(version)].push_back(id);
  }
  std::vector<std::string> mixes;
  for (const auto& [what, versions] : versions_of) {
    if (versions.size() > 1) mixes.push_back(versions_text(what, versions));
  }
  if (!silent.empty() && silent.size() < members.size()) {
    mixes.push_back("results that do not say what data they were made of, by an earlier version of the program: " +
                    trials_text(silent));
  }
  return mixes;
}

std::vector<std::uint32_t> counted_members(const RowGroup& group) {
  std::vector<std::uint32_t> members;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const Unit unit = group.unit(i);
    if (unit.is_complete) members.insert(members.end(), unit.members.begin(), unit.members.end());
  }
  return members;
}

}  // namespace oodml::coordinator::results
