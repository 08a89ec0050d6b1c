#include <algorithm>

#include "tests/integration/history/check.h"
#include "tests/integration/history/lease_story.h"

namespace oodml::testing::history {
namespace {

constexpr auto kTolerance = std::chrono::milliseconds(50);  // between two looks at the clock for one moment
constexpr std::size_t kAfterFenced =
    8;  ///< Calls that may be on their way, in the worker's next lives too, when it is told.

bool renews(const LeaseStory::Told& told) { return told.directive != job::Directive::kFenced; }

/// Whether the lease can have run out before `until`: there is a moment before which it was not heard of for `term`.
bool may_have_run_out(const LeaseStory& story, Instant until, std::chrono::milliseconds term) {
  std::vector<Instant> moments = {story.given.sent + term};
  for (const auto& told : story.told) {
    if (renews(told)) moments.push_back(told.when.sent + term);
  }
  return std::any_of(moments.begin(), moments.end(), [&](Instant moment) {
    if (moment < story.given.sent + term || moment > until) return false;
    return std::all_of(story.told.begin(), story.told.end(), [&](const LeaseStory::Told& told) {
      return !renews(told) || told.when.sent <= moment - term || told.when.answered >= moment;
    });
  });
}

bool may_have_ended(const LeaseStory& story, Instant until) {
  return std::any_of(story.ends.begin(), story.ends.end(), [&](const LeaseStory::End& end) {
    return end.answer != Answer::kRefused && end.when.sent <= until;
  });
}

/// The story of the trial's next lease that is known, or nullptr.
const LeaseStory* next_of(const std::map<AttemptKey, LeaseStory>& stories, const LeaseStory& story) {
  const auto next = stories.upper_bound({story.lease.trial, story.lease.attempt});
  return next == stories.end() || next->first.first != story.lease.trial ? nullptr : &next->second;
}

/// Epochs only grow: nobody is given an older one after a newer one.
void check_order(const std::vector<Call>& calls, Findings& findings) {
  struct Given {
    AttemptEpoch attempt;
    Span when;
  };
  std::map<TrialId, std::vector<Given>> given;
  for (const Call& call : calls) {
    const auto* acquired = std::get_if<Acquired>(&call.what);
    if (!acquired || !acquired->lease || call.answer != Answer::kDone) continue;
    given[acquired->lease->trial].push_back({acquired->lease->attempt, {call.sent, call.answered}});
  }
  for (const auto& [trial, list] : given) {
    for (const Given& later : list) {
      for (const Given& earlier : list) {
        if (earlier.when.answered >= later.when.sent || earlier.attempt <= later.attempt) continue;
        findings.push_back(name_of({trial, later.attempt}) + " was given after attempt " +
                           std::to_string(earlier.attempt));
      }
    }
  }
}

/// A worker that has heard that its lease is gone stops.
void check_obedience(const AttemptKey& key, const LeaseStory& story, Findings& findings) {
  const auto heard = std::find_if(story.told.begin(), story.told.end(),
                                  [](const LeaseStory::Told& told) { return !renews(told) && told.delivered; });
  if (heard == story.told.end()) return;
  const auto after = std::count_if(story.writes.begin(), story.writes.end(),
                                   [&](const LeaseStory::Write& write) { return write.asked > heard->when.answered; });
  if (static_cast<std::size_t>(after) <= kAfterFenced) return;
  findings.push_back(name_of(key) + ": its worker went on to write " + std::to_string(after) +
                     " times after it was told that the lease is gone");
}

}  // namespace

Findings check_leases(const std::vector<Call>& calls, std::chrono::milliseconds term) {
  Findings findings;
  const auto stories = lease_stories(calls, findings);
  check_order(calls, findings);
  for (const auto& [key, story] : stories) {
    const LeaseStory* next = next_of(stories, story);
    if (next == nullptr) continue;
    const Instant until = next->given.answered;
    if (may_have_ended(story, until) || may_have_run_out(story, until, term - kTolerance)) continue;
    findings.push_back(name_of(key) + " was still held by " + story.askers.front() + " when attempt " +
                       std::to_string(next->lease.attempt) + " was given to " + next->askers.front());
  }
  return findings;
}

Findings check_fencing(const std::vector<Call>& calls) {
  Findings findings, clashes;
  const auto stories = lease_stories(calls, clashes);
  for (const auto& [key, story] : stories) {
    const LeaseStory* next = next_of(stories, story);
    const auto fenced = [&](const Span& when) { return next != nullptr && when.sent > next->given.answered; };
    for (const auto& write : story.writes) {
      if (fenced(write.when) && write.answer == Answer::kDone)
        findings.push_back(name_of(key) + ": " + write.what + " were taken though attempt " +
                           std::to_string(next->lease.attempt) + " had begun");
    }
    for (const auto& end : story.ends) {
      const auto asked_before = [&](const LeaseStory::End& other) {
        return other.outcome == end.outcome && !fenced(other.when);
      };
      const bool again = std::any_of(story.ends.begin(), story.ends.end(), asked_before);
      if (!fenced(end.when) || end.answer != Answer::kDone || again) continue;
      findings.push_back(name_of(key) + " ended as " + job::to_text(end.outcome) + " though attempt " +
                         std::to_string(next->lease.attempt) + " had begun");
    }
    for (const auto& told : story.told) {
      if (!fenced(told.when) || !renews(told)) continue;
      findings.push_back(name_of(key) + ": its worker was told to go on though attempt " +
                         std::to_string(next->lease.attempt) + " had begun");
    }
    check_obedience(key, story, findings);
  }
  return findings;
}

}  // namespace oodml::testing::history
