#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "coordinator/scheduling/changes.h"
#include "coordinator/service/scripts.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/store/job_store.h"
#include "coordinator/submission/arrivals.h"
#include "coordinator/submission/planner.h"
#include "coordinator/submission/sweep_changes.h"
#include "coordinator/submission/watch_hub.h"

namespace oodml::coordinator::submission {

/// What people ask: plans and changes go through the planner and the writer, views through the readers.
class SweepService final : public Sweeps {
 public:
  SweepService(store::JobStore& store, ScriptFiles& scripts, Clock& clock, Planner planner, scheduling::LiveView& live,
               WatchHub& hub, QueueChanges queue);

  Result<PlanView> plan(const SweepText& text, const job::DataStamps& on_disk) override;
  void submit(const SweepText& text, const std::string& request_id, const SubmitOptions& options,
              Reply<SubmitView> reply) override;
  Result<SweepPage> list(const SweepSelection& wanted) override;
  Result<SweepDetail> get(const TrialSelection& wanted) override;
  Result<TrialDetail> get_trial(TrialId trial, std::int64_t events_after, std::int64_t max_events) override;
  void change(SweepChange change, const ChangeSelection& wanted, Reply<ChangeView> reply) override;
  void change_settings(const SweepSettings& settings, Reply<ChangeView> reply) override;
  Result<ResultsTable> results(const ResultsQuery& query) override;
  Result<MetricPage> metrics(const MetricSelection& wanted) override;
  Result<CoursePage> courses(const CourseQuery& query) override;
  Result<std::vector<WorkerView>> workers() override;
  std::int64_t schema_version() const override;
  std::string database_file() const override;
  Result<std::unique_ptr<Subscription>> watch(const SweepRef& sweep, TrialId trial,
                                              std::function<void(WatchItem)> deliver) override;

 private:
  Result<job::SweepPlan> planned(const SweepText& text);
  /// Runs a change of trials, and hands on what it did to them.
  void commit(std::function<Result<Changed>(store::Connection&)> change, Reply<ChangeView> reply);

  store::JobStore& store_;
  ScriptFiles& scripts_;
  Clock& clock_;
  Planner planner_;
  scheduling::LiveView& live_;
  WatchHub& hub_;
  const QueueChanges queue_;
  Arrivals arrivals_;
};

}  // namespace oodml::coordinator::submission
