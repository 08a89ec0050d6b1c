#include "worker/slot_runner.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <utility>

#include "core/job/program.h"
#include "worker/attempt_end.h"
#include "worker/checkpoint_fetch.h"
#include "worker/content_download.h"
#include "worker/programs/program_launch.h"
#include "worker/script_fetch.h"
#include "worker/uploader.h"

namespace oodml::worker {
namespace {

constexpr int kSpoiltBeforeRest = 3;
constexpr auto kReadyAgain = std::chrono::seconds(5);
constexpr auto kAnnounced = std::chrono::seconds(2);  // within which the coordinator knows what has changed here

constexpr std::size_t kEventsOfEnd = 64;  // more come before it, by the courier

std::filesystem::path new_spool(const std::filesystem::path& folder) {
  return folder / (random_hex_128().substr(0, 16) + ".spool");
}

bool holds_checkpoint(const std::vector<job::Event>& events) {
  return std::ranges::any_of(
      events, [](const job::Event& event) { return std::holds_alternative<job::Checkpoint>(event.body); });
}

/// What becomes of an attempt whose code did not come.
Verdict without_scripts(const Status& why, StopReason stop) {
  if (stop == StopReason::kCancel) return {job::Outcome::kCancelled, "cancelled"};
  switch (why.code()) {
    case StatusCode::kCancelled:
      return {job::Outcome::kPreempted, "stopped while its scripts were fetched"};
    case StatusCode::kInvalidArgument:
      return {job::Outcome::kBadConfiguration, why.message()};
    case StatusCode::kPermissionDenied:
    case StatusCode::kResourceExhausted:
    case StatusCode::kInternal:
      return {job::Outcome::kMachine, "cannot start: " + why.message()};
    default:
      return {job::Outcome::kInfrastructure, "its scripts were not fetched: " + why.message()};
  }
}

/// "a failure that is its machine's", "3 failures in a row that may be its machine's".
std::string in_words(int failures, bool faulty) {
  const bool one = failures == 1;
  return (one ? "a failure" : std::to_string(failures) + " failures in a row") + " that " +
         (faulty ? (one ? "is" : "are") : "may be") + " its machine's";
}

}  // namespace

SlotRunner::SlotRunner(job::Slot slot, const SlotOptions& options, Session& session, ProcessLauncher& launcher)
    : slot_(std::move(slot)),
      options_(options),
      session_(session),
      launcher_(launcher),
      spool_(new_spool(options.spool)),
      network_(std::chrono::milliseconds(500), std::chrono::seconds(15), std::random_device{}()),
      sick_(std::chrono::seconds(2), std::chrono::minutes(5), std::random_device{}()) {}

void SlotRunner::run() {
  while (!session_.draining) {
    for (auto trial = take_trial(); trial;) trial = run_trial(*trial);
  }
  if (!asked_.empty()) {  // it may have been given one
    if (const auto trial = acquire()) run_trial(*trial);
  }
}

/// nullopt: none, or not now; it has been waited for.
std::optional<job::LeasedTrial> SlotRunner::take_trial() {
  if (!asked_.empty()) return acquire();  // what it may have been given is run, or given back
  const Status ready = options_.ready();
  note_ready(ready);
  if (!ready.ok()) {
    pause(kReadyAgain);
    return std::nullopt;
  }
  if (!gpu_trouble().empty()) {
    session_.bell.wait([&] { return session_.draining || options_.gpus->health().set_aside(slot_).empty(); });
    return std::nullopt;
  }
  const MachineHealth::Leave leave = wait_for_leave();
  if (leave == MachineHealth::Leave::kNo) return std::nullopt;
  auto leased = acquire();
  if (!leased && leave == MachineHealth::Leave::kProbe) session_.health.no_trial();
  return leased;
}

/// Said once while it lasts: a disk stays full for days, and its free space differs with every look.
void SlotRunner::note_ready(const Status& ready) {
  if (std::exchange(is_ready_, ready.ok()) == ready.ok()) return;
  if (ready.ok()) return spdlog::info("slot takes trials again slot={}", slot_.name);
  spdlog::warn("slot takes no trial now slot={} reason={}", slot_.name, ready.message());
}

/// Why the slot's GPUs may not be used, as they are now; empty: they may.
std::string SlotRunner::gpu_trouble() const {
  if (!options_.gpus || slot_.gpus.empty()) return "";
  options_.gpus->look_now();
  return options_.gpus->health().set_aside(slot_);
}

/// Until the machine may be trusted with a trial, or the session drains; a machine that was set aside is looked at
/// first.
MachineHealth::Leave SlotRunner::wait_for_leave() {
  using Leave = MachineHealth::Leave;
  session_.bell.wait([&] { return session_.draining || session_.health.has_leave(); });
  if (session_.draining) return Leave::kNo;
  const Leave leave = session_.health.ask_leave();
  if (leave != Leave::kProbe) return leave;
  if (const Status whole = options_.look(slot_); !whole.ok()) {
    session_.health.still_broken(whole.message());
    return Leave::kNo;
  }
  spdlog::info("slot tries whether this machine is whole again slot={}", slot_.name);
  return leave;
}

/// Asks with one request id until there is an answer, so that a claim whose reply was lost is found again. A slot that
/// is to drain asks a last time, because its interrupted call may have claimed something.
std::optional<job::LeasedTrial> SlotRunner::acquire() {
  const bool is_again = !asked_.empty();
  const std::string request_id = is_again ? std::exchange(asked_, "") : random_hex_128();
  while (true) {
    const bool last_time = session_.draining;
    auto answer = session_.client.acquire(slot_.name, request_id, last_time || is_again ? Duration(0) : options_.poll);
    session_.note(detail::status_of(answer));
    if (answer.has_value()) {
      network_.reset();
      return std::move(*answer);
    }
    if (last_time) return std::nullopt;
    if (answer.error().code() == StatusCode::kCancelled && session_.draining) continue;
    // A coordinator that was started again does not know this worker yet, which is no fault of anybody's.
    const bool unknown = answer.error().code() == StatusCode::kNotFound;
    if (unknown && session_.announce().ok() && network_.tries() == 0) {
      network_.next();
      continue;
    }
    if (!unknown && !may_work_later(answer.error().code())) {
      spdlog::error("the coordinator refuses to give trials slot={} error={}", slot_.name, answer.error().text());
    }
    session_.pause(network_.next(), [&] { return session_.draining.load(); });
  }
}

/// In memory where the disk refuses, which is the verdict then.
std::unique_ptr<EventSpool> SlotRunner::make_spool(const job::LeasedTrial& leased, Verdict& verdict) {
  auto spool = EventSpool::create(spool_, leased.lease, leased.fingerprint, slot_.name, EventSpool::File::kStays);
  if (spool.has_value()) return std::move(*spool);
  verdict = {job::Outcome::kMachine, spool.error().message()};
  return EventSpool::in_memory(leased.lease);
}

/// The trial that follows, where the slot was given one with the end of this.
std::optional<job::LeasedTrial> SlotRunner::run_trial(const job::LeasedTrial& leased) {
  Verdict verdict{job::Outcome::kPreempted, "the worker is draining"};
  const auto attempt = std::make_shared<Attempt>(make_spool(leased, verdict));
  session_.attempts.add(attempt);
  if (verdict.outcome == job::Outcome::kPreempted && !session_.draining) verdict = train_on_gpus(leased, attempt);
  auto next = end_trial(*attempt, verdict);
  if (!attempt->closed()) wait_for_delivery(*attempt);
  session_.health.note_end(leased.lease.trial, verdict);
  rest_if_sick(verdict);
  return next;
}

std::optional<job::LeasedTrial> SlotRunner::end_trial(Attempt& attempt, const Verdict& verdict) {
  const bool is_ours = attempt.take_turn();  // before the courier sees the end
  end_upload(attempt, verdict.outcome);
  if (!attempt.closed() && attempt.stop() != StopReason::kFenced) {
    const Status written = attempt.spool().append_finish(verdict.outcome, verdict.message);
    if (!written.ok())
      spdlog::error("outcome is in memory only trial={} error={}", attempt.lease().trial.value, written.message());
  }
  if (!is_ours) return std::nullopt;
  std::optional<job::LeasedTrial> next;
  if (const auto end = report_of(attempt)) next = tell_end(attempt, *end, verdict);
  attempt.end_turn();
  return next;
}

/// nullopt: something has to be told or sent before its end.
std::optional<EndReport> SlotRunner::report_of(Attempt& attempt) {
  const auto finish = attempt.spool().finish();
  const auto upload = attempt.upload();
  if (attempt.closed() || !finish || attempt.delivery.cut_short || attempt.delivery.uncommitted) return std::nullopt;
  if (upload && !upload->may_report(session_.clock.steady_now())) return std::nullopt;
  std::vector<job::Event> events = attempt.spool().next_batch(kEventsOfEnd);
  if (std::ssize(events) < attempt.spool().backlog() || holds_checkpoint(events)) return std::nullopt;
  return end_report(attempt, *finish, std::move(events));
}

/// One try. Whatever fails, the courier tells it, and the slot asks with the same id.
std::optional<job::LeasedTrial> SlotRunner::tell_end(Attempt& attempt, const EndReport& end, const Verdict& verdict) {
  std::optional<NextTrial> question;
  if (wants_next(verdict)) question = {.slot = slot_.name, .request_id = random_hex_128()};
  auto answer = session_.client.finish(attempt.lease(), end, question);
  session_.note(detail::status_of(answer));
  if (!answer.has_value()) {
    if (question) asked_ = question->request_id;
    return std::nullopt;
  }
  close_reported(attempt, end);
  if (session_.draining) session_.bell.ring();
  return std::move(*answer);
}

/// Whether the slot would ask at once: only where nothing has to be looked at before.
bool SlotRunner::wants_next(const Verdict& verdict) const {
  return verdict.outcome == job::Outcome::kSucceeded && !session_.draining && slot_.gpus.empty() &&
         session_.health.set_aside().empty() && options_.ready().ok();
}

/// An end that the coordinator does not have within a moment is put on the disk.
void SlotRunner::wait_for_delivery(Attempt& attempt) {
  const auto is_over = [&] { return attempt.closed() || session_.draining; };
  session_.bell.ring();
  session_.bell.wait_until(session_.clock.steady_now() + EventSpool::kSyncAfter, is_over);
  if (!attempt.closed()) {
    if (const Status synced = attempt.spool().sync_finish(); !synced.ok())
      spdlog::error("outcome is in memory only trial={} error={}", attempt.lease().trial.value, synced.message());
  }
  session_.bell.wait(is_over);
  if (!attempt.closed()) spool_ = new_spool(options_.spool);  // the old one is the attempt's until it is delivered
}

/// Before its outcome is written down, so that it waits for what is owed.
void SlotRunner::end_upload(Attempt& attempt, job::Outcome outcome) {
  const auto upload = attempt.upload();
  if (!upload) return;
  const bool is_overtaken = attempt.stop() == StopReason::kFenced;
  if (is_overtaken) upload->overtake();
  upload->end(outcome, session_.clock.steady_now() + options_.upload);
  if (unlisted_ && !is_overtaken && end_without_files(*upload, outcome)) unlisted_.reset();
  list_upload();
}

/// Of a trial that is over in a moment nobody else need know.
void SlotRunner::list_upload() {
  if (unlisted_) session_.uploads.add(std::exchange(unlisted_, nullptr));
}

/// Unless somebody came first since the slot asked; and with what the end tells of the GPUs.
Verdict SlotRunner::train_on_gpus(const job::LeasedTrial& leased, const std::shared_ptr<Attempt>& attempt) {
  if (!options_.gpus || slot_.gpus.empty()) return train(leased, attempt);
  GpuHealth& health = options_.gpus->health();
  if (const std::string trouble = gpu_trouble(leased.spec); !trouble.empty()) {
    session_.pause(kAnnounced, [&] { return session_.draining.load(); });  // lest it comes here again at once
    return {job::Outcome::kPreempted, "not begun: " + trouble};
  }
  health.begin(slot_);
  const Verdict verdict = train(leased, attempt);
  options_.gpus->look_now();
  return health.end(slot_, leased.lease.trial, verdict, !job::program_of(leased.spec).empty());
}

std::string SlotRunner::gpu_trouble(const job::TrialSpec& spec) const {
  if (std::string trouble = gpu_trouble(); !trouble.empty()) return trouble;
  const Value* wish = spec.values.find("gpu_memory_mib");
  const auto* need = wish == nullptr ? nullptr : std::get_if<std::int64_t>(wish);
  const std::int64_t left = options_.gpus->health().now({slot_}).front().memory_mib;
  if (need == nullptr || left == 0 || *need <= left) return "";
  return "it wants " + std::to_string(*need) + " MiB of GPU memory, others leave " + std::to_string(left) +
         " of slot " + slot_.name;
}

Verdict SlotRunner::train(job::LeasedTrial leased, const std::shared_ptr<Attempt>& attempt) {
  const auto cannot_start = [](const Status& why) {
    return Verdict{job::Outcome::kMachine, "cannot start: " + why.message()};
  };
  const std::string changed = leave_out_changed(options_.trial, leased);
  auto directory = [&] {
    const std::lock_guard lock(session_.runs_mutex);
    return RunDirectory::prepare(options_.trial.runs, leased);
  }();
  if (!directory.has_value()) return cannot_start(directory.error());
  attempt->set_directory(*directory);
  begin_upload(leased, *directory, attempt);
  if (!changed.empty()) say(session_, *attempt, job::Warning{changed});
  fetch_checkpoint(session_, leased, *directory, *attempt);
  const Result<TrialScripts> scripts = fetch_scripts(session_, options_.scripts, leased, *directory, *attempt);
  if (session_.draining) return {job::Outcome::kPreempted, "the worker is draining"};
  if (!scripts.has_value()) return without_scripts(scripts.error(), attempt->stop());
  auto process = TrialProcess::start(options_.trial, leased, slot_, *directory, *attempt, launcher_, session_.clock,
                                     session_.bell);
  if (!process.has_value() && process.error().code() == StatusCode::kInvalidArgument)
    return {job::Outcome::kBadConfiguration, process.error().message()};
  if (!process.has_value()) return cannot_start(process.error());
  spdlog::info("trial started trial={} attempt={} slot={} folder={}", leased.lease.trial.value, leased.lease.attempt,
               slot_.name, directory->path().string());
  return process->supervise([this] { list_upload(); });
}

/// From now on what the attempt leaves is uploaded, in this life of the worker or a later one.
void SlotRunner::begin_upload(const job::LeasedTrial& leased, const RunDirectory& directory,
                              const std::shared_ptr<Attempt>& attempt) {
  unlisted_ = worker::begin_upload(directory.path(), leased.lease, leased.spec.values);
  unlisted_->set_warn([&clock = session_.clock, weak = std::weak_ptr(attempt)](const std::string& message) {
    const auto told = weak.lock();
    if (!told) return;
    const Status written = told->spool().append(clock.now(), job::Warning{message}, clock.steady_now());
    if (!written.ok()) spdlog::debug("a warning is only in the log error={}", written.message());
  });
  attempt->set_upload(unlisted_);
}

/// A slot with a broken device or disk must not run through the whole queue: it rests after every fault of the machine,
/// and after several in a row that may have been one.
void SlotRunner::rest_if_sick(const Verdict& verdict) {
  const bool faulty = verdict.outcome == job::Outcome::kMachine;
  const bool spoilt =
      faulty || verdict.outcome == job::Outcome::kInfrastructure || verdict.outcome == job::Outcome::kCrashed;
  if (!spoilt) {
    spoilt_in_a_row_ = 0;
    sick_.reset();
    return;
  }
  if (++spoilt_in_a_row_ < kSpoiltBeforeRest && !faulty) return;
  const Duration rest = sick_.next();
  spdlog::warn("slot rests after {} slot={} millis={} last={}", in_words(spoilt_in_a_row_, faulty), slot_.name,
               rest.count(), verdict.message);
  pause(rest);
}

/// Also ended by a person who mended the machine.
void SlotRunner::pause(Duration duration) {
  session_.bell.wait_until(session_.clock.steady_now() + duration, [&, wakes = session_.health.wakes()] {
    return session_.draining || session_.health.wakes() != wakes;
  });
}

}  // namespace oodml::worker
