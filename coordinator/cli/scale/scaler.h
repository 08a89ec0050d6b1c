#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/cli/scale/cluster.h"
#include "coordinator/cli/scale/scale_plan.h"
#include "coordinator/cli/scale/scale_state.h"

namespace oodml::cli::scale {

/// What the coordinator says: trials that wait, and names of workers that are there.
struct Backlog {
  std::vector<Waiting> waiting;
  std::set<std::string> workers;
};

/// Starts and stops workers as there is work: each look compares the coordinator's backlog with the cluster's jobs.
class Scaler {
 public:
  using AskBacklog = std::function<Result<Backlog>()>;
  /// What it does, one line each, for people.
  using Say = std::function<void(const std::string& line)>;

  /// All outlive it.
  Scaler(const ScaleConfig& config, Cluster& cluster, AskBacklog backlog, const Clock& clock, Say say)
      : config_(config), cluster_(cluster), backlog_(std::move(backlog)), clock_(clock), say_(std::move(say)) {}

  /// One look, with the state in `file`, which is written before and after each submission: whatever is lost, the next
  /// look finds out. Troubles of the cluster and the coordinator are noted in the state, said, and tried again later;
  /// what fails here is the file. Of a dry run nothing comes but words.
  Status look(const StateFile& file, bool dry_run);
  /// What was found wrong in the last look; empty: nothing.
  const std::string& trouble() const { return trouble_; }

 private:
  Status act(const StateFile& file, ScaleState& state, const std::vector<Job>& jobs, const Backlog& backlog,
             bool dry_run);
  Status submit(const StateFile& file, ScaleState& state, const Profile& profile, std::int64_t workers, bool dry_run);
  Status submit_once(const StateFile& file, ScaleState& state, const Profile& profile, std::int64_t workers);
  void cancel(ScaleState& state, const Profile& profile, const std::vector<std::string>& ids, bool dry_run);
  void complain(Trouble& trouble, const std::string& what);
  Duration doubt() const;

  const ScaleConfig& config_;
  Cluster& cluster_;
  const AskBacklog backlog_;
  const Clock& clock_;
  const Say say_;
  std::string trouble_;
};

}  // namespace oodml::cli::scale
