#include "core/trial/trial_devices.h"

#include <algorithm>
#include <sstream>

#include "core/train/device.h"

namespace oodml::trial {
namespace {

std::vector<std::string> first_cuda_devices(std::int64_t count) {
  std::vector<std::string> names;
  for (const std::string& name : train::device_names()) {
    if (name != "cpu" && static_cast<std::int64_t>(names.size()) < count) names.push_back(name);
  }
  return names;
}

std::vector<std::string> names_in(const std::string& wish, std::int64_t replicas) {
  std::vector<std::string> names;
  std::istringstream words(wish);
  for (std::string word; std::getline(words, word, ',');) names.push_back(word);
  if (names.empty()) names = first_cuda_devices(replicas);
  if (names.empty()) names = {"cpu"};
  if (names.size() == 1 && names[0] == "cpu") names.resize(static_cast<std::size_t>(replicas), "cpu");
  return names;
}

}  // namespace

Result<std::vector<torch::Device>> trial_devices(const std::string& wish, std::int64_t replicas) {
  std::vector<torch::Device> devices;
  for (const std::string& name : names_in(wish, replicas)) {
    OODML_ASSIGN_OR_RETURN(const torch::Device device, train::find_device(name));
    const bool taken = device.is_cuda() && std::find(devices.begin(), devices.end(), device) != devices.end();
    if (!taken && static_cast<std::int64_t>(devices.size()) < replicas) devices.push_back(device);
  }
  if (static_cast<std::int64_t>(devices.size()) == replicas) return devices;
  const std::string where = wish.empty() ? "this machine" : "--device " + wish;
  return unavailable("the trial has replicas: " + std::to_string(replicas) + ", each on a GPU of its own, but " +
                     where + " has " + std::to_string(devices.size()) + "; name as many, as in --device cuda:0,cuda:1");
}

std::string names_of(const std::vector<torch::Device>& devices) {
  std::string names;
  for (const torch::Device& device : devices) {
    if (device.is_cpu()) return "cpu";
    names += (names.empty() ? "" : ",") + device.str();
  }
  return names;
}

}  // namespace oodml::trial
