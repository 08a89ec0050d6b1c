#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/service/reply.h"
#include "coordinator/service/watch_item.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/job/identity.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator {

// Each stands in the header of its idea, which who calls or answers with it includes.
enum class SweepChange;
struct ChangeView;
struct CoursePage;
struct CourseQuery;
struct MetricCursor;
struct MetricPage;
struct PlanView;
struct ResultsQuery;
struct ResultsTable;
struct SubmitOptions;
struct SubmitView;
struct SweepDetail;
struct SweepPage;
struct SweepRef;
struct SweepText;
struct TrialDetail;
struct WorkerView;

/// What people can ask of the coordinator, in plain types: rpc/ converts to and from proto/oodml/v1/sweeps.proto,
/// whose messages these mirror field by field. All calls are safe from any thread and return soon; those with a Reply
/// answer later.
class Sweeps {
 public:
  virtual ~Sweeps() = default;
  /// `on_disk` as in SubmitOptions.
  virtual Result<PlanView> plan(const SweepText& text, const job::DataStamps& on_disk) = 0;
  /// kFailedPrecondition when results would be shared that were made of other data than there is now; kInvalidArgument
  /// for labels that the sweep does not have.
  virtual void submit(const SweepText& text, const std::string& request_id, const SubmitOptions& options,
                      Reply<SubmitView> reply) = 0;
  /// Newest first. Here and below a `limit` of 0 asks for the usual page, and more than the most (core/job/limits.h)
  /// for the largest. `archived`: those that are archived in place of the others.
  virtual Result<SweepPage> list(std::int64_t limit, std::int64_t before_sweep, bool archived = false) = 0;
  virtual Result<SweepDetail> get(const SweepRef& sweep, const std::vector<job::TrialState>& states, std::int64_t limit,
                                  std::int64_t after_trial) = 0;
  virtual Result<TrialDetail> get_trial(TrialId trial, std::int64_t events_after, std::int64_t max_events) = 0;
  virtual void change(SweepChange change, const SweepRef& sweep, const std::vector<TrialId>& trials,
                      const std::string& request_id, Reply<ChangeView> reply) = 0;
  virtual Result<ResultsTable> results(const ResultsQuery& query) = 0;
  /// Figures of the trials' present runs: of `sweep`, or of `trial` alone when that is not 0.
  virtual Result<MetricPage> metrics(const SweepRef& sweep, TrialId trial, const MetricCursor& after) = 0;
  virtual Result<CoursePage> courses(const CourseQuery& query) = 0;
  virtual Result<std::vector<WorkerView>> workers() = 0;
  virtual std::int64_t schema_version() const = 0;
  /// DEVICE:INODE of the database.
  virtual std::string database_file() const = 0;

  /// Starts a subscription: `deliver` gets the present state first, then changes, in order, never
  /// concurrently, until the handle is destroyed. It must return soon; what a slow reader misses it drops itself.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };
  virtual Result<std::unique_ptr<Subscription>> watch(const SweepRef& sweep, TrialId trial,
                                                      std::function<void(WatchItem)> deliver) = 0;
};

}  // namespace oodml::coordinator
