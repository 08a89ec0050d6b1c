#include "coordinator/cli/scale/kubernetes/kubernetes_cluster.h"

#include "coordinator/cli/scale/kubernetes/worker_job.h"

namespace oodml::cli::scale {
namespace {

using nlohmann::json;

constexpr const char* kBatch = "batch/v1";

KubeApi::Query of_scaler(const ScaleConfig& config) {
  return {{"labelSelector", std::string(kScalerLabel) + "=" + config.name}};
}

}  // namespace

KubernetesCluster::~KubernetesCluster() {
  api_.stop_watching();
  if (watcher_.joinable()) watcher_.join();
}

Result<std::string> KubernetesCluster::submit(const Profile& profile, const Submission& submission) {
  std::string first;
  for (std::int64_t i = 0; i < submission.workers; ++i) {
    const auto made = api_.create(kBatch, "jobs", worker_job(config_, profile, submission.tag, i));
    // What is there already was made by a call whose answer was lost.
    if (!made && made.error().code() != StatusCode::kAlreadyExists) return failure(made.error());
    if (first.empty()) first = worker_job_name(config_, profile, submission.tag, i);
  }
  return first;
}

Result<std::vector<Job>> KubernetesCluster::jobs() {
  changed_ = false;
  OODML_ASSIGN_OR_RETURN(const json jobs, api_.get(kBatch, "jobs", of_scaler(config_)));
  OODML_ASSIGN_OR_RETURN(const json pods, api_.get("v1", "pods", of_scaler(config_)));
  return read_jobs(config_, jobs, pods);
}

Status KubernetesCluster::cancel(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    const auto job = api_.get(kBatch, "jobs/" + id, {});
    if (!job && job.error().code() == StatusCode::kNotFound) continue;
    if (!job) return job.error();
    if (job->value("/status/ready"_json_pointer, 0) > 0) continue;
    const auto removed = api_.remove(
        kBatch, "jobs/" + id,
        {{"apiVersion", "v1"},
         {"kind", "DeleteOptions"},
         {"propagationPolicy", "Background"},
         {"preconditions", {{"resourceVersion", job->value("/metadata/resourceVersion"_json_pointer, "")}}}});
    const bool is_gone_or_changed =
        !removed && (removed.error().code() == StatusCode::kNotFound || removed.error().code() == StatusCode::kAborted);
    if (!removed && !is_gone_or_changed) return removed.error();
  }
  return {};
}

void KubernetesCluster::start_watching() {
  if (!watcher_.joinable()) watcher_ = std::thread([this] { watch(); });
}

void KubernetesCluster::watch() {
  while (!api_.stopped()) {
    auto query = of_scaler(config_);
    // Without a version the stream begins with all jobs there are: they say nothing new.
    const auto now = api_.get(kBatch, "jobs", query);
    if (now) {
      query.emplace("resourceVersion", now->value("/metadata/resourceVersion"_json_pointer, ""));
      (void)api_.watch(kBatch, "jobs", query, [this](const json&) { return changed_ = true; });
    }
    for (int i = 0; i < 20 && !api_.stopped() && !now; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace oodml::cli::scale
