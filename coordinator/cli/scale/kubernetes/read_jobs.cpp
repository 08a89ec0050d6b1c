#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "coordinator/cli/output/text.h"
#include "coordinator/cli/scale/kubernetes/kubernetes_cluster.h"
#include "coordinator/cli/scale/kubernetes/worker_job.h"

namespace oodml::cli::scale {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxReason = 300;

/// What lies at `place`, if it is of that type.
std::string text_at(const json& object, const char* place) {
  const json::json_pointer pointer(place);
  return object.contains(pointer) && object[pointer].is_string() ? object[pointer].get<std::string>() : "";
}

const json& list_at(const json& object, const char* place) {
  static const json kNone = json::array();
  const json::json_pointer pointer(place);
  return object.contains(pointer) && object[pointer].is_array() ? object[pointer] : kNone;
}

std::string label(const json& object, const char* name) {
  if (!object.contains("/metadata/labels"_json_pointer)) return "";
  const json& labels = object["/metadata/labels"_json_pointer];
  return labels.is_object() && labels.contains(name) && labels[name].is_string() ? labels[name].get<std::string>() : "";
}

/// Its condition of that type, when it is true.
std::optional<json> true_condition(const json& object, const char* type, const char* value = "True") {
  for (const json& condition : list_at(object, "/status/conditions")) {
    if (text_at(condition, "/type") == type && text_at(condition, "/status") == value) return condition;
  }
  return std::nullopt;
}

std::string words_of(const json& said) {
  const std::string reason = text_at(said, "/reason"), message = text_at(said, "/message");
  return one_line((reason + (message.empty() || reason.empty() ? "" : ": ") + message).substr(0, kMaxReason));
}

struct PodWords {
  std::string reason;
  bool stuck = false;  ///< It will not begin by itself.
};

/// Why a pod has not begun.
PodWords pod_words(const json& pod) {
  static const std::set<std::string> kHopeless = {
      "CreateContainerConfigError", "ErrImageNeverPull", "ErrImagePull",
      "ImagePullBackOff",           "InvalidImageName",  "CreateContainerError"};
  if (const auto unscheduled = true_condition(pod, "PodScheduled", "False")) return {.reason = words_of(*unscheduled)};
  for (const json& container : list_at(pod, "/status/containerStatuses")) {
    if (!container.contains("/state/waiting"_json_pointer)) continue;
    const json& waiting = container["/state/waiting"_json_pointer];
    return {.reason = words_of(waiting), .stuck = kHopeless.contains(text_at(waiting, "/reason"))};
  }
  return {};
}

Job with_phase(Job job, const json& object, const PodWords& pod) {
  if (const auto failed = true_condition(object, "Failed")) {
    job.phase = JobPhase::kFailed;
    job.state = "Failed";
    job.reason = words_of(*failed);
  } else if (true_condition(object, "Complete")) {
    job.phase = JobPhase::kEnded;
    job.state = "COMPLETED";
  } else if (object.value("/status/ready"_json_pointer, 0) > 0) {
    job.phase = JobPhase::kRunning;
    job.state = "Running";
  } else {
    job.phase = pod.stuck ? JobPhase::kFailed : JobPhase::kPending;
    job.state = "Pending";
    job.reason = pod.reason;
    job.stuck = pod.stuck;
  }
  return job;
}

}  // namespace

std::vector<Job> read_jobs(const ScaleConfig& config, const json& jobs, const json& pods) {
  std::map<std::string, PodWords> words;  // by the Job's name
  for (const json& pod : list_at(pods, "/items")) words[label(pod, "job-name")] = pod_words(pod);
  std::vector<Job> ours;
  for (const json& object : list_at(jobs, "/items")) {
    const std::string name = text_at(object, "/metadata/name"), tag = label(object, kTagLabel);
    const auto profile = std::ranges::find(config.profiles, label(object, kProfileLabel), &Profile::name);
    if (profile == config.profiles.end() || label(object, kScalerLabel) != config.name) continue;
    const std::string head = job_name(config, *profile) + "-";
    if (!name.starts_with(head) || tag.empty()) continue;
    ours.push_back(with_phase({.id = name, .raw_id = name.substr(head.size()), .profile = profile->name, .tag = tag},
                              object, words[name]));
  }
  return ours;
}

}  // namespace oodml::cli::scale
