#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oodml/v1/sharing.pb.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// A trial that failed, and the sweep it was seen in.
struct SeenFailure {
  std::string sweep;
  v1::TrialSummary trial;
};

/// What a coordinator said at one moment.
struct TopLook {
  std::int64_t at_millis = 0;
  v1::ListReply sweeps;  ///< The newest ones.
  v1::ListWorkersReply workers;
  v1::ListSharesReply shares;
  std::map<std::int64_t, v1::Estimate> estimates;  ///< By sweep, of those that were asked for.
  std::vector<SeenFailure> failures;               ///< The newest first.
};

/// What `oodml top` knows: the newest look, and from those before it how fast sweeps are.
class TopModel {
 public:
  void apply(TopLook look);

  /// Null before the first.
  const TopLook* look() const { return look_ ? &*look_ : nullptr; }
  /// Trials of a sweep that ended in an hour: as was seen over the last ten minutes, or, until a minute was seen, since
  /// the sweep was submitted. None while no trial has ended.
  std::optional<double> trials_per_hour(const v1::SweepSummary& sweep) const;
  /// Until the sweep is over: as the coordinator estimates it, else at this speed; none where neither says anything.
  std::optional<double> seconds_left(const v1::SweepSummary& sweep) const;

  static constexpr std::int64_t kWindowMillis = 600'000;
  static constexpr std::int64_t kLeastMillis = 60'000;

 private:
  /// How many trials of a sweep were over, and when.
  struct Sample {
    std::int64_t at_millis = 0, over = 0;
  };

  std::optional<TopLook> look_;
  std::map<std::int64_t, std::deque<Sample>> samples_;  ///< By sweep, the oldest first.
};

/// Trials of a sweep that are over.
std::int64_t over(const v1::StateCounts& counts);

}  // namespace oodml::cli
