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

namespace oodml::coordinator {

// Each stands in the header of its idea, which who calls or answers with it includes.
enum class SweepChange;
struct ChangeSelection;
struct ChangeView;
struct CoursePage;
struct CourseQuery;
struct MetricPage;
struct MetricSelection;
struct PlanView;
struct ResultsQuery;
struct ResultsTable;
struct SubmitOptions;
struct SubmitView;
struct SweepDetail;
struct SweepPage;
struct SweepRef;
struct SweepSelection;
struct SweepSettings;
struct SweepText;
struct TrialDetail;
struct TrialSelection;
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
  /// for labels that the sweep does not have; kPermissionDenied for trials of others that are to be run again.
  virtual void submit(const SweepText& text, const std::string& request_id, const SubmitOptions& options,
                      Reply<SubmitView> reply) = 0;
  virtual Result<SweepPage> list(const SweepSelection& wanted) = 0;
  virtual Result<SweepDetail> get(const TrialSelection& wanted) = 0;
  virtual Result<TrialDetail> get_trial(TrialId trial, std::int64_t events_after, std::int64_t max_events) = 0;
  /// kPermissionDenied when the sweep belongs to somebody else.
  virtual void change(SweepChange change, const ChangeSelection& wanted, Reply<ChangeView> reply) = 0;
  /// Priority and limits of a sweep; its trials that wait are moved at once. `changed` counts those that are not over.
  virtual void change_settings(const SweepSettings& settings, Reply<ChangeView> reply) = 0;
  virtual Result<ResultsTable> results(const ResultsQuery& query) = 0;
  /// Figures of the trials' present runs.
  virtual Result<MetricPage> metrics(const MetricSelection& wanted) = 0;
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
