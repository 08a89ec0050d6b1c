#include "coordinator/submission/reuse.h"

#include <algorithm>

#include "core/base/counted.h"
#include "core/base/results_version.h"
#include "core/base/words.h"

namespace oodml::coordinator::submission {
namespace {

constexpr std::size_t kMostShown = 12;

/// "a, b and c": what stands in a sentence.
std::string listed(const std::set<std::string>& words) {
  std::vector<std::string> shown(words.begin(), words.end());
  const std::size_t hidden = shown.size() > kMostShown ? shown.size() - kMostShown : 0;
  if (hidden > 0) shown.resize(kMostShown);
  return joined(shown) + (hidden > 0 ? " and " + std::to_string(hidden) + " more" : "");
}

}  // namespace

DataNow data_now(const std::vector<WorkerView>& workers, const job::DataStamps& on_disk) {
  DataNow now;
  for (const WorkerView& worker : workers) {
    if (!worker.connected) continue;
    for (const auto& [what, hash] : worker.info.data) now[what].insert(hash);
  }
  for (const auto& [what, hash] : on_disk) now[what].insert(hash);
  return now;
}

void Reuse::add_result(const job::Identity& made_of) {
  if (job::is_unknown(made_of)) {
    ++silent_;
    return;
  }
  bool is_stale = false, is_unchecked = false;
  const auto changed = [&](const std::string& what) {
    ++changed_[what];
    is_stale = true;
  };
  if (made_of.results_version != 0 && made_of.results_version != kResultsVersion) {
    changed("the program: it computes other numbers since results version " + std::to_string(made_of.results_version));
  }
  for (const auto& [what, hash] : job::parse_stamps(made_of.data)) {
    const auto known = now_.find(what);
    if (known == now_.end()) {
      unchecked_.insert(what);
      is_unchecked = true;
    } else if (!known->second.contains(hash)) {
      changed(what);
    }
  }
  stale_ += is_stale ? 1 : 0;
  unchecked_results_ += is_unchecked ? 1 : 0;
}

void Reuse::add_unmet(const std::vector<std::string>& wishes, bool is_under_way) {
  if (!wishes.empty()) ++unmet_[{joined(wishes, ", "), is_under_way}];
}

std::string Reuse::changes() const {
  std::string text;
  for (const auto& [what, results] : changed_) text += "\n  " + what + " (" + counted(results, "result") + ")";
  return text;
}

std::string Reuse::refusal() const {
  if (stale_ == 0) return "";
  return counted(stale_, "result") + " that this sweep would share " + (stale_ == 1 ? "was" : "were") +
         " made of other data than there is now. Changed since:" + changes() +
         "\n--rerun runs them again and keeps the old results in their history; --reuse shares the old figures knowingly";
}

std::vector<std::string> Reuse::notes(bool accepted) const {
  std::vector<std::string> notes;
  if (accepted && stale_ > 0) {
    notes.push_back(counted(stale_, "shared result") +
                    " of other data than there is now, as --reuse asks; changed since:" + changes());
  }
  if (silent_ > 0) {
    notes.push_back(counted(silent_, "shared result") +
                    " of an earlier version of the program, which did not note its "
                    "data: whether they changed is not known; --rerun runs them again");
  }
  if (unchecked_results_ > 0) {
    notes.push_back(counted(unchecked_results_, "shared result") +
                    " not checked against the data of now, as no "
                    "connected worker has said what it has: " +
                    listed(unchecked_));
  }
  for (const auto& [unmet, trials] : unmet_) {
    const auto& [wishes, is_under_way] = unmet;
    notes.push_back(counted(trials, "trial") + (trials == 1 ? " is" : " are") + " shared with earlier sweeps and " +
                    (is_under_way ? "under way already" : "will not run again") +
                    ", so what this one asks for has no "
                    "effect there: " +
                    wishes +
                    (is_under_way ? "; --rerun, once they have ended, runs them again" : "; --rerun runs them again"));
  }
  if (running_ > 0) {
    notes.push_back(counted(running_, "trial") + (running_ == 1 ? " runs" : " run") +
                    " just now and will not begin again: --rerun once they have ended, or cancel them first");
  }
  return notes;
}

}  // namespace oodml::coordinator::submission
