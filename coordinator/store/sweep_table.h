#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/service/sweep_views.h"
#include "coordinator/store/label_condition.h"
#include "coordinator/store/sqlite.h"
#include "coordinator/store/trial_table.h"
#include "core/base/result.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::store {

/// A metric of a set as sweeps and tables name it.
struct MetricKey {
  std::string set;   ///< test, train, val
  std::string name;  ///< e_recall@1; NAME/EMBEDS for embeddings other than the usual `embeds`
  friend auto operator<=>(const MetricKey&, const MetricKey&) = default;
};

/// What a sweep is, apart from its trials.
struct SweepRow {
  SweepId id;
  std::string name;
  std::string source;
  std::vector<job::Axis> axes;
  std::vector<job::AxisCount> counts;  ///< The axes again, with how many trials stand at each label.
  std::string replicate_axis;
  std::vector<MetricKey> metrics;  ///< what its trials measure, in the order in which they say so
};

/// Columns of a new sweep that take a walk over all its trials: made before the transaction.
struct SweepTexts {
  std::string axes, metrics;
};
SweepTexts texts_of(const job::SweepPlan& plan);
/// The row of a new sweep; its trials follow with insert_member.
SweepId insert_sweep(Connection& database, const job::SweepPlan& plan, const SweepTexts& texts, std::int64_t priority,
                     const std::string& owner, Time now);
void insert_member(Connection& database, SweepId sweep, std::int64_t position, TrialId trial,
                   const std::map<std::string, std::string>& labels);
/// What is nullopt stays.
void set_settings(Connection& database, SweepId sweep, std::optional<std::int64_t> priority,
                  std::optional<std::int64_t> max_parallel, std::optional<std::int64_t> max_failures);
void set_cancelled(Connection& database, SweepId sweep, std::optional<Time> at);

/// By name, the newest one. kNotFound names what was asked for, and what may have been meant.
Result<SweepId> find_sweep(Connection& database, const SweepRef& ref);
/// kFailedPrecondition: it is archived.
Status check_not_archived(Connection& database, SweepId sweep);
SweepRow read_sweep(Connection& database, SweepId sweep);

/// A trial as a member of one sweep.
struct Member {
  TrialId trial;
  job::TrialState state = job::TrialState::kQueued;
  Wish wish = Wish::kRun;                     ///< of this sweep
  bool lets_run = false;                      ///< with kPause: an attempt under way may end by itself
  std::map<std::string, std::string> labels;  ///< only when asked for
};
/// In the sweep's order; a trial that two cells of the matrix share comes twice.
std::vector<Member> read_members(Connection& database, SweepId sweep, bool with_labels);
/// The sweep's trials, each once, by id.
std::vector<TrialId> trials_of(Connection& database, SweepId sweep);
void set_wish(Connection& database, SweepId sweep, TrialId trial, Wish wish, bool lets_run = false);
/// A sweep's trial with its labels there, by its first cell in the matrix.
struct LabelledTrial {
  TrialId trial;
  std::map<std::string, std::string> labels;
};
/// By id, from `first` on, those with the wanted labels; they are those of the first such cell.
std::vector<LabelledTrial> read_labels(Connection& database, SweepId sweep, const WantedLabels& wanted, TrialId first,
                                       std::int64_t limit);
std::vector<SweepId> sweeps_of(Connection& database, TrialId trial);

}  // namespace oodml::coordinator::store
