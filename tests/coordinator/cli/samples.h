#pragma once

#include <cmath>
#include <initializer_list>
#include <string>
#include <utility>

#include "oodml/v1/sweeps.pb.h"

/// Messages as a coordinator sends them, small enough to read.
namespace oodml::cli {

using Labels = std::initializer_list<std::pair<std::string, std::string>>;

inline constexpr std::int64_t kNow = 1'795'324'547'000;  // 2026-11-22T05:15:47Z

template <typename Message>
void add_labels(Message& message, Labels labels) {
  for (const auto& [axis, text] : labels) {
    auto* label = message.add_labels();
    label->set_axis(axis);
    label->set_label(text);
  }
}

/// Sweep 3 "smoke", submitted ten minutes before kNow.
inline v1::SweepSummary sample_sweep(const std::string& state, std::int64_t succeeded, std::int64_t failed,
                                     std::int64_t running, std::int64_t queued) {
  v1::SweepSummary sweep;
  sweep.set_sweep_id(3);
  sweep.set_name("smoke");
  sweep.set_state(state);
  sweep.set_created_millis(kNow - 600'000);
  sweep.set_trials(succeeded + failed + running + queued);
  sweep.mutable_counts()->set_succeeded(succeeded);
  sweep.mutable_counts()->set_failed(failed);
  sweep.mutable_counts()->set_running(running);
  sweep.mutable_counts()->set_queued(queued);
  return sweep;
}

inline v1::TrialSummary sample_trial(std::int64_t id, const std::string& state, Labels labels) {
  v1::TrialSummary trial;
  trial.set_trial_id(id);
  trial.set_state(state);
  trial.set_fingerprint(std::string(64, 'a'));
  add_labels(trial, labels);
  if (state == "queued") return trial;
  trial.set_attempt(1);
  trial.set_worker_id("node1");
  trial.set_slot("cpu:0");
  trial.set_started_millis(kNow - 120'000);
  if (state != "running") trial.set_finished_millis(kNow - 60'000);
  return trial;
}

inline void set_progress(v1::Progress& progress, std::int64_t epoch, std::int64_t step, double loss) {
  progress.set_epoch(epoch);
  progress.set_epochs_total(10);
  progress.set_step(step);
  progress.set_steps_total(400);
  progress.set_loss(loss);
  progress.set_seconds_left(95);
  progress.set_phase("training");
}

inline v1::Statistic sample_statistic(const std::string& metric, std::int64_t n, double best, double last) {
  v1::Statistic statistic;
  statistic.set_metric(metric);
  statistic.set_set("test");
  statistic.set_n(n);
  statistic.set_n_expected(2);
  const double nan = std::nan("");
  statistic.set_best_mean(best);
  statistic.set_last_mean(last);
  for (const auto set : {&v1::Statistic::set_best_sd, &v1::Statistic::set_last_sd, &v1::Statistic::set_best_half_width,
                         &v1::Statistic::set_last_half_width}) {
    (statistic.*set)(n < 2 ? nan : 0.0125);
  }
  statistic.set_best_epoch_mean(n > 0 ? 7.5 : nan);
  statistic.set_selected_mean(nan);
  return statistic;
}

/// Two full rows' worth of shape: one complete, one with one of two seeds, one a hole.
inline v1::QueryResultsReply sample_results() {
  v1::QueryResultsReply reply;
  *reply.mutable_sweep() = sample_sweep("finished", 3, 3, 0, 0);
  reply.add_by("criterion");
  reply.add_by("split");
  reply.set_n(3);
  reply.set_n_expected(6);
  const auto row = [&](const char* criterion, std::int64_t n) {
    auto* added = reply.add_rows();
    add_labels(*added, {{"criterion", criterion}, {"split", "1"}});
    added->set_n(n);
    added->set_n_expected(2);
    return added;
  };
  auto* margin = row("r_margin", 2);
  *margin->add_statistics() = sample_statistic("e_recall@1", 2, 0.65234, 0.65);
  *margin->add_statistics() = sample_statistic("dists@intra", 2, 0.3, 0.31);
  *row("triplet", 1)->add_statistics() = sample_statistic("e_recall@1", 1, 0.5, 0.4);
  row("arcface", 0);
  return reply;
}

}  // namespace oodml::cli
