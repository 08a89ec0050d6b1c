#include "coordinator/submission/sweep_service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>

#include "coordinator/results/results_query.h"
#include "coordinator/store/event_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"
#include "coordinator/submission/sweep_changes.h"
#include "core/base/sha256.h"

namespace oodml::coordinator::submission {
namespace {

constexpr std::int64_t kMostSweeps = 1000;
constexpr std::int64_t kMostTrials = 10'000;
constexpr std::int64_t kMostEvents = 10'000;

std::int64_t limited(std::int64_t asked, std::int64_t usual, std::int64_t most) {
  return asked <= 0 ? usual : std::min(asked, most);
}

/// How many trials each label has, labels in the file's order.
template <typename Labels>
std::vector<AxisCount> count_axes(const std::vector<job::Axis>& axes, const Labels& labels_of_trials) {
  std::map<std::string, std::map<std::string, std::int64_t>> counts;
  for (const auto& trial : labels_of_trials) {
    for (const auto& [axis, label] : trial.labels) ++counts[axis][label];
  }
  std::vector<AxisCount> result;
  for (const job::Axis& axis : axes) {
    AxisCount count{.axis = axis.name};
    for (const std::string& label : axis.labels) count.counts.emplace_back(label, counts[axis.name][label]);
    result.push_back(std::move(count));
  }
  return result;
}

std::string hash_of(const SweepText& text, const SubmitOptions& options) {
  std::string bytes = text.yaml;
  for (const auto& [key, value] : text.overrides) bytes += '\0' + key + '\0' + value;
  if (options.reuse) bytes += std::string(1, '\0') + "reuse";
  if (options.rerun) bytes += std::string(1, '\0') + "rerun";
  for (const auto& [axis, label] : options.rerun_only) bytes += '\0' + axis + '\0' + label;
  return sha256_hex(bytes);
}

std::vector<job::Metric> metrics_of(const std::vector<store::Curve>& curves) {
  std::vector<job::Metric> metrics;
  for (const store::Curve& curve : curves) {
    for (const auto& [epoch, value] : curve.values) {
      metrics.push_back({.epoch = epoch, .set = curve.set, .embeds = curve.embeds, .name = curve.name, .value = value});
    }
  }
  std::stable_sort(metrics.begin(), metrics.end(),
                   [](const job::Metric& a, const job::Metric& b) { return a.epoch < b.epoch; });
  return metrics;
}

std::vector<TrialView> completed(scheduling::LiveView& live, std::vector<store::StoredTrialView> stored) {
  live.complete(stored);
  std::vector<TrialView> views;
  for (store::StoredTrialView& trial : stored) views.push_back(std::move(trial.view));
  return views;
}

}  // namespace

SweepService::SweepService(store::JobStore& store, Clock& clock, Planner planner, scheduling::LiveView& live,
                           WatchHub& hub, Apply apply)
    : store_(store), clock_(clock), planner_(std::move(planner)), live_(live), hub_(hub), apply_(std::move(apply)) {}

Result<PlanView> SweepService::plan(const SweepText& text, const job::DataStamps& on_disk) {
  OODML_ASSIGN_OR_RETURN(job::SweepPlan plan, planner_(text));
  PlanView view{.name = plan.name, .trials = static_cast<std::int64_t>(plan.trials.size()),
                .axes = count_axes(plan.axes, plan.trials)};
  Sharing sharing(data_now(live_.workers(), on_disk));
  return store_.read([&](store::Connection& database) -> Result<PlanView> {
    std::set<std::string> fresh, met;
    for (job::PlannedTrial& trial : plan.trials) {
      const auto known = store::find_by_fingerprint(database, trial.fingerprint);
      if (!known) fresh.insert(trial.fingerprint);
      if (known && met.insert(trial.fingerprint).second) look_at_shared(database, *known, trial.spec, sharing);
      view.planned.push_back({.trial = std::move(trial),
                              .existing = known ? std::optional(known->state) : std::nullopt});
    }
    view.new_trials = static_cast<std::int64_t>(fresh.size());
    view.notes = sharing.notes(/*reuse=*/false);
    view.refusal = sharing.refusal();
    return std::move(view);
  });
}

void SweepService::submit(const SweepText& text, const std::string& request_id, const SubmitOptions& options,
                          Reply<SubmitView> reply) {
  auto planned = planner_(text);
  if (!planned) return reply(failure(std::move(planned).error()));
  const auto plan = std::make_shared<const job::SweepPlan>(*std::move(planned));
  store_.write<Submitted>(
      [plan, hash = hash_of(text, options), request_id, now = clock_.now(),
       submission = Submission{options, data_now(live_.workers(), options.on_disk)}](store::Connection& database) {
        return submission::submit(database, *plan, hash, request_id, submission, now);
      },
      [this, reply = std::move(reply)](Result<Submitted> submitted) {
        if (!submitted) return reply(failure(submitted.error()));
        apply_(submitted->situations);
        const SubmitView& view = submitted->view;
        spdlog::info("sweep submitted id={} name={} trials={} new={} rerun={}", view.sweep.value, view.name,
                     view.trials, view.new_trials, view.rerun_trials);
        reply(view);
      });
}

Result<SweepPage> SweepService::list(std::int64_t limit, std::int64_t before_sweep) {
  const std::int64_t most = limited(limit, 100, kMostSweeps);
  return store_.read([&](store::Connection& database) -> Result<SweepPage> {
    SweepPage page{.sweeps = store::read_sweep_views(database, most + 1, before_sweep)};
    if (static_cast<std::int64_t>(page.sweeps.size()) > most) {
      page.sweeps.pop_back();
      page.next_before = page.sweeps.back().id.value;
    }
    return page;
  });
}

Result<SweepDetail> SweepService::get(const SweepRef& sweep, const std::vector<job::TrialState>& states,
                                      std::int64_t limit, std::int64_t after_trial) {
  const std::int64_t most = limited(limit, 1000, kMostTrials);
  std::vector<store::StoredTrialView> trials;
  auto detail = store_.read([&](store::Connection& database) -> Result<SweepDetail> {
    OODML_ASSIGN_OR_RETURN(const SweepId id, store::find_sweep(database, sweep));
    store::SweepRow row = store::read_sweep(database, id);
    trials = store::read_trial_views(database, id, states, most + 1, after_trial);
    return SweepDetail{.sweep = store::read_sweep_view(database, id), .yaml = std::move(row.source),
                       .axes = count_axes(row.axes, store::read_members(database, id, /*with_labels=*/true))};
  });
  if (!detail) return detail;
  if (static_cast<std::int64_t>(trials.size()) > most) {
    trials.pop_back();
    detail->next_after = trials.back().view.id.value;
  }
  detail->trials = completed(live_, std::move(trials));
  return detail;
}

Result<TrialDetail> SweepService::get_trial(TrialId trial, std::int64_t events_after, std::int64_t max_events) {
  std::vector<store::StoredTrialView> stored;
  auto detail = store_.read([&](store::Connection& database) -> Result<TrialDetail> {
    auto view = store::read_trial_view(database, trial, SweepId{});
    if (!view) return not_found("no trial " + std::to_string(trial.value));
    stored.push_back(*std::move(view));
    TrialDetail detail{.spec = store::read_spec(database, trial),
                       .attempts = store::read_attempt_views(database, trial),
                       .metrics = metrics_of(store::read_curves(database, trial)),
                       .sweeps = store::sweeps_of(database, trial)};
    const std::int64_t most = std::clamp<std::int64_t>(max_events, 0, kMostEvents);
    if (most > 0) detail.events = store::read_events(database, trial, std::max<std::int64_t>(events_after, 0), most);
    return detail;
  });
  if (!detail) return detail;
  detail->trial = completed(live_, std::move(stored)).front();
  return detail;
}

void SweepService::change(SweepChange change, const SweepRef& sweep, const std::vector<TrialId>& trials,
                          const std::string& request_id, Reply<ChangeView> reply) {
  store_.write<Changed>(
      [change, sweep, trials, request_id, now = clock_.now()](store::Connection& database) {
        return submission::change(database, change, sweep, trials, request_id, now);
      },
      [this, reply = std::move(reply)](Result<Changed> changed) {
        if (!changed) return reply(failure(changed.error()));
        apply_(changed->situations);
        reply(std::move(changed->view));
      });
}

Result<ResultsTable> SweepService::results(const ResultsQuery& query) {
  return store_.read([&](store::Connection& database) { return coordinator::results::query_results(database, query); });
}

Result<std::vector<WorkerView>> SweepService::workers() { return live_.workers(); }

std::int64_t SweepService::schema_version() const { return store_.schema_version(); }

Result<std::unique_ptr<Sweeps::Subscription>> SweepService::watch(const SweepRef& sweep, TrialId trial,
                                                                  std::function<void(WatchItem)> deliver) {
  return hub_.watch(sweep, trial, std::move(deliver));
}

}  // namespace oodml::coordinator::submission
