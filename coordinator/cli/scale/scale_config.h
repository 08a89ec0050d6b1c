#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/cli/scale/kubernetes/kube_access.h"
#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::cli::scale {

/// Who starts the workers.
enum class Scheduler { kSlurm, kKubernetes };

/// One kind of job that becomes a worker, and what such a worker can run.
struct Profile {
  std::string name;  ///< Letters, digits, - and _; at most 32.

  // What Slurm is asked for; empty: not said.
  std::string partition, account, qos, gres, memory;
  std::int64_t cpus = 0;            ///< Of a job; 0: not said.
  Duration time{};                  ///< Of a job; 0: not said, and the worker does not know its end by us.
  std::vector<std::string> sbatch;  ///< Further options, each one word: --constraint=a100
  bool preemptible = false;         ///< The cluster may take a job back: then it waits again by itself.
  bool array = false;               ///< Jobs of one submission are one array.

  std::string job_manifest;  ///< Kubernetes: the Job of a worker, as JSON (kubernetes/worker_job.h).

  // What a worker of it can run.
  std::int64_t slots = 1;               ///< Trials at once.
  std::int64_t gpus = 0;                ///< Of each slot; 0: it runs on CPUs.
  std::int64_t gpu_memory_mib = 0;      ///< Of each GPU; 0: enough for any trial.
  std::vector<std::string> benchmarks;  ///< On its disk; empty: all.
  std::vector<std::string> programs;    ///< That it announces.
  bool scripts = false;                 ///< Its workers have --allow-scripts: they run people's own code.

  // How many.
  std::int64_t min_workers = 0, max_workers = 1;
  std::int64_t trials_per_worker = 1;  ///< Waiting trials that make one more worker worth it; at least `slots`.
  Duration cooldown = std::chrono::seconds(30);  ///< After a submission, before the next one or a cancellation.
};

struct ScaleConfig {
  std::string name = "oodml";           ///< Jobs are called NAME-PROFILE; another scaler of this user has another.
  std::filesystem::path folder;         ///< Absolute, seen by all nodes: state and output of each job.
  std::string worker = "oodml-worker";  ///< As the nodes find it.
  std::vector<std::string> worker_arguments;  ///< On top of what the profile says.
  Duration idle = std::chrono::minutes(5);    ///< After which a worker without work ends.
  Duration interval = std::chrono::seconds(15);
  Duration command_timeout = std::chrono::seconds(30);  ///< Of sbatch, squeue and scancel.
  std::string script_template;                          ///< batch_script.h
  KubeSettings kubernetes;                              ///< Where its API server is.
  std::vector<Profile> profiles;                        ///< The first that can serve a trial goes first.
};

/// What a scaler's configuration says; `file` is for messages, and relative paths in it start at its folder. The file
/// that `template:` names is read. kInvalidArgument: everything that is wrong with it, each with its line.
Result<ScaleConfig> parse_scale_config(std::string_view yaml, const std::filesystem::path& file,
                                       Scheduler scheduler = Scheduler::kSlurm);
Result<ScaleConfig> read_scale_config(const std::filesystem::path& file, Scheduler scheduler = Scheduler::kSlurm);

/// NAME-PROFILE, the name of its jobs.
std::string job_name(const ScaleConfig& config, const Profile& profile);

}  // namespace oodml::cli::scale
