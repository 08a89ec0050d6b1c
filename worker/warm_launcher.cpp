#include "worker/warm_launcher.h"

#include <spdlog/spdlog.h>

namespace oodml::worker {
namespace {

constexpr int kGivesUpAfter = 3;

}  // namespace

WarmLauncher::WarmLauncher(TemplateTerms terms) : terms_(terms), keeper_([this] { keep(); }) {}

WarmLauncher::~WarmLauncher() {
  {
    const std::lock_guard lock(mutex_);
    template_.reset();
  }
  {
    const std::lock_guard lock(keeper_mutex_);
    over_ = true;
  }
  keeper_wakes_.notify_all();
  keeper_.join();
}

Result<std::unique_ptr<Process>> WarmLauncher::launch(const LaunchSpec& spec) {
  if (spec.may_be_copied) {
    if (auto process = copy(spec)) return process;
  }
  return fresh_.launch(spec);
}

pid_t WarmLauncher::template_pid() {
  const std::lock_guard lock(mutex_);
  return template_ ? template_->pid() : 0;
}

/// nullptr: it has to be started anew.
std::unique_ptr<Process> WarmLauncher::copy(const LaunchSpec& spec) {
  const std::lock_guard lock(mutex_);
  // A second time when the first template has ended since, as it does when a file of the program was replaced.
  for (int time = 0; time < 2 && failures_ < kGivesUpAfter; ++time) {
    if (!make_template(spec)) return nullptr;
    auto process = template_->start_trial(spec);
    if (process) {
      failures_ = 0;
      return *std::move(process);
    }
    const bool too_long = process.error().code() == StatusCode::kInvalidArgument;
    if (too_long) return nullptr;
    template_.reset();
    const bool ended = process.error().code() == StatusCode::kAborted;
    if (!ended || time > 0) {
      note_failure(process.error());
      return nullptr;
    }
    spdlog::info("the template of trials has ended, another one is started reason={}", process.error().message());
  }
  return nullptr;
}

/// Whether there is one for this trial.
bool WarmLauncher::make_template(const LaunchSpec& spec) {
  std::vector<std::string> environment = environment_of(spec);
  if (template_ && core_ == spec.command[0] && template_->environment() == environment) return true;
  template_.reset();
  core_ = spec.command[0];
  Result<std::unique_ptr<TrialTemplate>> made = invalid_argument("not tried");
  in_keeper([&] { made = TrialTemplate::start(core_, std::move(environment), terms_); });
  if (!made) {
    note_failure(made.error());
    return false;
  }
  template_ = *std::move(made);
  spdlog::info("template of trials started pid={}", template_->pid());
  return true;
}

void WarmLauncher::note_failure(const Status& why) {
  ++failures_;
  spdlog::info("a trial is started without a template{} reason={}",
               failures_ >= kGivesUpAfter ? ", as will be all that follow" : "", why.message());
}

void WarmLauncher::keep() {
  std::unique_lock lock(keeper_mutex_);
  while (true) {
    keeper_wakes_.wait(lock, [&] { return over_ || work_; });
    if (over_) return;
    work_();
    work_ = nullptr;
    keeper_wakes_.notify_all();
  }
}

void WarmLauncher::in_keeper(std::function<void()> work) {
  std::unique_lock lock(keeper_mutex_);
  work_ = std::move(work);
  keeper_wakes_.notify_all();
  keeper_wakes_.wait(lock, [&] { return !work_; });
}

}  // namespace oodml::worker
