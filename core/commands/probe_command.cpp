#include <torch/types.h>

#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>

#include "core/base/print.h"
#include "core/commands/command_errors.h"
#include "core/commands/commands.h"
#include "core/commands/cuda_device.h"
#include "core/train/device.h"

namespace oodml::commands {
namespace {

/// "AMD EPYC 9654 96-Core Processor"; empty where the system does not say.
std::string cpu_model() {
  constexpr std::string_view kKey = "model name";
  std::ifstream lines("/proc/cpuinfo");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with(kKey) && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "";
}

nlohmann::ordered_json describe_device(const std::string& name) {
  nlohmann::ordered_json device = {{"name", name}};
  if (name == "cpu") {
    device["threads"] = std::thread::hardware_concurrency();
    if (const std::string model = cpu_model(); !model.empty()) device["model"] = model;
  } else if (const auto cuda = describe_cuda_device(std::stoi(name.substr(name.find(':') + 1)))) {
    device["memory_mib"] = cuda->memory_mib;
    device["model"] = cuda->model;
    device["uuid"] = cuda->uuid;
  }
  return device;
}

/// Multiplies matrices of small integers, where any order of sums gives the same number. Empty: the device computes.
std::string fault_of(const std::string& name) {
  constexpr std::int64_t kSize = 512;
  try {
    const auto on_device = torch::TensorOptions().device(name).dtype(torch::kFloat32);
    const torch::Tensor numbers = torch::arange(kSize * kSize, on_device).remainder(7).view({kSize, kSize});
    const double found = numbers.matmul(numbers.t()).to(torch::kFloat64).sum().item<double>();
    const torch::Tensor columns = numbers.to(torch::kCPU, torch::kFloat64).sum(0);
    const auto expected = columns.dot(columns).item<double>();
    return found == expected
               ? ""
               : "it multiplies wrongly: " + std::to_string(found) + " in place of " + std::to_string(expected);
  } catch (const c10::Error& error) {
    return error.what_without_backtrace();
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string line_of(const nlohmann::ordered_json& device) {
  std::string line = device.at("name").get<std::string>();
  if (device.contains("threads")) line += "  " + device.at("threads").dump() + " threads";
  if (device.contains("model")) line += "  " + device.at("model").get<std::string>();
  if (device.contains("memory_mib")) line += ", " + device.at("memory_mib").dump() + " MiB";
  if (device.contains("fault")) line += "  does not work: " + device.at("fault").get<std::string>();
  return line + "\n";
}

Status print(bool as_json, bool exercise) {
  nlohmann::ordered_json devices = nlohmann::ordered_json::array();
  for (const std::string& name : train::device_names()) {
    devices.push_back(describe_device(name));
    if (const std::string fault = exercise ? fault_of(name) : ""; !fault.empty()) devices.back()["fault"] = fault;
  }
  if (as_json) return print_out(nlohmann::ordered_json{{"version", 1}, {"devices", devices}}.dump(2) + "\n");
  std::string text;
  for (const auto& device : devices) text += line_of(device);
  return print_out(text);
}

}  // namespace

int print_devices(bool as_json, bool exercise) {
  return end_of_command("probe", guarded([&] { return print(as_json, exercise); }));
}

}  // namespace oodml::commands
