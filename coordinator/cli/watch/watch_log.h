#pragma once

#include <cstdint>
#include <string>

#include "coordinator/cli/output/style.h"
#include "coordinator/cli/watch/watch_model.h"

namespace oodml::cli {

/// `watch` without a terminal: a line for every change of state, and at most every ten seconds one on progress.
class WatchLog {
 public:
  explicit WatchLog(Style style) : style_(style) {}

  /// The lines (possibly none) that `message` gives; `model` as it was before the message.
  std::string lines(const v1::WatchEventsReply& message, const WatchModel& before, std::int64_t now_millis);
  /// A line on the connection, whenever it changes.
  std::string connection(std::string_view text, std::int64_t now_millis);

  static constexpr std::int64_t kProgressMillis = 10'000;

 private:
  std::string stamped(std::string_view text, std::int64_t now_millis) const;
  std::string sweep_line(const v1::SweepSummary& sweep, const WatchModel& before, std::int64_t now_millis);
  std::string trial_line(const v1::TrialSummary& trial, const WatchModel& before, std::int64_t now_millis) const;
  std::string progress_line(const v1::Event& event, const WatchModel& before, std::int64_t now_millis);

  Style style_;
  std::int64_t last_progress_millis_ = 0;
  std::string connection_;
};

}  // namespace oodml::cli
