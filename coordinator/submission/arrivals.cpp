#include "coordinator/submission/arrivals.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "coordinator/store/arrival_table.h"
#include "coordinator/store/removal_table.h"

namespace oodml::coordinator::submission {
namespace {

constexpr std::size_t kTrialsAtOnce = 200;
constexpr std::chrono::milliseconds kLongestStep{5};  // so long claims wait for it
constexpr std::size_t kQueuedAtOnce = 1000;           // some milliseconds
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
        return arrive(database, *first->draft, first->arriving, kTrialsAtOnce,
                      std::chrono::steady_clock::now() + kLongestStep);
      },
      [this, first](Result<Arriving> more) {
        if (!more) {
          give_up();
          return over(first, failure(more.error()));
        }
        // A trial has some ten kilobytes of settings, which nobody needs any more.
        for (const NewTrial& fresh : more->fresh) first->draft->plan->trials[fresh.place].spec = {};
        add(*std::move(more), first->arriving);
        first->arriving.looked_at < first->draft->plan->trials.size() ? add_more(first) : end(first);
      },
      kTrialsAtOnce* kRowsOfTrial);
}

void Arrivals::end(const Shared& first) {
  store_.write<Submitted>(
      [first](store::Connection& database) { return end_arrival(database, *first->draft, first->arriving); },
      [this, first](Result<Submitted> submitted) {
        if (!submitted) {
          give_up();
          return over(first, std::move(submitted));
        }
        std::vector<TrialId> expected;
        for (const NewTrial& fresh : first->arriving.fresh) expected.push_back(fresh.trial);
        queue_.expect(std::move(expected));
        queue_.apply(submitted->situations);
        queue_more(first, std::make_shared<Submitted>(*std::move(submitted)));
      });
}

/// A transaction that may write nothing has its turn among the others. Where the store stops meanwhile the next start
/// finds the trials.
void Arrivals::queue_more(const Shared& first, const std::shared_ptr<Submitted>& submitted) {
  store_.write<std::vector<store::Situation>>(
      [first, submitted](store::Connection& database) -> Result<std::vector<store::Situation>> {
        return situations_of(database, *first->draft, first->arriving, submitted->is_as_noted, first->queued,
                             kQueuedAtOnce);
      },
      [this, first, submitted](Result<std::vector<store::Situation>> more) {
        first->queued += kQueuedAtOnce;
        if (more) queue_.arrive(*std::move(more));
        if (more && first->queued < first->arriving.fresh.size()) return queue_more(first, submitted);
        queue_.have_arrived();
        submitted->situations.clear();
        over(first, std::move(*submitted));
      },
      kQueuedAtOnce);
}

void Arrivals::over(const Shared& first, Result<Submitted> submitted) {
  if (submitted) queue_.apply(submitted->situations);
  first->reply(std::move(submitted));
  forget(first);
  Shared next;
  {
    const std::lock_guard lock(mutex_);
    line_.pop_front();
    if (!line_.empty()) next = line_.front();
  }
  if (next) begin(next);
}

/// A plan of very many trials takes seconds to be given back, and the process would keep for good what it took.
void Arrivals::forget(const Shared& first) {
  const bool was_large = first->draft->plan->trials.size() > kLargePlan;
  auto draft = std::exchange(first->draft, nullptr);
  auto arriving = std::make_shared<Arriving>(std::exchange(first->arriving, {}));
  if (!was_large) return;
  if (forgetting_.joinable()) forgetting_.join();
  forgetting_ = std::thread([draft = std::move(draft), arriving = std::move(arriving)]() mutable {
    draft.reset();
    arriving.reset();
    malloc_trim(0);
  });
}

Arrivals::~Arrivals() {
  if (forgetting_.joinable()) forgetting_.join();
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
