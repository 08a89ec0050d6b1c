#include "coordinator/cli/top/top_model.h"

#include <utility>

namespace oodml::cli {
namespace {

constexpr double kMillisOfHour = 3'600'000;

}  // namespace

std::int64_t over(const v1::StateCounts& counts) { return counts.succeeded() + counts.failed() + counts.cancelled(); }

void TopModel::apply(TopLook look) {
  std::map<std::int64_t, std::deque<Sample>> samples;
  for (const v1::SweepSummary& sweep : look.sweeps.sweeps()) {
    std::deque<Sample>& own = samples[sweep.sweep_id()] = std::move(samples_[sweep.sweep_id()]);
    // Trials that are run again are over no more: their sweep begins anew.
    if (!own.empty() && own.back().over > over(sweep.counts())) own.clear();
    own.push_back({.at_millis = look.at_millis, .over = over(sweep.counts())});
    while (own.size() > 1 && look.at_millis - own[1].at_millis >= kWindowMillis) own.pop_front();
  }
  samples_ = std::move(samples);
  look_ = std::move(look);
}

std::optional<double> TopModel::trials_per_hour(const v1::SweepSummary& sweep) const {
  Sample from{.at_millis = sweep.created_millis(), .over = 0};
  Sample until{.at_millis = look_ ? look_->at_millis : 0, .over = over(sweep.counts())};
  const auto seen = samples_.find(sweep.sweep_id());
  if (seen != samples_.end() && until.at_millis - seen->second.front().at_millis >= kLeastMillis) {
    from = seen->second.front();
  }
  if (sweep.finished_millis() != 0) {
    from = {.at_millis = sweep.created_millis(), .over = 0};
    until.at_millis = sweep.finished_millis();
  }
  if (until.at_millis <= from.at_millis || until.over == 0) return std::nullopt;
  return static_cast<double>(until.over - from.over) * kMillisOfHour /
         static_cast<double>(until.at_millis - from.at_millis);
}

std::optional<double> TopModel::seconds_left(const v1::SweepSummary& sweep) const {
  if (sweep.state() != "running" || !look_) return std::nullopt;
  const auto estimate = look_->estimates.find(sweep.sweep_id());
  const bool is_known =
      estimate != look_->estimates.end() && estimate->second.wall_hours() > 0 && estimate->second.unknown_trials() == 0;
  if (is_known) return estimate->second.wall_hours() * 3600;
  const std::optional<double> rate = trials_per_hour(sweep);
  if (!rate || *rate <= 0) return std::nullopt;
  return static_cast<double>(sweep.trials() - over(sweep.counts())) / *rate * 3600;
}

}  // namespace oodml::cli
