#include "coordinator/submission/sweep_service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "coordinator/results/courses_query.h"
#include "coordinator/results/results_query.h"
#include "coordinator/results/trial_selector.h"
#include "coordinator/service/course_page.h"
#include "coordinator/service/metric_page.h"
#include "coordinator/service/reply.h"
#include "coordinator/service/results.h"
#include "coordinator/service/selections.h"
#include "coordinator/service/submission.h"
#include "coordinator/service/sweep_change.h"
#include "coordinator/service/sweep_detail.h"
#include "coordinator/service/sweep_text.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "coordinator/service/watch_item.h"
#include "coordinator/service/worker_view.h"
#include "coordinator/store/event_table.h"
#include "coordinator/store/kind_table.h"
#include "coordinator/store/point_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"
#include "coordinator/submission/arrival_changes.h"
#include "coordinator/submission/estimate.h"
#include "coordinator/submission/program_fit.h"
#include "coordinator/submission/runnable.h"
#include "coordinator/submission/script_fit.h"
#include "coordinator/submission/sweep_changes.h"
#include "coordinator/submission/sweep_settings_change.h"
#include "core/base/file_id.h"
#include "core/base/sha256.h"
#include "core/job/limits.h"
#include "core/splits/split_file_name.h"

namespace oodml::coordinator::submission {
namespace {

constexpr std::int64_t kTrialsOfPage = 1000;

std::int64_t limited(std::int64_t asked, std::int64_t usual, std::int64_t most) {
  return asked <= 0 ? usual : std::min(asked, most);
}

/// The ids of each benchmark's split file, of all workers together, in the order in which they say them.
std::vector<SplitIds> announced_ids(const std::vector<WorkerView>& workers) {
  std::map<std::string, SplitIds> known;
  for (const WorkerView& worker : workers) {
    if (worker.state == "lost") continue;
    for (const job::BenchmarkOnDisk& benchmark : worker.info.benchmarks) {
      if (benchmark.split_ids.empty()) continue;
      SplitIds& split =
          known.try_emplace(benchmark.name, SplitIds{benchmark.name, splits::kUsualSplitFile, {}}).first->second;
      std::set<std::string> had(split.ids.begin(), split.ids.end());
      std::ranges::copy_if(benchmark.split_ids, std::back_inserter(split.ids),
                           [&](const std::string& id) { return had.insert(id).second; });
    }
  }
  std::vector<SplitIds> list;
  for (auto& [name, split] : known) list.push_back(std::move(split));
  return list;
}

/// Adds figures of one trial after `after` until the page is full; then the page has its `next`.
void add_metrics(store::Connection& database, const store::LabelledTrial& trial, const MetricCursor& after,
                 MetricPage& page) {
  const bool goes_on = after.trial == trial.trial;
  const std::int64_t room = job::kMetricsOfPage - std::ssize(page.points);
  std::vector<job::Event> points =
      store::read_metrics(database, trial.trial, goes_on ? after.attempt : 0, goes_on ? after.sequence : 0, room);
  if (points.empty()) return;
  if (std::ssize(points) == room) page.next = {trial.trial, points.back().attempt, points.back().sequence};
  page.labels.emplace(trial.trial, trial.labels);
  std::ranges::move(points, std::back_inserter(page.points));
}

Result<MetricPage> metrics_of_trial(store::Connection& database, TrialId trial, const MetricCursor& after) {
  const auto view = store::read_trial_view(database, trial, SweepId{});
  if (!view) return store::no_trial(database, trial);
  MetricPage page;
  for (const auto& [axis, label] : view->view.labels) page.axes.push_back(axis);
  add_metrics(database, {.trial = trial, .labels = view->view.labels}, after, page);
  return page;
}

Result<MetricPage> metrics_of_sweep(store::Connection& database, const MetricSelection& wanted) {
  OODML_ASSIGN_OR_RETURN(const SweepId id, store::find_sweep(database, wanted.sweep));
  const store::SweepRow row = store::read_sweep(database, id);
  OODML_ASSIGN_OR_RETURN(const results::Filter filter, results::select_trials(row.axes, row.name, wanted.where));
  MetricPage page;
  for (const job::Axis& axis : row.axes) page.axes.push_back(axis.name);
  const std::vector<store::LabelledTrial> trials =
      store::read_labels(database, id, filter, wanted.after.trial, kTrialsOfPage);
  for (const store::LabelledTrial& trial : trials) {
    add_metrics(database, trial, wanted.after, page);
    if (page.next) return page;
  }
  constexpr AttemptEpoch kAllAttempts = std::numeric_limits<AttemptEpoch>::max();
  if (std::ssize(trials) == kTrialsOfPage) page.next = {trials.back().trial, kAllAttempts, 0};
  return page;
}

std::string hash_of(const SweepText& text, const SubmitOptions& options) {
  std::string bytes = text.yaml;
  for (const auto& [key, value] : text.overrides) bytes += '\0' + key + '\0' + value;
  if (options.reuse) bytes += std::string(1, '\0') + "reuse";
  if (options.rerun) bytes += std::string(1, '\0') + "rerun";
  for (const SplitIds& split : text.split_ids) {
    bytes += '\0' + split.benchmark + '\0' + split.split_file;
    for (const std::string& id : split.ids) bytes += '\0' + id;
  }
  for (const ScriptOfSweep& script : text.scripts) bytes += '\0' + script.file + '\0' + script.sha256;
  if (text.scripts_on_workers) bytes += std::string(1, '\0') + "scripts on workers";
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

SweepService::SweepService(store::JobStore& store, ScriptFiles& scripts, Clock& clock, Planner planner,
                           scheduling::LiveView& live, WatchHub& hub, QueueChanges queue)
    : store_(store),
      scripts_(scripts),
      clock_(clock),
      planner_(std::move(planner)),
      live_(live),
      hub_(hub),
      queue_(std::move(queue)),
      arrivals_(store, queue_) {}

/// The plan, with what workers announce of split ids in the place of what the caller knows of the same files.
Result<job::SweepPlan> SweepService::planned(const SweepText& text) {
  std::vector<SplitIds> announced = announced_ids(live_.workers());
  if (announced.empty()) return planner_(text);
  SweepText whole = text;
  whole.split_ids.insert(whole.split_ids.begin(), std::make_move_iterator(announced.begin()),
                         std::make_move_iterator(announced.end()));
  return planner_(whole);
}

Result<PlanView> SweepService::plan(const SweepText& text, const job::DataStamps& on_disk) {
  OODML_ASSIGN_OR_RETURN(job::SweepPlan plan, planned(text));
  PlanView view{
      .name = plan.name, .trials = static_cast<std::int64_t>(plan.trials.size()), .axes = job::count_by_axis(plan)};
  const std::vector<WorkerView> workers = live_.workers();
  OODML_RETURN_IF_ERROR(check_programs(plan, workers));
  const std::vector<std::string> waiting = not_runnable(workers, plan);
  Reuse reuse(data_now(workers, on_disk));
  return store_.read([&](store::Connection& database) -> Result<PlanView> {
    std::set<std::string> fresh, met;
    store::Work work;
    for (job::PlannedTrial& trial : plan.trials) {
      const auto known = store::find_by_fingerprint(database, trial.fingerprint);
      if (!known && fresh.insert(trial.fingerprint).second) store::add_trial(trial.spec, work);
      if (known && met.insert(trial.fingerprint).second) look_at_shared(database, *known, trial.spec, reuse);
      view.planned.push_back(
          {.trial = std::move(trial), .existing = known ? std::optional(known->state) : std::nullopt});
    }
    view.new_trials = static_cast<std::int64_t>(fresh.size());
    view.notes = reuse.notes(/*accepted=*/false);
    view.notes.insert(view.notes.end(), waiting.begin(), waiting.end());
    view.refusal = reuse.refusal();
    view.estimate = estimate(database, work, workers);
    return std::move(view);
  });
}

void SweepService::submit(const SweepText& text, const std::string& request_id, const SubmitOptions& options,
                          Reply<SubmitView> reply) {
  auto expanded = planned(text);
  if (!expanded) return reply(failure(std::move(expanded).error()));
  auto plan = std::make_shared<job::SweepPlan>(*std::move(expanded));
  const std::vector<WorkerView> workers = live_.workers();
  if (Status fits = check_programs(*plan, workers); !fits.ok()) return reply(failure(std::move(fits)));
  auto sizes = check_scripts(*plan, text, options, scripts_);
  if (!sizes) return reply(failure(std::move(sizes).error()));
  auto draft = std::make_shared<const Draft>(
      plan, hash_of(text, options), request_id,
      Submission{options, data_now(workers, options.on_disk), not_runnable(workers, *plan), *std::move(sizes)},
      clock_.now());
  arrivals_.submit(std::move(draft), [this, reply = std::move(reply)](Result<Submitted> submitted) {
    if (!submitted) return reply(failure(submitted.error()));
    const SubmitView& view = submitted->view;
    spdlog::info("sweep submitted id={} name={} trials={} new={} rerun={}", view.sweep.value, view.name, view.trials,
                 view.new_trials, view.rerun_trials);
    reply(view);
  });
}

Result<SweepPage> SweepService::list(const SweepSelection& wanted) {
  const std::int64_t most = limited(wanted.limit, job::kUsualSweeps, job::kMostSweeps);
  return store_.read([&](store::Connection& database) -> Result<SweepPage> {
    SweepPage page{.sweeps = store::read_sweep_views(database, most + 1, wanted.before, wanted.owner, wanted.archived)};
    if (static_cast<std::int64_t>(page.sweeps.size()) > most) {
      page.sweeps.pop_back();
      page.next_before = page.sweeps.back().id.value;
    }
    return page;
  });
}

Result<SweepDetail> SweepService::get(const TrialSelection& wanted) {
  const std::int64_t most = limited(wanted.limit, job::kUsualTrials, job::kMostTrials);
  std::vector<store::StoredTrialView> trials;
  const bool is_first_page = wanted.after_trial == 0;
  const std::vector<WorkerView> workers = is_first_page ? live_.workers() : std::vector<WorkerView>();
  auto detail = store_.read([&](store::Connection& database) -> Result<SweepDetail> {
    OODML_ASSIGN_OR_RETURN(const SweepId id, store::find_sweep(database, wanted.sweep));
    store::SweepRow row = store::read_sweep(database, id);
    OODML_ASSIGN_OR_RETURN(const results::Filter filter, results::select_trials(row.axes, row.name, wanted.where));
    trials = store::read_trial_views(database, id, {wanted.states, filter}, most + 1, wanted.after_trial);
    return SweepDetail{
        .sweep = store::read_sweep_view(database, id),
        .yaml = is_first_page ? std::move(row.source) : "",
        .axes = is_first_page ? std::move(row.counts) : std::vector<job::AxisCount>(),
        .estimate = is_first_page ? estimate(database, store::open_work(database, id), workers) : Estimate()};
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
    if (!view) return store::no_trial(database, trial);
    stored.push_back(*std::move(view));
    TrialDetail detail{.spec = store::read_spec(database, trial),
                       .attempts = store::read_attempt_views(database, trial),
                       .metrics = metrics_of(store::read_curves(database, trial)),
                       .sweeps = store::sweeps_of(database, trial)};
    detail.thinning = store::thinning_of(database, trial);
    const std::int64_t most = std::clamp<std::int64_t>(max_events, 0, job::kMostEvents);
    if (most > 0) detail.events = store::read_events(database, trial, std::max<std::int64_t>(events_after, 0), most);
    return detail;
  });
  if (!detail) return detail;
  detail->trial = completed(live_, std::move(stored)).front();
  return detail;
}

void SweepService::change(SweepChange change, const ChangeSelection& wanted, Reply<ChangeView> reply) {
  commit([change, wanted, now = clock_.now()](
             store::Connection& database) { return submission::change(database, change, wanted, now); },
         std::move(reply));
}

void SweepService::change_settings(const SweepSettings& settings, Reply<ChangeView> reply) {
  commit([settings, now = clock_.now()](
             store::Connection& database) { return submission::change_settings(database, settings, now); },
         std::move(reply));
}

void SweepService::commit(std::function<Result<Changed>(store::Connection&)> change, Reply<ChangeView> reply) {
  store_.write<Changed>(std::move(change), [this, reply = std::move(reply)](Result<Changed> changed) {
    if (!changed) return reply(failure(changed.error()));
    queue_.apply(changed->situations);
    reply(std::move(changed->view));
  });
}

Result<ResultsTable> SweepService::results(const ResultsQuery& query) {
  return store_.read([&](store::Connection& database) { return coordinator::results::query_results(database, query); });
}

Result<MetricPage> SweepService::metrics(const MetricSelection& wanted) {
  return store_.read([&](store::Connection& database) {
    return wanted.trial.value != 0 ? metrics_of_trial(database, wanted.trial, wanted.after)
                                   : metrics_of_sweep(database, wanted);
  });
}

Result<CoursePage> SweepService::courses(const CourseQuery& query) {
  return store_.read([&](store::Connection& database) { return coordinator::results::query_courses(database, query); });
}

Result<std::vector<WorkerView>> SweepService::workers() { return live_.workers(); }

std::int64_t SweepService::schema_version() const { return store_.schema_version(); }

std::string SweepService::database_file() const { return file_id(store_.path()); }

Result<std::unique_ptr<Sweeps::Subscription>> SweepService::watch(const SweepRef& sweep, TrialId trial,
                                                                  std::function<void(WatchItem)> deliver) {
  return hub_.watch(sweep, trial, std::move(deliver));
}

}  // namespace oodml::coordinator::submission
