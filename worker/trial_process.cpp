#include "worker/trial_process.h"

#include <signal.h>
#include <spdlog/spdlog.h>

#include "core/job/program.h"
#include "worker/devices/slot_devices.h"
#include "worker/programs/program_ending.h"
#include "worker/programs/program_launch.h"

namespace oodml::worker {
namespace {

constexpr std::int64_t kLoggedMalformedLines = 10;
constexpr auto kPause = std::chrono::milliseconds(100);  // between looks while the pipe is left alone
constexpr std::size_t kLongLine = 4096;                  // PyTorch says much of what it has no memory for
constexpr auto kTrialLook = std::chrono::seconds(1);

bool kills_at_once(StopReason reason) { return reason >= StopReason::kHung; }

bool is_last_word(const job::EventBody& body) {
  return std::holds_alternative<job::Done>(body) || std::holds_alternative<job::Stopped>(body) ||
         std::holds_alternative<job::Failed>(body);
}

/// A GPU's libraries are loaded with a template too, but its driver is nothing to share with a copy, and takes longer.
bool may_be_copied(WarmTrials warm, const job::Slot& slot) {
  return warm == WarmTrials::kOn || (warm == WarmTrials::kAuto && slot.device == "cpu");
}

Result<LaunchSpec> core_launch(const TrialOptions& options, const job::LeasedTrial& leased, const job::Slot& slot,
                               const RunDirectory& directory) {
  const auto& scripts_root = leased.scripts.empty() ? options.scripts_root : directory.scripts();
  LaunchSpec spec{.command = trial_command(options, directory, slot, scripts_root),
                  .folder = directory.path(),
                  .log = directory.log(),
                  .environment = {},
                  .may_be_copied = may_be_copied(options.warm, slot)};
  if (const auto visible = visible_to(slot)) spec.environment = {"CUDA_VISIBLE_DEVICES=" + *visible};
  return spec;
}

}  // namespace

std::vector<std::string> trial_command(const TrialOptions& options, const RunDirectory& directory,
                                       const job::Slot& slot, const std::filesystem::path& scripts_root) {
  std::vector<std::string> command = {
      options.core,       "run",       directory.trial_file(),       "--run-dir",        directory.path(), "--device",
      devices_seen(slot), "--threads", std::to_string(slot.threads), "--die-with-parent"};
  const auto add = [&](const char* name, const std::filesystem::path& value) {
    if (value.empty()) return;
    command.emplace_back(name);
    command.push_back(value);
  };
  add("--benchmarks-root", options.benchmarks_root);
  add("--weights-root", options.weights_root);
  if (!scripts_root.empty()) command.emplace_back("--allow-scripts");
  add("--scripts-root", scripts_root);
  for (const auto& earlier : directory.earlier()) add("--resume-from", earlier);
  return command;
}

Result<TrialProcess> TrialProcess::start(const TrialOptions& options, const job::LeasedTrial& leased,
                                         const job::Slot& slot, const RunDirectory& directory, Attempt& attempt,
                                         ProcessLauncher& launcher, const Clock& clock, Bell& bell) {
  const bool of_program = !job::program_of(leased.spec).empty();
  TrialProcess trial(options, slot, directory, attempt, clock, bell, of_program);
  OODML_ASSIGN_OR_RETURN(const LaunchSpec spec, of_program ? program_launch(options, leased, slot, directory)
                                                           : core_launch(options, leased, slot, directory));
  OODML_ASSIGN_OR_RETURN(trial.process_, launcher.launch(spec));
  if (of_program) trial.introduce(leased.spec, slot.device);
  trial.last_sign_ = clock.steady_now();
  trial.next_look_ = clock.steady_now() + kTrialLook;
  return trial;
}

Verdict TrialProcess::supervise(std::function<void()> each_look) {
  each_look_ = std::move(each_look);
  bool ended = false;
  write_waiting();  // what was said for it
  while (!ended) {
    if (may_read()) {
      const Process::Reading reading = process_->read(bell_.tick());
      ended = reading.ended;
      take_bytes(reading.bytes);
    } else {
      bell_.wait_until(clock_.steady_now() + kPause, [&] { return attempt_.stop() > carried_out_; });
    }
    let_progress_through();
    write_waiting();
    sync_spool();
    look_for_trouble();
    carry_out_stop();
  }
  if (auto progress = gate_.take()) waiting_.push_back({.time = clock_.now(), .body = std::move(*progress)});
  wait_for_disk();
  if (splitter_.torn()) {
    spdlog::warn("trial ended within a line, which is dropped trial={} attempt={}", attempt_.lease().trial.value,
                 attempt_.lease().attempt);
  }
  return of_program_ ? classify_program_exit(ending()) : classify_exit(ending());
}

/// What the child said before it ended is not lost to a full disk: it is waited for within the same limits.
void TrialProcess::wait_for_disk() {
  while (!write_waiting() && !kills_at_once(attempt_.stop())) {
    bell_.wait_until(next_disk_try_, [&] { return attempt_.stop() > carried_out_; });
    carried_out_ = attempt_.stop();
    if (carried_out_ != StopReason::kNone && !kill_at_) kill_at_ = clock_.steady_now() + options_.grace;
    if (kill_at_ && clock_.steady_now() >= *kill_at_) return;
    look_for_trouble();
  }
}

bool TrialProcess::may_read() const {
  if (killed_) return true;  // What is left is one pipe's worth, and then the end.
  return waiting_.empty() && attempt_.spool().backlog() < EventSpool::kMaxBacklog;
}

void TrialProcess::take_bytes(const std::string& bytes) {
  if (bytes.empty()) return;
  const std::int64_t overlong_before = splitter_.overlong_lines();
  for (const std::string& line : splitter_.feed(bytes)) take_line(line);
  malformed_lines_ += splitter_.overlong_lines() - overlong_before;
}

void TrialProcess::take_line(const std::string& line) {
  auto body = protocol::decode(line);
  if (body.has_value()) {
    last_sign_ = clock_.steady_now();
    if (body->has_value()) take_event(std::move(**body));
    return;
  }
  if (++malformed_lines_ <= kLoggedMalformedLines) {
    spdlog::warn("malformed line skipped trial={} attempt={} count={} error={}", attempt_.lease().trial.value,
                 attempt_.lease().attempt, malformed_lines_, body.error().message());
  }
}

/// What the core would say first, and a program of people's own need not: it has begun once it is started.
void TrialProcess::introduce(const job::TrialSpec& spec, const std::string& device) {
  const auto say = [&](job::EventBody body) { waiting_.push_back({.time = clock_.now(), .body = std::move(body)}); };
  say(job::Hello{.device = device, .pid = process_->pid()});
  say(program_identity(options_, spec));
  said_hello_ = true;
}

void TrialProcess::take_event(job::EventBody body) {
  const bool is_introduction = std::holds_alternative<job::Hello>(body) || std::holds_alternative<job::Identity>(body);
  if (of_program_ && is_introduction) return;  // the worker has said it, and knows
  if (auto* progress = std::get_if<job::Progress>(&body)) {
    gate_.offer(std::move(*progress));
    return let_progress_through();
  }
  if (auto* hello = std::get_if<job::Hello>(&body)) {
    said_hello_ = true;
    hello->device = device_of(slot_, hello->device);
  }
  if (std::holds_alternative<job::Checkpoint>(body)) note_checkpoint();
  if (is_last_word(body)) {
    if (auto progress = gate_.take()) waiting_.push_back({.time = clock_.now(), .body = std::move(*progress)});
    last_word_ = body;
  }
  waiting_.push_back({.time = clock_.now(), .body = std::move(body)});
}

/// The checkpoint is on the disk, and from here on all that leads to it.
void TrialProcess::note_checkpoint() {
  if (!std::exchange(is_durable_, true)) {
    const Status made = make_durable(directory_.path());
    if (!made.ok())
      spdlog::warn("a power cut may take a checkpoint trial={} error={}", attempt_.lease().trial.value, made.message());
  }
  attempt_.note_checkpoint();
}

void TrialProcess::let_progress_through() {
  auto progress = gate_.take_due(clock_.steady_now(), attempt_.spool().backlog());
  if (progress) waiting_.push_back({.time = clock_.now(), .body = std::move(*progress)});
}

/// Moves what was read into the spool; false while the disk refuses.
bool TrialProcess::write_waiting() {
  if (!waiting_.empty() && disk_full_since_ && clock_.steady_now() < next_disk_try_) return false;
  while (!waiting_.empty()) {
    const Status written = attempt_.spool().append(waiting_.front().time, waiting_.front().body, clock_.steady_now());
    if (!written.ok()) {
      note_disk(written);
      return false;
    }
    if (disk_full_since_) spdlog::info("spool can be written again trial={}", attempt_.lease().trial.value);
    disk_full_since_.reset();
    waiting_.pop_front();
  }
  return true;
}

/// A disk in trouble is left alone between tries.
void TrialProcess::sync_spool() {
  const SteadyTime now = clock_.steady_now();
  if (!disk_full_since_ || now >= next_disk_try_) note_disk(attempt_.spool().sync_if_due(now));
}

void TrialProcess::note_disk(const Status& status) {
  if (status.ok()) {
    if (waiting_.empty()) disk_full_since_.reset();
    return;
  }
  const SteadyTime now = clock_.steady_now();
  if (!disk_full_since_) {
    disk_full_since_ = now;
    spdlog::error("cannot write events, the trial waits until the disk takes them trial={} attempt={} error={}",
                  attempt_.lease().trial.value, attempt_.lease().attempt, status.message());
  }
  next_disk_try_ = now + options_.disk_retry;
}

void TrialProcess::look_for_trouble() {
  const SteadyTime now = clock_.steady_now();
  if (!may_read()) last_sign_ = now;  // Its silence is ours.
  if (now - last_sign_ >= options_.stall) attempt_.request_stop(StopReason::kHung);
  if (disk_full_since_ && now - *disk_full_since_ >= options_.stall) attempt_.request_stop(StopReason::kSpoolStuck);
  if (now < next_look_) return;
  next_look_ = now + kTrialLook;
  look_at_log();
  if (each_look_) each_look_();
}

void TrialProcess::look_at_log() {
  directory_.bound_log();
  if (!of_program_) return;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(directory_.log(), error);
  if (!error && std::exchange(log_size_, size) != size) last_sign_ = clock_.steady_now();
}

void TrialProcess::carry_out_stop() {
  const StopReason reason = attempt_.stop();
  const SteadyTime now = clock_.steady_now();
  if (reason != StopReason::kNone && !kill_at_) {
    process_->send_signal(SIGTERM);
    kill_at_ = now + options_.grace;
  }
  carried_out_ = reason;
  if (killed_ || !kill_at_ || (!kills_at_once(reason) && now < *kill_at_)) return;
  process_->send_signal(SIGKILL);
  killed_ = true;
}

Ending TrialProcess::ending() const {
  // A last word that could not be written will not reach the coordinator, so it does not count.
  return {.status = process_->status(),
          .last_word = waiting_.empty() ? last_word_ : std::nullopt,
          .said_hello = said_hello_,
          .stop = attempt_.stop(),
          .killed_by_us = killed_,
          .grace = options_.grace,
          .stall_limit = options_.stall,
          .log_tail = directory_.log_tail(),
          .last_line = of_program_ ? directory_.log_tail(kLongLine) : ""};
}

}  // namespace oodml::worker
