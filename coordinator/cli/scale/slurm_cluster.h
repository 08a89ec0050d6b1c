#pragma once

#include "coordinator/cli/scale/cluster.h"

namespace oodml::cli::scale {

/// Slurm by its commands along PATH: sbatch, squeue, scancel. Jobs are known again by their name and comment.
class SlurmCluster final : public Cluster {
 public:
  /// `config` outlives it.
  explicit SlurmCluster(const ScaleConfig& config) : config_(config) {}

  Result<std::string> submit(const Profile& profile, const Submission& submission) override;
  Result<std::vector<Job>> jobs() override;
  Status cancel(const std::vector<std::string>& ids) override;

 private:
  const ScaleConfig& config_;
};

/// The command line of sbatch; the script comes by its standard input.
std::vector<std::string> sbatch_words(const ScaleConfig& config, const Profile& profile, const Submission& submission);

/// What `squeue` printed in our format; lines of jobs that are not ours are passed over.
std::vector<Job> read_squeue(const ScaleConfig& config, std::string_view text);

}  // namespace oodml::cli::scale
