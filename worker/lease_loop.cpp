#include "worker/lease_loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <thread>

#include "worker/courier.h"
#include "worker/heartbeat.h"
#include "worker/output_feed.h"
#include "worker/uploader.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

/// One courier and one uploader would wait for the disk and the coordinator one trial after the other.
constexpr std::size_t kSlotsOfAShare = 2, kMaxShares = 8;
constexpr auto kHouseKeeping = std::chrono::seconds(1);
constexpr auto kAnnounceAgain = std::chrono::seconds(10);  // what could not be announced

/// By the steady clock: a wall clock that somebody sets does not change how long a job of the cluster may last.
std::optional<SteadyTime> leaving_time(const job::WorkerInfo& info, Duration reserve, const Clock& clock) {
  if (!info.ends_at) return std::nullopt;
  return clock.steady_now() + (*info.ends_at - clock.now()) - reserve;
}

/// Those that slots kept, or of which a power cut left nothing: they name no attempt.
void remove_empty_spools(const fs::path& folder) {
  std::error_code error, ignored;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() == ".spool" && fs::is_empty(path, ignored)) fs::remove(path, ignored);
  }
}

}  // namespace

LeaseLoop::LeaseLoop(LoopOptions options, job::WorkerInfo info, CoordinatorClient& client, ProcessLauncher& launcher,
                     const Clock& clock)
    : leave_at_(leaving_time(info, options.time_reserve, clock)),
      options_([&] {
        options.slot.ready = [this, of_machine = std::move(options.slot.ready)] {
          const Status time_left = this->time_left();
          return time_left.ok() ? of_machine() : time_left;
        };
        return std::move(options);
      }()),
      session_(client, clock, options_.tick, info),
      info_(std::move(info)),
      launcher_(launcher) {}

Status LeaseLoop::run() {
  remove_empty_spools(options_.slot.spool);
  recover_spools();
  OODML_RETURN_IF_ERROR(announce_first());
  std::vector<std::unique_ptr<Courier>> couriers;
  std::vector<std::unique_ptr<Uploader>> uploaders;
  const std::size_t shares = std::clamp<std::size_t>(info_.slots.size() / kSlotsOfAShare, 1, kMaxShares);
  for (std::size_t i = 0; i < shares; ++i) {
    couriers.push_back(std::make_unique<Courier>(session_, Share{i, shares}));
    uploaders.push_back(std::make_unique<Uploader>(session_, options_.artifact_root, Share{i, shares}));
  }
  Heartbeat heartbeat(session_, options_.outage);
  OutputFeed output(session_);
  std::vector<std::unique_ptr<SlotRunner>> runners;
  for (const job::Slot& slot : info_.slots) {
    runners.push_back(std::make_unique<SlotRunner>(slot, options_.slot, session_, launcher_));
  }
  if (options_.run_keeper) {
    run_keeper_ = options_.run_keeper({session_.runs_mutex, [this] { return session_.fingerprints(); }});
  }
  std::vector<std::jthread> services;
  for (const auto& courier : couriers) services.emplace_back([&courier] { courier->run(); });
  for (const auto& uploader : uploaders) services.emplace_back([&uploader] { uploader->run(); });
  services.emplace_back([&] { heartbeat.run(); });
  services.emplace_back([&] { output.run(); });
  {
    std::vector<std::jthread> slots;
    for (const auto& runner : runners) slots.emplace_back([&runner] { runner->run(); });
    keep_house();
    say_draining();
  }  // Every slot has ended, and with it every child.
  wait_for_delivery();
  session_.ended = true;
  session_.bell.ring();
  run_keeper_.reset();
  services.clear();  // A heartbeat after the goodbye would bring the worker back.
  remove_empty_spools(options_.slot.spool);
  say_goodbye();
  return gave_up_ ? given_up() : Status();
}

/// Children died with the worker's earlier life. Attempts that had not ended are reported at once, instead of when
/// their lease runs out.
void LeaseLoop::recover_spools() {
  const auto uploads = recover_uploads(options_.slot.trial.runs);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(options_.slot.spool, error)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".new") fs::remove(path, error);  // A compaction that was interrupted.
    if (path.extension() != ".spool") continue;
    auto spool = EventSpool::recover(path);
    if (!spool.has_value()) {
      spdlog::error("spool of an earlier life set aside error={}", spool.error().message());
      fs::rename(path, path.string() + "-damaged", error);
      continue;
    }
    if (!(*spool)->finish()) {
      const Status written = (*spool)->append_finish(options_.left_behind, "worker restarted");
      if (!written.ok()) spdlog::error("outcome is in memory only error={}", written.message());
    }
    const job::Lease& lease = (*spool)->lease();
    spdlog::info("spool of an earlier life trial={} attempt={} events={}", lease.trial.value, lease.attempt,
                 (*spool)->backlog());
    const auto attempt = std::make_shared<Attempt>(std::move(*spool));
    const auto known = std::ranges::find(uploads, lease, [](const auto& upload) { return upload->lease(); });
    const auto upload =
        known != uploads.end() ? *known : recover_upload(options_.slot.trial.runs, attempt->spool().held());
    if (upload) {
      upload->end(attempt->spool().finish()->outcome, session_.clock.steady_now() + options_.slot.upload);
      attempt->set_upload(upload);
      if (known == uploads.end()) session_.uploads.add(upload);
    }
    session_.attempts.add(attempt);
  }
  for (const auto& upload : uploads) session_.uploads.add(upload);
}

/// A coordinator that is not there yet is waited for, within the limits; one that does not want this worker ends it.
Status LeaseLoop::announce_first() {
  look_at_disk();
  session_.set_aside(why_no_trial());
  Backoff backoff(std::chrono::milliseconds(200), std::chrono::seconds(2), std::random_device{}());
  while (!session_.draining) {
    const Status answer = session_.announce();
    if (answer.ok()) {
      if (options_.registered) options_.registered();
      return {};
    }
    const bool refused = !may_work_later(answer.code()) || answer.code() == StatusCode::kUnauthenticated ||
                         answer.code() == StatusCode::kPermissionDenied;
    if (refused) return answer;
    gave_up_ = cut_off_too_long();
    if (gave_up_) return given_up();
    session_.bell.wait_until(session_.clock.steady_now() + backoff.next(), [&] { return session_.draining.load(); });
  }
  return {};
}

/// Nothing but its answer could end the wait for a coordinator. A worker that is to leave when idle, and has nothing to
/// deliver, is idle without one.
bool LeaseLoop::cut_off_too_long() {
  const Duration away = std::chrono::duration_cast<Duration>(session_.clock.steady_now() - session_.last_contact());
  const bool never_heard = !session_.registered() && session_.attempts.open().empty();
  const Duration limit =
      never_heard && options_.exit_when_idle ? std::min(options_.give_up, *options_.exit_when_idle) : options_.give_up;
  return away >= limit;
}

Status LeaseLoop::given_up() {
  const auto away =
      std::chrono::duration_cast<std::chrono::seconds>(session_.clock.steady_now() - session_.last_contact());
  return unavailable("the coordinator has not answered for " + std::to_string(away.count()) + " s, leaving; " +
                     std::to_string(session_.attempts.open().size()) + " attempts that it was not told of stay in " +
                     options_.slot.spool.string() + " for the next start");
}

void LeaseLoop::look_at_disk() {
  session_.set_on_disk(options_.scan ? options_.scan() : info_.benchmarks,
                       options_.scan_weights ? options_.scan_weights() : info_.weights);
}

/// In words that stay while the trouble does: a disk that fills up further is not news.
std::string LeaseLoop::why_no_trial() {
  const Status ready = options_.slot.ready();
  if (ready.ok()) not_ready_.clear();
  if (!ready.ok() && not_ready_.empty()) not_ready_ = ready.message();
  return not_ready_.empty() ? session_.health.set_aside() : not_ready_;
}

/// Whether there is time for another trial.
Status LeaseLoop::time_left() const {
  if (!leave_at_ || session_.clock.steady_now() < *leave_at_ - options_.time_reserve) return {};
  return failed_precondition("its time limit is near: it ends at " + to_iso8601(*info_.ends_at));
}

/// On the caller's thread until the worker drains: looks at the machine and its disks, tells the coordinator what has
/// changed, and looks whether there is still work.
void LeaseLoop::keep_house() {
  const auto draining = [&] { return session_.draining.load(); };
  SteadyTime next_scan = session_.clock.steady_now() + options_.rescan;
  SteadyTime next_announcement = session_.clock.steady_now();
  SteadyTime last_busy = session_.clock.steady_now();
  int wakes = session_.health.wakes();
  while (!session_.bell.wait_until(session_.clock.steady_now() + kHouseKeeping, draining)) {
    const SteadyTime now = session_.clock.steady_now();
    if (!session_.attempts.open().empty() || session_.uploads.is_moving()) last_busy = now;
    if (options_.exit_when_idle && now - last_busy >= *options_.exit_when_idle) {
      spdlog::info("no trial for {} ms, leaving", options_.exit_when_idle->count());
      drain();
    }
    if (leave_at_ && now >= *leave_at_) leave(StopReason::kTimeLimit, "the time limit is near");
    if (cut_off_too_long()) {
      gave_up_ = true;
      drain();
    }
    if (std::exchange(wakes, session_.health.wakes()) != wakes || now >= next_scan) {
      next_scan = now + options_.rescan;
      look_at_disk();
    }
    for (const auto& attempt : session_.attempts.open()) {
      if (attempt->take_first_checkpoint()) session_.health.note_checkpoint();
    }
    session_.set_aside(why_no_trial());
    if (options_.slot.gpus) session_.set_slots(options_.slot.gpus->health().now(info_.slots));
    if (options_.data) session_.set_data(options_.data());
    if (const auto disk = run_keeper_ ? run_keeper_->use() : std::nullopt) session_.set_disk(*disk);
    if (!session_.has_changed() || now < next_announcement) continue;
    if (!session_.announce().ok()) next_announcement = now + kAnnounceAgain;
  }
}

/// The trials' last minute belongs to them, but nothing new is to wait for this worker.
void LeaseLoop::say_draining() {
  if (killed_ || gave_up_) return;
  session_.set_draining();
  if (const Status told = session_.announce(); !told.ok())
    spdlog::debug("draining was not announced error={}", told.text());
}

/// Else the coordinator would count on this worker, and on its data, until its lease ran out.
void LeaseLoop::say_goodbye() {
  if (gave_up_ || !session_.registered()) return;
  if (const Status told = session_.client.leave(); !told.ok())
    spdlog::debug("leaving was not announced error={}", told.text());
}

void LeaseLoop::look_again() {
  spdlog::info("looking at this machine again");
  session_.health.wake();
  if (options_.slot.gpus) options_.slot.gpus->health().retry();
  session_.bell.ring();
}

void LeaseLoop::drain() { leave(StopReason::kDrain, "draining"); }

void LeaseLoop::leave(StopReason reason, const std::string& why) {
  if (session_.draining.exchange(true)) return;
  spdlog::info("{}: no new trials, running ones stop with a checkpoint", why);
  session_.attempts.request_stop(reason);
  session_.client.stop_waiting();
  session_.bell.ring();
}

void LeaseLoop::kill_now() {
  drain();
  killed_ = true;
  session_.attempts.request_stop(StopReason::kKill);
  session_.bell.ring();
}

void LeaseLoop::wait_for_delivery() {
  const Duration uploads = session_.uploads.is_moving() ? options_.slot.upload : Duration(0);
  const SteadyTime deadline = session_.clock.steady_now() + options_.delivery + uploads;
  session_.bell.wait_until(deadline, [&] {
    return killed_ || gave_up_ || (session_.attempts.open().empty() && !session_.uploads.is_moving());
  });
  const std::size_t left = session_.attempts.open().size();
  if (left > 0) spdlog::warn("attempts not reported yet, their spools are kept for the next start count={}", left);
  if (const std::size_t files = session_.uploads.open().size(); files > 0)
    spdlog::warn("files of attempts are not uploaded yet, the next start does it attempts={}", files);
}

}  // namespace oodml::worker
