#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "coordinator/cli/scale/cluster.h"
#include "core/sweep/diagnostics.h"
#include "core/sweep/node.h"

namespace oodml::cli::scale {

// Labels by which our objects are known again.
inline constexpr const char* kScalerLabel = "oodml.scale/name";
inline constexpr const char* kProfileLabel = "oodml.scale/profile";
inline constexpr const char* kTagLabel = "oodml.scale/tag";

/// A YAML value as Kubernetes reads it: plain true, false, null, integers and decimals are no texts.
nlohmann::json json_of(const sweep::Node& node);

/// The first Job of a manifest (deploy/k8s/workers.yaml), which has one container called worker. What is wrong goes to
/// `diagnostics`; null then.
nlohmann::json read_job_manifest(const sweep::Node& node, sweep::Diagnostics& diagnostics);

/// The Job of one worker: the manifest with a name, labels, one pod, and the options that make the worker ours: its
/// name,
/// --exit-when-idle, and the configuration's worker_args. `index` tells jobs of one submission apart.
nlohmann::json worker_job(const ScaleConfig& config, const Profile& profile, const std::string& tag,
                          std::int64_t index);

/// NAME-PROFILE-TAG-INDEX, at most 63 characters: the name of the Job and of its worker.
std::string worker_job_name(const ScaleConfig& config, const Profile& profile, const std::string& tag,
                            std::int64_t index);

}  // namespace oodml::cli::scale
