#include "coordinator/cli/watch/watch_log.h"

#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/trial_text.h"
#include "core/base/clock.h"

namespace oodml::cli {

std::string WatchLog::stamped(std::string_view text, std::int64_t now_millis) const {
  return style_.paint(Colour::kDim, to_iso8601(from_millis(now_millis)).substr(11, 8)) + " " + std::string(text) + "\n";
}

std::string WatchLog::lines(const v1::WatchEventsReply& message, const WatchModel& before, std::int64_t now_millis) {
  switch (message.what_case()) {
    case v1::WatchEventsReply::kSweep:
      return sweep_line(message.sweep(), before, now_millis);
    case v1::WatchEventsReply::kTrial:
      return trial_line(message.trial(), before, now_millis);
    case v1::WatchEventsReply::kEvent:
      return progress_line(message.event(), before, now_millis);
    case v1::WatchEventsReply::WHAT_NOT_SET:
      break;
  }
  return "";
}

std::string WatchLog::connection(std::string_view text, std::int64_t now_millis) {
  if (text == connection_) return "";
  const bool back = text.empty();
  connection_ = text;
  return stamped(back ? "connected again" : one_line(text), now_millis);
}

std::string WatchLog::sweep_line(const v1::SweepSummary& sweep, const WatchModel& before, std::int64_t now_millis) {
  const auto& known = before.sweep();
  if (known && known->state() == sweep.state()) return "";
  return stamped("sweep " + std::to_string(sweep.sweep_id()) + " " + sweep.name() + " is " + sweep.state() + ": " +
                     counted(sweep.trials(), "trial") + ", " + counts_text(sweep.counts(), style_),
                 now_millis);
}

std::string WatchLog::trial_line(const v1::TrialSummary& trial, const WatchModel& before,
                                 std::int64_t now_millis) const {
  const v1::TrialSummary* known = before.trial(trial.trial_id());
  const bool same = known != nullptr && known->state() == trial.state() && known->attempt() == trial.attempt();
  // Of the state at the start only what goes on and what went wrong is news.
  const bool dull_start = known == nullptr && trial.state() != "running" && trial.state() != "failed";
  if (same || dull_start) return "";
  std::string text = "trial " + std::to_string(trial.trial_id()) + " " + one_line(labels_text(trial)) + ": " +
                     style_.paint(colour_of_state(trial.state()), trial.state());
  if (trial.state() == "running") {
    text += " on " + one_line(trial.worker_id() + " " + trial.slot());
    if (trial.attempt() > 1) text += ", attempt " + std::to_string(trial.attempt());
  }
  if (trial.state() == "succeeded" && trial.has_newest_recall()) {
    text += ", e_recall@1 " + metric_value_text("e_recall@1", trial.newest_recall().value()) + " % at its last epoch";
  }
  const std::string note = one_line(trial_note(trial, now_millis));
  return stamped(note.empty() ? text : text + ", " + note, now_millis);
}

std::string WatchLog::progress_line(const v1::Event& event, const WatchModel& before, std::int64_t now_millis) {
  if (!event.has_progress() || !before.sweep() || now_millis - last_progress_millis_ < kProgressMillis) return "";
  last_progress_millis_ = now_millis;
  const auto& sweep = *before.sweep();
  const std::optional<double> left = before.seconds_left(now_millis);
  return stamped(std::to_string(sweep.counts().succeeded()) + "/" + std::to_string(sweep.trials()) +
                     " trials succeeded, " + std::to_string(sweep.counts().running()) + " running; trial " +
                     std::to_string(event.trial_id()) + " " + progress_text(event.progress()) + " loss " +
                     fixed_text(event.progress().loss(), 4) + (left ? "; about " + duration_text(*left) + " left" : ""),
                 now_millis);
}

}  // namespace oodml::cli
