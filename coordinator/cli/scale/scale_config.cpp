#include "coordinator/cli/scale/scale_config.h"

#include <algorithm>
#include <set>

#include "coordinator/cli/scale/batch_script.h"
#include "coordinator/cli/scale/fields.h"
#include "coordinator/cli/scale/kubernetes/worker_job.h"
#include "core/base/atomic_file.h"
#include "core/sweep/yaml_reader.h"

namespace oodml::cli::scale {
namespace {

namespace fs = std::filesystem;
using sweep::Diagnostics;
using sweep::Node;

constexpr std::size_t kMaxConfigBytes = 1 << 20, kMostOfObjectName = 22, kMaxErrors = 20;
constexpr std::int64_t kMaxWorkers = 10'000;

/// Options that we say ourselves, and without which we would not know our jobs again.
void check_sbatch(Fields& fields, const Profile& profile) {
  for (const std::string& option : profile.sbatch) {
    const std::string name = option.substr(0, option.find('='));
    if (!option.starts_with("--") || option.size() < 3) {
      fields.error("sbatch", sweep::in_quotes(option) + "; options of one word wanted, as in --constraint=a100");
    } else if (std::set<std::string>{"--job-name", "--comment", "--array", "--parsable", "--wrap", "--clusters"}
                   .contains(name)) {
      fields.error("sbatch", name + " is said by oodml itself");
    }
  }
}

fs::path from_folder_of(const fs::path& file, const std::string& text) {
  std::error_code error;
  return text.empty() ? fs::path() : fs::absolute(file.parent_path() / text, error).lexically_normal();
}

void read_slurm_keys(Fields& fields, Profile& profile) {
  fields.text("partition", profile.partition);
  fields.text("account", profile.account);
  fields.text("qos", profile.qos);
  fields.text("gres", profile.gres);
  fields.text("memory", profile.memory);
  fields.number("cpus", profile.cpus, 1, 4096);
  fields.duration("time", profile.time, std::chrono::minutes(1));
  fields.texts("sbatch", profile.sbatch);
  check_sbatch(fields, profile);
  fields.flag("preemptible", profile.preemptible);
  fields.flag("array", profile.array);
}

/// Part of the names of objects: as Kubernetes takes them.
void check_object_name(Fields& fields, const std::string& name) {
  const bool fits = name.size() <= kMostOfObjectName && !name.ends_with('-') &&
                    name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!fits) {
    fields.error("name", sweep::in_quotes(name) + "; for Kubernetes at most 22 lower-case letters, digits and -");
  }
}

/// The Job that `manifest` names.
void read_kubernetes_keys(Fields& fields, Profile& profile, const fs::path& file) {
  check_object_name(fields, profile.name);
  std::string manifest;
  fields.text("manifest", manifest);
  fields.require("manifest", !manifest.empty());
  if (manifest.empty()) return;
  const fs::path path = from_folder_of(file, manifest);
  const auto text = read_file(path, kMaxConfigBytes);
  if (!text) return fields.error("manifest", text.error().message());
  Diagnostics within(path.string(), kMaxErrors);
  const auto root = sweep::read_yaml(*text, kMaxConfigBytes, within);
  const nlohmann::json job = root ? read_job_manifest(*root, within) : nlohmann::json();
  if (within.any()) {
    fields.error("manifest", Result<int>(within.failure()).error().message());
  } else {
    profile.job_manifest = job.dump();
  }
}

Profile read_profile(const Node& node, const fs::path& file, Scheduler scheduler, Diagnostics& diagnostics) {
  Profile profile;
  Fields fields(node, diagnostics);
  fields.name("name", profile.name);
  fields.require("name", !profile.name.empty() || node.find("name") != nullptr);
  if (scheduler == Scheduler::kSlurm) {
    read_slurm_keys(fields, profile);
  } else {
    read_kubernetes_keys(fields, profile, file);
  }
  fields.number("slots", profile.slots, 1, 1024);
  fields.number("gpus_per_slot", profile.gpus, 0, 64);
  fields.number("gpu_memory_mib", profile.gpu_memory_mib, 0, 1 << 30);
  fields.texts("benchmarks", profile.benchmarks);
  fields.texts("programs", profile.programs);
  fields.flag("scripts", profile.scripts);
  fields.number("min_workers", profile.min_workers, 0, kMaxWorkers);
  profile.max_workers = std::max<std::int64_t>(profile.min_workers, 1);
  fields.number("max_workers", profile.max_workers, std::max<std::int64_t>(profile.min_workers, 1), kMaxWorkers);
  profile.trials_per_worker = profile.slots;
  fields.number("trials_per_worker", profile.trials_per_worker, profile.slots, 1'000'000);
  fields.duration("cooldown", profile.cooldown, Duration(0));
  fields.refuse_others();
  return profile;
}

void read_profiles(const Node* list, const fs::path& file, Scheduler scheduler, ScaleConfig& config,
                   Diagnostics& diagnostics) {
  if (list == nullptr) return;
  std::set<std::string> names;
  for (const Node& item : list->items) {
    if (!item.is_map()) {
      diagnostics.error(item.place, "profiles: a map wanted, not " + sweep::shown(item));
      continue;
    }
    config.profiles.push_back(read_profile(item, file, scheduler, diagnostics));
    const std::string& name = config.profiles.back().name;
    if (!names.insert(name).second) diagnostics.error(item.place, "a second profile " + sweep::in_quotes(name));
  }
}

/// How Slurm's jobs are made.
void read_slurm_job(Fields& fields, const fs::path& file, ScaleConfig& config) {
  std::string folder, script;
  fields.text("folder", folder);
  fields.require("folder", !folder.empty());
  fields.text("worker", config.worker);
  fields.text("template", script);
  config.folder = from_folder_of(file, folder);
  config.script_template = kDefaultScript;
  if (script.empty()) return;
  const auto text = read_file(from_folder_of(file, script), kMaxConfigBytes);
  const Status usable = text ? check_template(*text) : text.error();
  if (!usable.ok()) fields.error("template", usable.message());
  if (text) config.script_template = *text;
}

/// Where Kubernetes is; nothing of it in a pod.
void read_api_server(Fields& fields, const fs::path& file, ScaleConfig& config, Diagnostics& diagnostics) {
  check_object_name(fields, config.name);
  const Node* node = fields.find("kubernetes");
  if (node == nullptr) return;
  if (!node->is_map()) return fields.error("kubernetes", "server, ca, token_file and namespace wanted");
  Fields server(*node, diagnostics);
  std::string ca, token_file;
  server.text("server", config.kubernetes.server);
  server.text("ca", ca);
  server.text("token_file", token_file);
  server.name("namespace", config.kubernetes.name_space);
  server.refuse_others();
  config.kubernetes.ca = from_folder_of(file, ca);
  config.kubernetes.token_file = from_folder_of(file, token_file);
}

}  // namespace

Result<ScaleConfig> parse_scale_config(std::string_view yaml, const fs::path& file, Scheduler scheduler) {
  Diagnostics diagnostics(file.string(), kMaxErrors);
  const auto root = sweep::read_yaml(yaml, kMaxConfigBytes, diagnostics);
  if (!root) return diagnostics.failure();
  ScaleConfig config;
  Fields fields(*root, diagnostics);
  fields.name("name", config.name);
  if (scheduler == Scheduler::kSlurm) {
    read_slurm_job(fields, file, config);
  } else {
    read_api_server(fields, file, config, diagnostics);
  }
  fields.texts("worker_args", config.worker_arguments);
  fields.duration("idle", config.idle, std::chrono::seconds(1));
  fields.duration("interval", config.interval, std::chrono::seconds(1));
  fields.duration("command_timeout", config.command_timeout, std::chrono::seconds(1));
  const Node* profiles = fields.find("profiles");
  fields.require("profiles", profiles != nullptr && profiles->is_list() && !profiles->items.empty());
  fields.refuse_others();
  read_profiles(profiles, file, scheduler, config, diagnostics);
  if (diagnostics.any()) return diagnostics.failure();
  return config;
}

Result<ScaleConfig> read_scale_config(const fs::path& file, Scheduler scheduler) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(file, kMaxConfigBytes));
  return parse_scale_config(text, file, scheduler);
}

std::string job_name(const ScaleConfig& config, const Profile& profile) { return config.name + "-" + profile.name; }

}  // namespace oodml::cli::scale
