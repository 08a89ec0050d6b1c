#pragma once

#include <atomic>
#include <thread>

#include "coordinator/cli/scale/cluster.h"
#include "coordinator/cli/scale/kubernetes/kube_api.h"

namespace oodml::cli::scale {

/// Kubernetes through its API server: a Job a worker, known again by its labels.
class KubernetesCluster final : public Cluster {
 public:
  /// `config` outlives it.
  KubernetesCluster(const ScaleConfig& config, KubeAccess access) : config_(config), api_(std::move(access)) {}
  ~KubernetesCluster() override;

  Result<std::string> submit(const Profile& profile, const Submission& submission) override;
  Result<std::vector<Job>> jobs() override;
  /// A Job whose pod has begun meanwhile stays: its version is part of what is asked.
  Status cancel(const std::vector<std::string>& ids) override;

  /// From now on jobs are watched, from where the last jobs() left off, so that changed() tells of them at once.
  void start_watching();
  /// Whether a job changed since the last jobs(). A watch that fails is begun anew; looks find out in any case.
  bool changed() const { return changed_; }

 private:
  void watch();

  const ScaleConfig& config_;
  KubeApi api_;
  std::atomic<bool> changed_ = false;
  std::thread watcher_;
};

/// The jobs in a list of Jobs, with the reasons that a list of their pods tells. What is not ours, or damaged, is
/// passed over.
std::vector<Job> read_jobs(const ScaleConfig& config, const nlohmann::json& jobs, const nlohmann::json& pods);

}  // namespace oodml::cli::scale
