#include "worker/devices/machine_devices.h"

#include <algorithm>
#include <utility>

#include "core/base/counted.h"
#include "core/base/words.h"
#include "worker/devices/visible_gpus.h"

namespace oodml::worker {
namespace {

using Gpus = std::vector<Gpu>;

bool is_cuda(const Device& device) { return device.name.starts_with("cuda:"); }

std::string uuids_of(const Gpus& gpus) {
  std::vector<std::string> uuids;
  for (const Gpu& gpu : gpus) uuids.push_back(gpu.uuid);
  return joined(uuids, ",");
}

/// Without NVML: of what CUDA shows, the devices with these numbers keep them.
Result<std::vector<Device>> chosen_devices(const std::vector<Device>& all, const std::string& chosen) {
  Gpus gpus;
  for (const Device& device : all) {
    if (is_cuda(device)) gpus.push_back({.uuid = device.name, .card = device.name});
  }
  OODML_ASSIGN_OR_RETURN(const Gpus kept, chosen_gpus(gpus, chosen));
  std::vector<Device> devices;
  std::ranges::copy_if(all, std::back_inserter(devices), [](const Device& device) { return !is_cuda(device); });
  for (const Gpu& gpu : kept) devices.push_back(*std::ranges::find(all, gpu.uuid, &Device::name));
  return devices;
}

class Finder {
 public:
  Finder(DeviceSources& sources, std::string chosen) : sources_(sources), chosen_(std::move(chosen)) {}

  Result<MachineDevices> with(std::unique_ptr<GpuMonitor> monitor, Gpus all) {
    order_as_cuda_does(all);
    GpuChoice given = given_gpus(all, sources_.environment);
    std::ranges::move(given.warnings, std::back_inserter(found_.warnings));
    OODML_ASSIGN_OR_RETURN(const Gpus gpus, chosen_gpus(given.gpus, chosen_));
    OODML_RETURN_IF_ERROR(add(gpus));
    found_.monitor = std::move(monitor);
    return std::move(found_);
  }

 private:
  /// Numbers count in CUDA's order, which without CUDA_DEVICE_ORDER begins with the fastest.
  void order_as_cuda_does(Gpus& all) {
    const bool counts = counts_cards(sources_.environment("CUDA_VISIBLE_DEVICES").value_or(""));
    const bool alike = std::ranges::all_of(all, [&](const Gpu& gpu) { return gpu.model == all[0].model; });
    if (!counts || alike || sources_.environment("CUDA_DEVICE_ORDER").value_or("") == "PCI_BUS_ID") return;
    std::string every;
    for (int i = 0; i <= all.back().index; ++i) every += (i == 0 ? "" : ",") + std::to_string(i);
    const auto devices = sources_.probe(every);
    std::vector<std::string> order;
    for (const Device& device : devices.value_or(std::vector<Device>())) {
      if (!device.uuid.empty()) order.push_back(device.uuid);
    }
    if (order.empty()) {
      found_.warnings.emplace_back(
          "GPUs of several makes are counted by the PCI bus here; set CUDA_DEVICE_ORDER=PCI_BUS_ID, or name UUIDs");
    }
    std::ranges::stable_sort(all, {},
                             [&](const Gpu& gpu) { return std::ranges::find(order, gpu.card) - order.begin(); });
  }

  /// CUDA shows one MIG device at a time: the others are believed.
  Status add(const Gpus& gpus) {
    Gpus cards;
    std::ranges::copy_if(gpus, std::back_inserter(cards), [](const Gpu& gpu) { return !gpu.is_mig(); });
    OODML_ASSIGN_OR_RETURN(const std::vector<Device> shown, sources_.probe(!cards.empty() ? uuids_of(cards)
                                                                           : gpus.empty() ? ""
                                                                                          : gpus[0].uuid));
    std::vector<Device> by_cuda;
    for (const Device& device : shown) (is_cuda(device) ? by_cuda : found_.devices).push_back(device);
    if (by_cuda.empty() && !gpus.empty()) {
      found_.warnings.push_back("the driver has " + counted(std::ssize(gpus), "GPU") +
                                " for this worker and CUDA shows none: is the core built with CUDA?");
      return {};
    }
    const bool all_shown = by_cuda.size() >= cards.size();
    std::size_t card = 0;
    for (const Gpu& gpu : gpus) {
      Device device{.memory_mib = gpu.memory_mib, .model = gpu.model};
      if (!gpu.is_mig() && all_shown) device = by_cuda[card++];
      if (!gpu.is_mig() && !all_shown && !shows(gpu, device)) continue;
      device.name = "cuda:" + std::to_string(number_++);
      device.uuid = gpu.uuid;
      found_.devices.push_back(std::move(device));
    }
    return {};
  }

  /// One that CUDA does not know hides those after it in a list.
  bool shows(const Gpu& gpu, Device& device) {
    const auto alone = sources_.probe(gpu.uuid);
    for (const Device& one : alone.value_or(std::vector<Device>())) {
      if (!is_cuda(one)) continue;
      device = one;
      return true;
    }
    found_.warnings.push_back("CUDA does not show GPU " + gpu.uuid + ", which is left out");
    return false;
  }

  DeviceSources& sources_;
  const std::string chosen_;
  MachineDevices found_;
  int number_ = 0;
};

}  // namespace

Result<MachineDevices> find_devices(DeviceSources sources, const std::string& chosen) {
  Result<Gpus> all = sources.nvml.has_value() ? (*sources.nvml)->read() : failure(sources.nvml.error());
  if (all.has_value() && !all->empty()) return Finder(sources, chosen).with(std::move(*sources.nvml), std::move(*all));
  MachineDevices found;
  if (sources.nvml.has_value() && !all.has_value()) found.warnings.push_back(all.error().message());
  OODML_ASSIGN_OR_RETURN(const std::vector<Device> shown, sources.probe(std::nullopt));
  OODML_ASSIGN_OR_RETURN(found.devices, chosen_devices(shown, chosen));
  const auto gpus = static_cast<std::size_t>(std::ranges::count_if(shown, is_cuda));
  if (std::string warning = slurms_gpus_unknown(gpus, chosen, sources.environment); !warning.empty()) {
    found.warnings.push_back(std::move(warning));
  }
  return found;
}

}  // namespace oodml::worker
