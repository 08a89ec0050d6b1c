#include "coordinator/submission/arrivals.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <iterator>
#include <utility>

#include "coordinator/store/arrival_table.h"
#include "coordinator/store/removal_table.h"

namespace oodml::coordinator::submission {
namespace {

constexpr std::size_t kTrialsAtOnce = 200;  // some ten milliseconds
constexpr std::size_t kLargePlan = 5'000;
constexpr std::size_t kRowsOfTrial = 4;  // itself, its settings, its kind, its membership
constexpr std::size_t kRowsOfRemoval = 500;
constexpr std::chrono::milliseconds kLongestRemoval{20};

}  // namespace

void Arrivals::submit(std::shared_ptr<const Draft> draft, Reply<Submitted> reply) {
  const auto waiting = std::make_shared<Waiting>(std::move(draft), std::move(reply));
  {
    const std::lock_guard lock(mutex_);
    line_.push_back(waiting);
    if (line_.size() > 1) return;
  }
  begin(waiting);
}

void Arrivals::begin(const Shared& first) {
  if (first->draft->plan->trials.size() <= kTrialsAtOnce) {
    return store_.write<Submitted>(
        [draft = first->draft](store::Connection& database) { return submission::submit(database, *draft); },
        [this, first](Result<Submitted> submitted) { over(first, std::move(submitted)); });
  }
  store_.write<Arriving>(
      [draft = first->draft](store::Connection& database) { return begin_arrival(database, *draft); },
      [this, first](Result<Arriving> begun) {
        if (!begun) return over(first, failure(begun.error()));
        if (begun->answered) return over(first, *std::move(begun->answered));
        first->arriving = *std::move(begun);
        add_more(first);
      });
}

void Arrivals::add_more(const Shared& first) {
  store_.write<Arriving>(
      [first](store::Connection& database) -> Result<Arriving> {
        return arrive(database, *first->draft, first->arriving, kTrialsAtOnce);
      },
      [this, first](Result<Arriving> more) {
        if (!more) {
          give_up();
          return over(first, failure(more.error()));
        }
        // A trial has some ten kilobytes of settings, which nobody needs any more.
        for (const std::size_t place : more->fresh) first->draft->plan->trials[place].spec = {};
        Arriving& all = first->arriving;
        all.looked_at = more->looked_at;
        all.fresh.insert(all.fresh.end(), more->fresh.begin(), more->fresh.end());
        std::ranges::move(more->situations, std::back_inserter(all.situations));
        all.looked_at < first->draft->plan->trials.size() ? add_more(first) : end(first);
      },
      kTrialsAtOnce* kRowsOfTrial);
}

void Arrivals::end(const Shared& first) {
  store_.write<Submitted>(
      [first](store::Connection& database) { return end_arrival(database, *first->draft, first->arriving); },
      [this, first](Result<Submitted> submitted) {
        if (!submitted) give_up();
        over(first, std::move(submitted));
      });
}

void Arrivals::over(const Shared& first, Result<Submitted> submitted) {
  const bool was_large = first->draft->plan->trials.size() > kLargePlan;
  first->draft.reset();
  first->arriving = {};
  first->reply(std::move(submitted));
  if (was_large) malloc_trim(0);  // or the process keeps for good what it took, a gigabyte for 100 000 trials
  Shared next;
  {
    const std::lock_guard lock(mutex_);
    line_.pop_front();
    if (!line_.empty()) next = line_.front();
  }
  if (next) begin(next);
}

/// What was written of a submission that failed goes again; where that cannot be written, with the next start.
void Arrivals::give_up() {
  store_.write<std::monostate>(
      [](store::Connection& database) -> Result<std::monostate> {
        store::give_up_arrivals(database);
        return std::monostate{};
      },
      [this](Result<std::monostate> given_up) {
        if (given_up) return remove_more();
        spdlog::warn("what a failed submission wrote stays for now: {}", given_up.error().message());
      });
}

void Arrivals::remove_more() {
  store_.write<std::int64_t>(
      [](store::Connection& database) -> Result<std::int64_t> {
        return store::remove_some(database, kRowsOfRemoval, std::chrono::steady_clock::now() + kLongestRemoval);
      },
      [this](Result<std::int64_t> removed) {
        if (removed && *removed > 0) remove_more();
      },
      kRowsOfRemoval);
}

}  // namespace oodml::coordinator::submission
