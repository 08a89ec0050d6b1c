#include "tests/support/fake_nvml/fake_gpus.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/base/atomic_file.h"

namespace oodml::testing {
namespace {

using nlohmann::json;

json json_of(const FakeGpu& gpu) {
  json part = {{"uuid", gpu.uuid},
               {"model", gpu.model},
               {"memory_mib", gpu.memory_mib},
               {"used_mib", gpu.used_mib},
               {"repair_pending", gpu.repair_pending},
               {"lost", gpu.lost},
               {"dead", gpu.dead},
               {"processes", json::array()}};
  for (const auto& [pid, memory] : gpu.processes) part["processes"].push_back({{"pid", pid}, {"memory_mib", memory}});
  if (gpu.uncorrected) part["uncorrected"] = *gpu.uncorrected;
  for (const FakeGpu& mig : gpu.mig) part["mig"].push_back(json_of(mig));
  return part;
}

}  // namespace

FakeGpus::FakeGpus(std::filesystem::path file, std::vector<FakeGpu> gpus)
    : file_(std::move(file)), gpus_(std::move(gpus)) {
  write();
}

void FakeGpus::write() const {
  json all = {{"gpus", json::array()}};
  for (const FakeGpu& gpu : gpus_) all["gpus"].push_back(json_of(gpu));
  if (const Status written = write_file_atomically(file_, all.dump(2)); !written.ok())
    throw std::runtime_error(written.message());
}

std::map<std::string, std::string> FakeGpus::environment() const {
  return {{"OODML_FAKE_NVML", file_}, {"LD_LIBRARY_PATH", OODML_FAKE_NVML_FOLDER}};
}

std::string FakeGpus::library() { return std::filesystem::path(OODML_FAKE_NVML_FOLDER) / "libnvidia-ml.so.1"; }

}  // namespace oodml::testing
