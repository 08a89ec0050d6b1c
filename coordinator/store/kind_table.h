#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "core/base/ids.h"
#include "core/job/trial_spec.h"

namespace oodml::coordinator::store {

/// What decides how long a trial takes: trials of one kind are alike.
struct Kind {
  std::string network;     ///< What a step costs, in words: "resnet50, batch 112, crop 224".
  std::string data;        ///< How long an epoch is: the benchmark and what takes images away.
  std::int64_t batch = 0;  ///< Images of a step.
  friend auto operator<=>(const Kind&, const Kind&) = default;
};

Kind kind_of(const job::TrialSpec& spec);
/// Epochs to train; 0 for an untrained network, which is only evaluated.
std::int64_t epochs_of(const job::TrialSpec& spec);

/// Notes the kind of a trial that is new, or whose specification is.
void set_kind(Connection& database, TrialId trial, const job::TrialSpec& spec);
/// Migration 10: the kinds of trials that are there, from their specifications.
void fill_kinds(Connection& database);

/// Trials of a kind that are still to be run.
struct KindWork {
  std::int64_t trials = 0;
  std::int64_t epochs = 0;       ///< Of all of them together; of an untrained network one.
  std::int64_t longest = 0;      ///< Of one of them.
  std::int64_t checkpoints = 0;  ///< That all of them keep at once.
};
using Work = std::map<Kind, KindWork>;

/// Adds a trial that has not begun.
void add_trial(const job::TrialSpec& spec, Work& work);
/// Of the sweep's trials that are not over; of those under way what they have not trained yet. How many checkpoints are
/// kept is taken from one trial of each kind.
Work open_work(Connection& database, SweepId sweep);

/// Notes how large a checkpoint is that a trial of the kind has uploaded.
void set_checkpoint_bytes(Connection& database, TrialId trial, std::int64_t bytes);
/// Of one checkpoint of this network, on whatever data; 0: none was uploaded yet.
std::int64_t checkpoint_bytes(Connection& database, const std::string& network);

}  // namespace oodml::coordinator::store
