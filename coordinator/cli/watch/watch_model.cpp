#include "coordinator/cli/watch/watch_model.h"

#include <algorithm>

#include "core/job/sweep_plan.h"

namespace oodml::cli {
namespace {

double share_done(const v1::TrialSummary& trial) {
  if (!trial.has_progress()) return 0.0;
  const auto& progress = trial.progress();
  if (progress.steps_total() > 0) {
    return std::clamp(static_cast<double>(progress.step()) / static_cast<double>(progress.steps_total()), 0.0, 1.0);
  }
  return 0.0;
}

}  // namespace

void WatchModel::apply(const v1::WatchEventsReply& message) {
  if (message.has_sweep()) sweep_ = message.sweep();
  if (message.has_event()) apply(message.event());
  if (!message.has_trial()) return;
  for (const auto& label : message.trial().labels()) labels_[label.axis()].insert(label.label());
  v1::TrialSummary& known = trials_[message.trial().trial_id()];
  const bool same_attempt = known.attempt() == message.trial().attempt();
  v1::TrialSummary next = message.trial();
  // A change of state may come without what events have told meanwhile.
  if (same_attempt && !next.has_progress() && known.has_progress()) *next.mutable_progress() = known.progress();
  if (same_attempt && !next.has_newest_recall() && known.has_newest_recall()) {
    *next.mutable_newest_recall() = known.newest_recall();
  }
  known = std::move(next);
}

void WatchModel::apply(const v1::Event& event) {
  const auto found = trials_.find(event.trial_id());
  if (found == trials_.end() || event.attempt() < found->second.attempt()) return;
  if (event.has_progress()) *found->second.mutable_progress() = event.progress();
  if (event.has_metric() && event.metric().name() == "e_recall@1" && event.metric().set() == "test") {
    *found->second.mutable_newest_recall() = event.metric();
  }
}

void WatchModel::set_reason(const v1::TrialSummary& newer) {
  const auto found = trials_.find(newer.trial_id());
  if (found == trials_.end() || found->second.state() != "queued" || newer.state() != "queued") return;
  found->second.set_waiting_for(newer.waiting_for());
}

const v1::TrialSummary* WatchModel::trial(std::int64_t id) const {
  const auto found = trials_.find(id);
  return found == trials_.end() ? nullptr : &found->second;
}

std::set<std::string> WatchModel::telling_axes() const {
  std::set<std::string> axes;
  for (const auto& [axis, labels] : labels_) {
    if (labels.size() > 1 && axis != job::kGroupAxis) axes.insert(axis);
  }
  return axes;
}

bool WatchModel::ended() const { return sweep_ && (sweep_->state() == "finished" || sweep_->state() == "cancelled"); }

bool WatchModel::incomplete() const { return sweep_ && sweep_->counts().succeeded() < sweep_->trials(); }

double WatchModel::running_share() const {
  double sum = 0.0;
  for (const auto& [id, trial] : trials_) sum += trial.state() == "running" ? share_done(trial) : 0.0;
  return sum;
}

std::optional<double> WatchModel::seconds_left(std::int64_t now_millis) const {
  if (!sweep_ || ended()) return std::nullopt;
  double finished_seconds = 0, finished = 0, running_left = 0;
  for (const auto& [id, trial] : trials_) {
    if (trial.state() != "succeeded" || trial.started_millis() == 0) continue;
    finished_seconds += static_cast<double>(trial.finished_millis() - trial.started_millis()) / 1000.0;
    finished += 1;
  }
  const auto& counts = sweep_->counts();
  if (finished == 0 || counts.running() == 0) return std::nullopt;
  const double mean = finished_seconds / finished;
  for (const auto& [id, trial] : trials_) {
    if (trial.state() != "running") continue;
    const double ran = std::max(0.0, static_cast<double>(now_millis - trial.started_millis()) / 1000.0);
    const bool own = trial.has_progress() && trial.progress().seconds_left() >= 0;
    running_left += own ? trial.progress().seconds_left() : std::max(0.0, mean - ran);
  }
  const double waiting = static_cast<double>(counts.queued() + counts.backoff());
  return (waiting * mean + running_left) / static_cast<double>(counts.running());
}

}  // namespace oodml::cli
