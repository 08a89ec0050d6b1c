// What workers report to LeaseManager of the trials they hold.
#include <spdlog/spdlog.h>

#include "coordinator/scheduling/attempt_changes.h"
#include "coordinator/scheduling/lease_manager.h"
#include "core/job/limits.h"

namespace oodml::coordinator::scheduling {

Result<std::vector<job::Directive>> LeaseManager::heartbeat(const WorkerId& worker,
                                                            const std::vector<job::Lease>& leases) {
  Later later;
  const std::lock_guard lock(mutex_);
  OODML_RETURN_IF_ERROR(workers_.heard_of(worker));
  std::vector<job::Directive> directives;
  for (const job::Lease& lease : leases) directives.push_back(directive_for(worker, lease, later));
  return directives;
}

job::Directive LeaseManager::directive_for(const WorkerId& worker, const job::Lease& lease, Later& later) {
  if (HeldLease* held = leases_.find(lease.id); held && held->lease == lease && held->worker == worker) {
    held->deadline = clock_.steady_now() + terms_.lease;
    const bool is_drained = workers_.marks().is_drained(worker);
    switch (held->wish) {
      case store::Wish::kCancel:
        return job::Directive::kCancel;
      case store::Wish::kPause:
        return held->lets_run && !is_drained ? job::Directive::kContinue : job::Directive::kStop;
      case store::Wish::kRun:
        return is_drained ? job::Directive::kStop : job::Directive::kContinue;
    }
  }
  HeldLease* lost = leases_.find_lost(lease.id);
  if (!lost || lost->lease != lease || lost->worker != worker || stopped_) return job::Directive::kFenced;
  if (!std::exchange(lost->changing, true)) later.add([this, held = *lost] { revive(held); });
  return job::Directive::kContinue;
}

/// A worker that was cut off past its lease goes on with its trial when nobody else has begun it.
void LeaseManager::revive(const HeldLease& held) {
  const Change change = [lease = held.lease, now = clock_.now()](store::Connection& database) {
    return scheduling::revive(database, lease, now);
  };
  store_.write<Situations>(change, [this, held](Result<Situations> result) {
    {
      Later later;
      const std::lock_guard lock(mutex_);
      if (result) {
        HeldLease back = held;
        back.changing = false;
        back.wish = result->front().wish;
        back.lets_run = result->front().lets_run;
        back.deadline = clock_.steady_now() + terms_.lease;
        leases_.add(std::move(back));
        apply_locked(*result, later);
      } else if (result.error().code() == StatusCode::kAborted) {
        leases_.erase_lost(held.lease.id);
      } else if (HeldLease* lost = leases_.find_lost(held.lease.id)) {
        lost->changing = false;
      }
    }
    if (!result) return;
    spdlog::info("lease revived trial={} attempt={} worker={}", held.lease.trial.value, held.lease.attempt,
                 held.worker.value);
    listener_.trials_changed(*result);
  });
}

void LeaseManager::push_events(const WorkerId& worker, const LeaseId& lease, std::vector<job::Event> events,
                               Reply<std::int64_t> reply) {
  if (events.size() > job::kMaxEvents) {
    return reply(invalid_argument(std::to_string(events.size()) + " events in one call; at most " +
                                  std::to_string(job::kMaxEvents) + " are accepted"));
  }
  const std::int64_t bytes = bytes_of(events);
  const std::size_t rows = std::max<std::size_t>(events.size(), 1);
  {
    const std::lock_guard lock(mutex_);
    if (!workers_.heard_of(worker).ok()) spdlog::debug("events of worker {} before it registered", worker.value);
  }
  if (Status room = take_room(lease, bytes); !room.ok()) return reply(failure(std::move(room)));
  const auto shared = std::make_shared<std::vector<job::Event>>(std::move(events));
  store_.write<Appended>([lease, shared](store::Connection& database) { return append(database, lease, *shared); },
                         [this, lease, bytes, shared, reply = std::move(reply)](Result<Appended> appended) {
                           give_room_back(lease, bytes);
                           if (!appended) return reply(failure(appended.error()));
                           std::erase_if(*shared,
                                         [&](const job::Event& event) { return event.sequence <= appended->before; });
                           keep_progress(lease, *shared);
                           if (!shared->empty()) listener_.events_stored(std::move(*shared));
                           reply(appended->durable);
                         },
                         rows);
}

/// For events on their way to the disk, so many bytes of memory.
Status LeaseManager::take_room(const LeaseId& lease, std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  return bytes == 0 ? Status() : events_under_way_.take(lease, bytes);
}

void LeaseManager::give_room_back(const LeaseId& lease, std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes > 0) events_under_way_.give_back(lease, bytes);
}

void LeaseManager::keep_progress(const LeaseId& lease, const std::vector<job::Event>& events) {
  const std::lock_guard lock(mutex_);
  HeldLease* held = leases_.find(lease);
  for (const job::Event& event : events) {
    const auto* progress = std::get_if<job::Progress>(&event.body);
    if (held && progress) held->progress = *progress;
  }
}

/// Progress is not stored: what is not in memory any more, as after a restart, is unknown.
std::int64_t LeaseManager::steps_per_epoch(const LeaseId& lease) {
  const std::lock_guard lock(mutex_);
  const HeldLease* held = leases_.find(lease);
  if (!held || !held->progress || held->progress->epochs_total <= 0) return 0;
  return held->progress->steps_total / held->progress->epochs_total;
}

/// False: of an end that is told once more.
bool LeaseManager::hears_of_end(const LeaseId& lease) {
  const std::lock_guard lock(mutex_);
  if (leases_.find(lease)) return true;
  const bool was_lost = leases_.find_lost(lease) != nullptr;
  leases_.erase_lost(lease);
  return was_lost;
}

void LeaseManager::commit_checkpoint(const job::Lease& lease, const job::Checkpoint& checkpoint,
                                     Reply<std::monostate> reply) {
  store_.write<std::monostate>(
      [lease, checkpoint](store::Connection& database) -> Result<std::monostate> {
        OODML_RETURN_IF_ERROR(keep_checkpoint(database, lease, checkpoint));
        return std::monostate{};
      },
      std::move(reply));
}

void LeaseManager::finish(const job::Lease& lease, AttemptEnd end, Reply<std::monostate> reply) {
  const std::int64_t bytes = bytes_of(end.events);
  if (Status room = take_room(lease.id, bytes); !room.ok()) return reply(failure(std::move(room)));
  keep_progress(lease.id, end.events);
  const auto told = std::make_shared<Finish>(Finish{
      .end = std::move(end), .steps_per_epoch = steps_per_epoch(lease.id), .machine_retries = terms_.machine_retries});
  store_.write<Finished>(
      [lease, told, now = clock_.now()](store::Connection& database) {
        return scheduling::finish(database, lease, *told, now);
      },
      [this, lease, bytes, told, reply = std::move(reply)](Result<Finished> result) {
        give_room_back(lease.id, bytes);
        if (!result) return reply(failure(result.error()));
        AttemptEnd& end = told->end;
        std::erase_if(end.events, [&](const job::Event& event) { return event.sequence <= result->before; });
        if (!end.events.empty()) listener_.events_stored(std::move(end.events));
        if (hears_of_end(lease.id)) listener_.attempt_ended(end.outcome);
        apply(result->situations);
        spdlog::info("attempt ended trial={} attempt={} outcome={} trial_state={}", lease.trial.value, lease.attempt,
                     job::to_text(end.outcome), job::to_text(result->situations.front().state));
        reply(std::monostate{});
      });
}

}  // namespace oodml::coordinator::scheduling
