#include "coordinator/cli/scale/kubernetes/worker_job.h"

#include <algorithm>
#include <charconv>

namespace oodml::cli::scale {
namespace {

using nlohmann::json;
using sweep::Node;

constexpr std::size_t kTagInNames = 10;

template <typename T>
bool reads_as(const std::string& text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// 0440 is octal, as YAML 1.1 and Kubernetes read it.
bool reads_as_octal(const std::string& text, std::int64_t& value) {
  if (text.size() < 2 || text[0] != '0') return false;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value, 8);
  return error == std::errc() && end == text.data() + text.size();
}

json plain_scalar(const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "null" || text == "~") return nullptr;
  std::int64_t integer = 0;
  if (reads_as_octal(text, integer) || reads_as(text, integer)) return integer;
  double number = 0;
  if (text.find_first_not_of("0123456789.-+eE") == std::string::npos && reads_as(text, number)) return number;
  return text;
}

json* worker_container(json& job) {
  const json::json_pointer place("/spec/template/spec/containers");
  if (!job.contains(place) || !job[place].is_array()) return nullptr;
  for (json& container : job[place]) {
    if (container.is_object() && container.value("name", "") == "worker") return &container;
  }
  return nullptr;
}

/// Replaces what the manifest says of an option, or adds it.
void set_option(json& arguments, const std::string& option, const std::string& value) {
  std::erase_if(arguments.get_ref<json::array_t&>(), [&](const json& argument) {
    return argument.is_string() && argument.get<std::string>().starts_with(option + "=");
  });
  arguments.push_back(option + "=" + value);
}

void set_arguments(json& container, const ScaleConfig& config, const std::string& name) {
  json& arguments = container["args"];
  if (!arguments.is_array()) arguments = json::array();
  set_option(arguments, "--name", name);
  set_option(arguments, "--exit-when-idle",
             std::to_string(std::chrono::ceil<std::chrono::seconds>(config.idle).count()));
  for (const std::string& word : config.worker_arguments) arguments.push_back(word);
}

}  // namespace

json json_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return nullptr;
    case Node::Kind::kScalar:
      return node.quoted ? json(node.text) : plain_scalar(node.text);
    case Node::Kind::kList: {
      json list = json::array();
      for (const Node& item : node.items) list.push_back(json_of(item));
      return list;
    }
    case Node::Kind::kMap: {
      json map = json::object();
      for (const Node::Entry& entry : node.entries) map[entry.key] = json_of(entry.value);
      return map;
    }
  }
  return nullptr;
}

json read_job_manifest(const Node& node, sweep::Diagnostics& diagnostics) {
  json job = json_of(node);
  const auto refuse = [&](const std::string& what) {
    diagnostics.error(node.place, what);
    return json();
  };
  if (!job.is_object() || job.value("kind", "") != "Job" || job.value("apiVersion", "") != "batch/v1") {
    return refuse("a manifest with `apiVersion: batch/v1` and `kind: Job` wanted, as in deploy/k8s/workers.yaml");
  }
  if (worker_container(job) == nullptr) return refuse("spec.template.spec.containers has none with `name: worker`");
  return job;
}

std::string worker_job_name(const ScaleConfig& config, const Profile& profile, const std::string& tag,
                            std::int64_t index) {
  return job_name(config, profile) + "-" + tag.substr(0, kTagInNames) + "-" + std::to_string(index);
}

json worker_job(const ScaleConfig& config, const Profile& profile, const std::string& tag, std::int64_t index) {
  json job = json::parse(profile.job_manifest);
  const std::string name = worker_job_name(config, profile, tag, index);
  const json labels = {{kScalerLabel, config.name}, {kProfileLabel, profile.name}, {kTagLabel, tag}};
  json& metadata = job["metadata"];
  if (!metadata.is_object()) metadata = json::object();
  metadata["name"] = name;
  metadata.erase("namespace");  // that of the access
  metadata["labels"].update(labels);
  job["spec"]["template"]["metadata"]["labels"].update(labels);
  job["spec"]["parallelism"] = 1;
  job["spec"]["completions"] = 1;
  if (!job["spec"].contains("ttlSecondsAfterFinished")) job["spec"]["ttlSecondsAfterFinished"] = 3600;
  set_arguments(*worker_container(job), config, name);
  return job;
}

}  // namespace oodml::cli::scale
