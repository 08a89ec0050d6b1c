#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "core/train/device.h"
#include "core/trial/commands.h"
#include "core/trial/cuda_device.h"

namespace oodml::trial {
namespace {

nlohmann::ordered_json describe(const std::string& name) {
  nlohmann::ordered_json device = {{"name", name}};
  if (name == "cpu") {
    device["threads"] = std::thread::hardware_concurrency();
  } else if (const auto cuda = describe_cuda_device(std::stoi(name.substr(name.find(':') + 1)))) {
    device["memory_mib"] = cuda->memory_mib;
    device["model"] = cuda->model;
  }
  return device;
}

}  // namespace

int print_devices(bool as_json) {
  nlohmann::ordered_json devices = nlohmann::ordered_json::array();
  for (const std::string& name : train::device_names()) devices.push_back(describe(name));
  if (as_json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"version", 1}, {"devices", devices}}.dump(2));
    return 0;
  }
  for (const auto& device : devices) {
    fmt::print("{}", device.at("name").get<std::string>());
    if (device.contains("threads")) fmt::print("  {} threads", device.at("threads").dump());
    if (device.contains("model")) {
      fmt::print("  {}, {} MiB", device.at("model").get<std::string>(), device.at("memory_mib").dump());
    }
    fmt::print("\n");
  }
  return 0;
}

}  // namespace oodml::trial
