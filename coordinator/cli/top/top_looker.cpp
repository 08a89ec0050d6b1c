#include "coordinator/cli/top/top_looker.h"

#include <algorithm>
#include <utility>

namespace oodml::cli {
namespace {

constexpr std::int64_t kSweeps = 100;
constexpr int kPagesOfFailures = 20;
constexpr std::size_t kFailuresKept = 10;

bool is_newer(const v1::TrialSummary& a, const v1::TrialSummary& b) {
  return a.finished_millis() > b.finished_millis();
}

/// A coordinator that only shows a database has no shares.
Result<v1::ListSharesReply> shares_of(Client& client) {
  Result<v1::ListSharesReply> shares = client.shares();
  if (!shares && shares.error().code() == StatusCode::kFailedPrecondition) return v1::ListSharesReply();
  return shares;
}

struct Failures {
  v1::Estimate estimate;  ///< Of the sweep.
  std::vector<v1::TrialSummary> newest;
};

/// Trials come by their ids: which failed last is known after all of them.
Result<Failures> failures_of(Client& client, std::int64_t sweep) {
  v1::GetRequest request;
  request.mutable_sweep()->set_sweep_id(sweep);
  request.add_states("failed");
  Failures failures;
  for (int page = 0; page < kPagesOfFailures; ++page) {
    OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get_at_once(request));
    if (page == 0) failures.estimate = reply.estimate();
    failures.newest.insert(failures.newest.end(), reply.trials().begin(), reply.trials().end());
    std::ranges::stable_sort(failures.newest, is_newer);
    if (failures.newest.size() > kFailuresKept) failures.newest.resize(kFailuresKept);
    request.set_after_trial_id(reply.next_after_trial_id());
    if (reply.next_after_trial_id() == 0) break;
  }
  return failures;
}

}  // namespace

std::vector<const v1::SweepSummary*> TopLooker::due(const v1::ListReply& sweeps, std::int64_t now_millis) const {
  std::vector<std::pair<std::int64_t, const v1::SweepSummary*>> found;  // with when each was asked for
  for (const v1::SweepSummary& sweep : sweeps.sweeps()) {
    const auto known = details_.find(sweep.sweep_id());
    const bool runs = sweep.state() == "running";
    if (known == details_.end()) {
      if (runs || sweep.counts().failed() > 0) found.emplace_back(0, &sweep);
    } else if (known->second.failed != sweep.counts().failed() ||
               (runs && now_millis - known->second.asked_millis >= kDetailMillis)) {
      found.emplace_back(known->second.asked_millis, &sweep);
    }
  }
  std::ranges::stable_sort(found, {}, &decltype(found)::value_type::first);
  std::vector<const v1::SweepSummary*> longest_ago_first;
  for (const auto& [asked, sweep] : found) longest_ago_first.push_back(sweep);
  return longest_ago_first;
}

void TopLooker::add_details(TopLook& look) const {
  for (const v1::SweepSummary& sweep : look.sweeps.sweeps()) {
    const auto known = details_.find(sweep.sweep_id());
    if (known == details_.end()) continue;
    look.estimates[sweep.sweep_id()] = known->second.estimate;
    if (sweep.counts().failed() == 0) continue;  // they run again
    for (const v1::TrialSummary& trial : known->second.failures) {
      look.failures.push_back({.sweep = sweep.name(), .trial = trial});
    }
  }
  std::ranges::stable_sort(look.failures, is_newer, &SeenFailure::trial);
  if (look.failures.size() > kFailuresKept) look.failures.resize(kFailuresKept);
}

Result<TopLook> TopLooker::look(Client& client, std::int64_t now_millis, std::size_t details) {
  TopLook look{.at_millis = now_millis, .sweeps = {}, .workers = {}, .shares = {}, .estimates = {}, .failures = {}};
  v1::ListRequest request;
  request.set_limit(kSweeps);
  OODML_ASSIGN_OR_RETURN(look.sweeps, client.list(request));
  OODML_ASSIGN_OR_RETURN(look.workers, client.workers());
  OODML_ASSIGN_OR_RETURN(look.shares, shares_of(client));
  for (const v1::SweepSummary* sweep : due(look.sweeps, now_millis)) {
    if (details-- == 0) break;
    Result<Failures> failures = failures_of(client, sweep->sweep_id());
    if (!failures) continue;  // it is asked for again, and all else is there
    details_[sweep->sweep_id()] = {.asked_millis = now_millis,
                                   .failed = sweep->counts().failed(),
                                   .estimate = std::move(failures->estimate),
                                   .failures = std::move(failures->newest)};
  }
  add_details(look);
  return look;
}

}  // namespace oodml::cli
