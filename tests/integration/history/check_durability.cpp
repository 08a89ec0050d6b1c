#include <algorithm>
#include <bit>

#include "tests/integration/history/check.h"
#include "tests/integration/history/lease_story.h"

namespace oodml::testing::history {
namespace {

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

std::string series_of(const job::Metric& metric) { return metric.set + "/" + metric.embeds + "/" + metric.name; }

/// Looks each acknowledged call up in the database.
class Durability {
 public:
  Durability(const FinalState& end, Findings& findings) : end_(end), findings_(findings) {
    for (const auto& [key, attempt] : end.attempts) by_lease_[attempt.lease] = key;
  }

  void operator()(const Acquired& acquired) {
    if (!acquired.lease) return;
    const job::Lease& lease = *acquired.lease;
    const FinalAttempt* attempt = attempt_of(lease.id);
    if (!attempt || by_lease_.at(lease.id) != AttemptKey{lease.trial, lease.attempt} ||
        attempt->worker != acquired.worker.value || attempt->request_id != acquired.request_id) {
      findings_.push_back(name_of({lease.trial, lease.attempt}) + ", given to " + acquired.worker.value + " under " +
                          acquired.request_id + ", is missing");
    }
  }

  void operator()(const Pushed& pushed) {
    const FinalAttempt* attempt = attempt_of(pushed.lease);
    if (!attempt)
      return findings_.push_back("no attempt has the lease " + pushed.lease.value + ", whose events were taken");
    const AttemptKey key = by_lease_.at(pushed.lease);
    if (attempt->last_sequence < pushed.durable) {
      findings_.push_back(name_of(key) + ": events up to " + std::to_string(pushed.durable) + " were called durable, " +
                          std::to_string(attempt->last_sequence) + " are there");
    }
    for (const job::Event& event : pushed.events) {
      if (event.sequence <= pushed.durable && !is_there(key, event)) {
        findings_.push_back(name_of(key) + ": event " + std::to_string(event.sequence) +
                            " was called durable and is missing or another");
      }
    }
  }

  void operator()(const CheckpointCommitted& commit) {
    const FinalAttempt* attempt = attempt_of(commit.lease.id);
    if (!attempt || attempt->checkpoint_epoch < commit.epoch) {
      findings_.push_back(name_of({commit.lease.trial, commit.lease.attempt}) + ": the checkpoint of epoch " +
                          std::to_string(commit.epoch) + " was taken and is missing");
    }
  }

  void operator()(const Finished& finish) {
    const FinalAttempt* attempt = attempt_of(finish.lease.id);
    if (!attempt || attempt->outcome != job::to_text(finish.outcome)) {
      findings_.push_back(name_of({finish.lease.trial, finish.lease.attempt}) + ": its end as " +
                          job::to_text(finish.outcome) + " was taken, it is " +
                          (attempt ? "'" + attempt->outcome + "'" : "missing"));
    }
  }

  void operator()(const Submitted& submitted) {
    const auto sweep = end_.sweeps.find(submitted.sweep);
    const auto members = sweep == end_.sweeps.end() ? 0 : static_cast<std::int64_t>(sweep->second.size());
    if (members != submitted.trials || !end_.requests.contains({"submit", submitted.request_id})) {
      findings_.push_back("sweep " + std::to_string(submitted.sweep.value) + " was taken with " +
                          std::to_string(submitted.trials) + " trials, " + std::to_string(members) + " are there");
    }
    const auto [known, fresh] = sweep_of_request_.emplace(submitted.request_id, submitted.sweep);
    if (!fresh && known->second != submitted.sweep)
      findings_.push_back("the submission " + submitted.request_id + " was taken twice");
  }

  void operator()(const Changed& changed) {
    if (!end_.requests.contains({changed.kind, changed.request_id}))
      findings_.push_back(changed.kind + " " + changed.request_id + " was taken and is missing");
  }

  void operator()(const Heartbeat&) {}  // In memory only.

 private:
  const FinalAttempt* attempt_of(const LeaseId& lease) const {
    const auto found = by_lease_.find(lease);
    return found == by_lease_.end() ? nullptr : &end_.attempts.at(found->second);
  }

  bool is_there(const AttemptKey& key, const job::Event& event) const {
    if (std::holds_alternative<job::Progress>(event.body)) return true;  // Never stored.
    const auto* metric = std::get_if<job::Metric>(&event.body);
    if (!metric) {
      const auto events = end_.events.find(key);
      return events != end_.events.end() && events->second.contains(event.sequence);
    }
    const auto points = end_.points.find(key);
    if (points == end_.points.end() || !points->second.contains(event.sequence)) return false;
    const Point& point = points->second.at(event.sequence);
    return point.series == series_of(*metric) && point.epoch == metric->epoch && same_bits(point.value, metric->value);
  }

  const FinalState& end_;
  Findings& findings_;
  std::map<LeaseId, AttemptKey> by_lease_;
  std::map<std::string, SweepId> sweep_of_request_;
};

}  // namespace

Findings check_durability(const std::vector<Call>& calls, const FinalState& end) {
  Findings findings;
  Durability durability(end, findings);
  for (const Call& call : calls) {
    if (call.answer == Answer::kDone) std::visit(durability, call.what);
  }
  return findings;
}

}  // namespace oodml::testing::history
