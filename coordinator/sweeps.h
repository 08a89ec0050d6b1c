#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/job/lease.h"
#include "core/job/sweep_plan.h"
#include "core/job/trial_state.h"

/// What people can ask of the coordinator, in plain types: rpc/ converts to and from proto/oodml/v1/sweeps.proto,
/// whose messages these mirror field by field.
namespace oodml::coordinator {

/// The ids of a benchmark's split file, for `split: all`.
struct SplitIds {
  std::string benchmark, split_file;
  std::vector<std::string> ids;
};

struct SweepText {
  std::string yaml;
  std::string file_name;
  std::vector<std::pair<std::string, std::string>> overrides;
  std::vector<SplitIds> split_ids;  ///< That the caller knows.
};

struct AxisCount {
  std::string axis;
  std::vector<std::pair<std::string, std::int64_t>> counts;  ///< label -> trials, in the file's order
};

struct PlannedTrialView {
  job::PlannedTrial trial;
  std::optional<job::TrialState> existing;  ///< of the equal trial that is already there
};

struct PlanView {
  std::string name;
  std::int64_t trials = 0;
  std::int64_t new_trials = 0;
  std::vector<AxisCount> axes;
  std::vector<PlannedTrialView> planned;
  std::vector<std::string> notes;  ///< What a submission would do other than one may think.
  std::string refusal;             ///< With which it would be refused as it stands; empty: it would not.
};

/// How a sweep is submitted.
struct SubmitOptions {
  std::int64_t priority = 0;                                    ///< Larger goes first.
  bool rerun = false;                                           ///< Trials that were run before begin afresh.
  std::vector<std::pair<std::string, std::string>> rerun_only;  ///< Only those with these labels; empty: all.
  bool reuse = false;       ///< Share results although they were made of other data than there is now.
  job::DataStamps on_disk;  ///< What the caller's machine holds, beside what workers announce.
};

struct SubmitView {
  SweepId sweep;
  std::string name;
  std::int64_t trials = 0;
  std::int64_t new_trials = 0;
  std::int64_t rerun_trials = 0;
  std::vector<std::string> notes;  ///< For people: what will not happen, and what could not be checked.
};

struct StateCounts {
  std::int64_t queued = 0, running = 0, backoff = 0, paused = 0, succeeded = 0, failed = 0, cancelled = 0;
  friend bool operator==(const StateCounts&, const StateCounts&) = default;
};

struct SweepView {
  SweepId id;
  std::string name;
  std::string state;  ///< running, paused, finished, cancelled
  Time created{};
  std::optional<Time> finished;
  std::int64_t trials = 0;
  StateCounts counts;
  std::int64_t priority = 0;
};

/// What came of a trial on one worker whose machine could not run it, since the trial was last queued by hand.
struct MachineFaultView {
  std::string worker;
  std::int64_t times = 0;
  Time newest{};        ///< When the newest such attempt ended.
  std::string message;  ///< Of the newest.
};

struct TrialView {
  TrialId id;
  std::string fingerprint;
  std::map<std::string, std::string> labels;
  job::TrialState state = job::TrialState::kQueued;
  AttemptEpoch attempt = 0;
  std::string worker, slot;
  std::optional<Time> started, finished, not_before;
  std::string outcome, message, waiting_for;
  std::optional<job::Progress> progress;
  std::optional<job::Metric> newest_recall, best_recall;
  std::vector<MachineFaultView> failed_on;  ///< By worker.
};

struct AttemptView {
  AttemptEpoch attempt = 0;
  std::string worker, slot;
  Time started{};
  std::optional<Time> finished;
  std::string outcome, message;
  std::string device;                ///< What its process said; empty: unknown.
  job::Identity identity;            ///< What its numbers depend on.
  bool is_earlier_run = false;       ///< Before the trial began afresh: it counts no more.
  std::vector<job::Metric> results;  ///< Best values of an earlier run's success.
};

/// A sweep by id, or the newest of a name when `id` is 0.
struct SweepRef {
  SweepId id;
  std::string name;
};

struct SweepPage {
  std::vector<SweepView> sweeps;
  std::int64_t next_before = 0;
};

struct SweepDetail {
  SweepView sweep;
  std::vector<TrialView> trials;
  std::int64_t next_after = 0;
  std::string yaml;
  std::vector<AxisCount> axes;
};

struct TrialDetail {
  TrialView trial;
  job::TrialSpec spec;
  std::vector<AttemptView> attempts;
  std::vector<job::Event> events;
  std::vector<job::Metric> metrics;
  std::vector<SweepId> sweeps;
};

enum class SweepChange {
  kCancel,
  kPause,              ///< What runs stops after its step with a checkpoint.
  kPauseAfterRunning,  ///< What runs goes on to its end.
  kResume,
  kRetry
};

struct ChangeView {
  std::int64_t changed = 0;
  SweepView sweep;
};

struct ResultsQuery {
  SweepRef sweep;
  std::vector<std::string> metrics;  ///< e_recall@1, or train:dists@intra; empty: all of the test set
  std::vector<std::string> by;       ///< empty: every axis but the replicate axis
  std::vector<std::pair<std::string, std::string>> filter;
  std::string sort;
  std::string over;  ///< Axis to aggregate over: each figure becomes the area under it over the splits' FID (AGS).
  std::int64_t after_row = 0;  ///< Rows that the caller has already.
};

/// Mean, sample standard deviation and 95 % t half-width; NaN where undefined (n = 0; sd for n < 2).
struct Spread {
  std::int64_t n = 0;
  double mean = 0, sd = 0, half_width = 0;
};

struct Statistic {
  std::string metric, set;
  std::int64_t n = 0, n_expected = 0;
  Spread best, last, selected;
  double best_epoch_mean = 0;
};

struct ResultRow {
  std::vector<std::pair<std::string, std::string>> labels;
  std::int64_t n = 0, n_expected = 0;
  std::vector<Statistic> statistics;
  std::vector<std::string> mixes;  ///< Why its trials do not belong together: they were made of different data.
};

struct ResultsTable {
  SweepView sweep;
  std::vector<std::string> by;
  std::vector<ResultRow> rows;
  std::int64_t n = 0, n_expected = 0;  ///< Trials, or with `over` all that differ in its label only counted as one.
  std::string over;                    ///< As asked for.
  std::vector<std::string> notes;      ///< What the rows together are mixed of, and how many trials do not say.
  std::int64_t rows_left_out = 0;      ///< That come after these.
};

/// A place in the figures of a sweep's trials: after all of them up to this event.
struct MetricCursor {
  TrialId trial;
  AttemptEpoch attempt = 0;
  std::int64_t sequence = 0;
};

/// A page of figures, by trial, attempt and sequence.
struct MetricPage {
  std::vector<std::string> axes;                                 ///< Of the sweep; of one trial those of its labels.
  std::vector<job::Event> points;                                ///< Each with a metric.
  std::map<TrialId, std::map<std::string, std::string>> labels;  ///< Of the page's trials.
  std::optional<MetricCursor> next;                              ///< nullopt: there are no more.
};

struct WorkerView {
  job::WorkerInfo info;
  std::string state;      ///< ready, set aside, draining, left, not answering, lost
  bool connected = true;  ///< It answers: what it said of itself holds now.
  Time last_seen{};
  std::vector<TrialId> running;
};

/// What a watcher is told: a sweep whose counts changed, a trial whose state changed, an event.
using WatchItem = std::variant<SweepView, TrialView, job::Event>;

/// Called once, from any thread, after the change is durable.
template <typename T>
using Reply = std::function<void(Result<T>)>;

/// All calls are safe from any thread and return soon; those with a Reply answer later.
class Sweeps {
 public:
  virtual ~Sweeps() = default;
  /// `on_disk` as in SubmitOptions.
  virtual Result<PlanView> plan(const SweepText& text, const job::DataStamps& on_disk) = 0;
  /// kFailedPrecondition when results would be shared that were made of other data than there is now; kInvalidArgument
  /// for labels that the sweep does not have.
  virtual void submit(const SweepText& text, const std::string& request_id, const SubmitOptions& options,
                      Reply<SubmitView> reply) = 0;
  virtual Result<SweepPage> list(std::int64_t limit, std::int64_t before_sweep) = 0;
  virtual Result<SweepDetail> get(const SweepRef& sweep, const std::vector<job::TrialState>& states, std::int64_t limit,
                                  std::int64_t after_trial) = 0;
  virtual Result<TrialDetail> get_trial(TrialId trial, std::int64_t events_after, std::int64_t max_events) = 0;
  virtual void change(SweepChange change, const SweepRef& sweep, const std::vector<TrialId>& trials,
                      const std::string& request_id, Reply<ChangeView> reply) = 0;
  virtual Result<ResultsTable> results(const ResultsQuery& query) = 0;
  /// Figures of the trials' present runs: of `sweep`, or of `trial` alone when that is not 0.
  virtual Result<MetricPage> metrics(const SweepRef& sweep, TrialId trial, const MetricCursor& after) = 0;
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
