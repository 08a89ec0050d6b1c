#include "tests/integration/history/lease_story.h"

#include <algorithm>

namespace oodml::testing::history {
namespace {

using Stories = std::map<AttemptKey, LeaseStory>;

AttemptKey key_of(const job::Lease& lease) { return {lease.trial, lease.attempt}; }

void take_lease(Stories& stories, const Call& call, const Acquired& acquired, std::vector<std::string>& clashes) {
  const job::Lease& lease = *acquired.lease;
  const Span when{call.sent, call.answered};
  const auto [entry, fresh] = stories.try_emplace(key_of(lease), LeaseStory{.lease = lease, .given = when});
  LeaseStory& story = entry->second;
  if (when.answered < story.given.answered) story.given = when;
  const std::string asker = acquired.worker.value + " under " + acquired.request_id;
  if (story.lease != lease)
    clashes.push_back(name_of(key_of(lease)) + " is two leases: " + story.lease.id.value + " and " + lease.id.value);
  if (!story.askers.empty() && story.askers.front() != asker) {
    clashes.push_back(name_of(key_of(lease)) + " was given to " + story.askers.front() + " and to " + asker);
  }
  story.askers.push_back(asker);
}

LeaseStory* find(Stories& stories, const job::Lease& lease) {
  const auto found = stories.find(key_of(lease));
  return found == stories.end() || found->second.lease != lease ? nullptr : &found->second;
}

/// What a call tells of leases that are known.
class Teller {
 public:
  Teller(Stories& stories, const Call& call) : stories_(stories), call_(call), when_{call.sent, call.answered} {}

  void operator()(const Heartbeat& beat) {
    if (call_.answer != Answer::kDone) return;
    for (std::size_t i = 0; i < beat.leases.size() && i < beat.directives.size(); ++i) {
      if (LeaseStory* story = find(stories_, beat.leases[i]))
        story->told.push_back({when_, beat.directives[i], call_.delivered});
    }
  }
  void operator()(const Pushed& pushed) {
    if (pushed.events.empty()) return;
    const job::Lease lease{pushed.events.front().trial, pushed.events.front().attempt, pushed.lease};
    const std::string what = "events up to " + std::to_string(pushed.events.back().sequence);
    if (LeaseStory* story = find(stories_, lease)) story->writes.push_back({when_, call_.asked, call_.answer, what});
  }
  void operator()(const CheckpointCommitted& commit) {
    const std::string what = "the checkpoint of epoch " + std::to_string(commit.epoch);
    if (LeaseStory* story = find(stories_, commit.lease))
      story->writes.push_back({when_, call_.asked, call_.answer, what});
  }
  void operator()(const Finished& finish) {
    if (LeaseStory* story = find(stories_, finish.lease)) {
      story->ends.push_back({when_, call_.answer, finish.request_id, finish.outcome});
    }
  }
  template <typename Other>
  void operator()(const Other&) {}

 private:
  Stories& stories_;
  const Call& call_;
  const Span when_;
};

}  // namespace

std::string name_of(const AttemptKey& key) {
  return "trial " + std::to_string(key.first.value) + " attempt " + std::to_string(key.second);
}

std::map<AttemptKey, LeaseStory> lease_stories(const std::vector<Call>& calls, std::vector<std::string>& clashes) {
  Stories stories;
  for (const Call& call : calls) {
    const auto* acquired = std::get_if<Acquired>(&call.what);
    if (acquired && acquired->lease && call.answer == Answer::kDone) take_lease(stories, call, *acquired, clashes);
  }
  for (const Call& call : calls) std::visit(Teller(stories, call), call.what);
  return stories;
}

}  // namespace oodml::testing::history
