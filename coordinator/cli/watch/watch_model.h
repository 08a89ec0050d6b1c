#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// What is known of a sweep from the stream of WatchEvents: the newest state of everything. Messages may repeat
/// (the stream starts anew after a lost connection) and older attempts' events are ignored.
class WatchModel {
 public:
  void apply(const v1::WatchEventsReply& message);

  /// Why a trial that still waits does so, as `newer` says.
  void set_reason(const v1::TrialSummary& newer);

  const std::optional<v1::SweepSummary>& sweep() const { return sweep_; }
  const std::map<std::int64_t, v1::TrialSummary>& trials() const { return trials_; }
  const v1::TrialSummary* trial(std::int64_t id) const;
  /// Axes with more than one label among the trials: those that tell them apart.
  std::set<std::string> telling_axes() const;

  /// Nothing more will happen by itself: the sweep is finished or cancelled.
  bool ended() const;
  /// Some trial of the ended sweep has no result.
  bool incomplete() const;
  /// Estimate for the whole sweep from the mean duration of finished trials; nothing without one.
  std::optional<double> seconds_left(std::int64_t now_millis) const;
  /// Trials that run, counted by how far each is (0.5 for half an epoch budget).
  double running_share() const;

 private:
  void apply(const v1::Event& event);

  std::optional<v1::SweepSummary> sweep_;
  std::map<std::int64_t, v1::TrialSummary> trials_;
  std::map<std::string, std::set<std::string>> labels_;
};

}  // namespace oodml::cli
