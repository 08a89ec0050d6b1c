#include "tests/support/scripted_trial/fake_cuda.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

namespace oodml::testing {
namespace {

using nlohmann::json;

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Cards that are whole, and MIG devices, in the order of the bus.
std::vector<json> all_gpus() {
  const auto path = variable("OODML_FAKE_NVML");
  std::ifstream file(path.value_or(""));
  const json state = json::parse(file, nullptr, false);
  std::vector<json> gpus;
  if (!state.is_object()) return gpus;
  for (const json& card : state["gpus"]) {
    if (card.value("lost", false)) continue;
    if (!card.contains("mig")) gpus.push_back(card);
    for (const json& mig : card.value("mig", json::array())) gpus.push_back(mig);
  }
  return gpus;
}

std::vector<json> visible_gpus() {
  const std::vector<json> all = all_gpus();
  const auto list = variable("CUDA_VISIBLE_DEVICES");
  if (!list) return all;
  std::vector<json> visible;
  std::istringstream entries(*list);
  for (std::string entry; std::getline(entries, entry, ',');) {
    const auto named = std::ranges::find_if(
        all, [&](const json& gpu) { return gpu["uuid"] == entry || std::to_string(&gpu - all.data()) == entry; });
    if (named == all.end()) break;
    visible.push_back(*named);
    if (entry.starts_with("MIG-")) break;
  }
  return visible;
}

}  // namespace

std::string fake_probe(bool exercise) {
  json devices = json::array();
  devices.push_back({{"name", "cpu"}, {"threads", std::max(1U, std::thread::hardware_concurrency())}});
  for (const json& gpu : visible_gpus()) {
    json device = {{"name", "cuda:" + std::to_string(devices.size() - 1)},
                   {"memory_mib", gpu["memory_mib"]},
                   {"model", gpu["model"]},
                   {"uuid", gpu["uuid"]}};
    if (exercise && gpu.value("dead", false)) device["fault"] = "CUDA error: unknown error";
    devices.push_back(device);
  }
  return json{{"version", 1}, {"devices", devices}}.dump();
}

}  // namespace oodml::testing
