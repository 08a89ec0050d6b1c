// libnvidia-ml.so.1 without a driver: each call answers from the JSON file that OODML_FAKE_NVML names, as it is then
// (fake_gpus.h writes it). A handle is the place of a card, or of a MIG device on it.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using nlohmann::json;

constexpr int kSuccess = 0, kInvalidArgument = 2, kNotSupported = 3, kNotFound = 6, kInsufficientSize = 7,
              kDriverNotLoaded = 9, kGpuIsLost = 15;
constexpr std::uintptr_t kMigShift = 16;

struct Memory {
  unsigned long long total, free, used;
};
struct MemoryV2 {
  unsigned version;
  unsigned long long total, reserved, free, used;
};
struct ProcessInfo {
  unsigned pid;
  unsigned long long used;
  unsigned gpu_instance, compute_instance;
};

json state() {
  const char* path = std::getenv("OODML_FAKE_NVML");
  std::ifstream file(path == nullptr ? "" : path);
  return json::parse(file, nullptr, false);
}

unsigned long long bytes(std::int64_t mib) { return static_cast<unsigned long long>(mib) << 20; }

std::uintptr_t number_of(void* handle) { return reinterpret_cast<std::uintptr_t>(handle); }
void* handle_of(std::uintptr_t number) { return reinterpret_cast<void*>(number); }

/// The card of a handle, or its MIG device; null: there is none.
json part_of(void* handle) {
  const json now = state();
  const std::uintptr_t card = (number_of(handle) & ((1U << kMigShift) - 1)) - 1, mig = number_of(handle) >> kMigShift;
  if (!now.is_object() || card >= now["gpus"].size()) return {};
  const json& gpu = now["gpus"][card];
  if (mig == 0) return gpu;
  return mig <= gpu["mig"].size() ? gpu["mig"][mig - 1] : json();
}

int copy(const json& part, const char* key, char* text, unsigned length) {
  if (part.is_null() || !part.contains(key)) return kInvalidArgument;
  const std::string value = part[key];
  if (value.size() + 1 > length) return kInsufficientSize;
  std::memcpy(text, value.c_str(), value.size() + 1);
  return kSuccess;
}

}  // namespace

extern "C" {

int nvmlInit_v2() { return state().is_object() ? kSuccess : kDriverNotLoaded; }
int nvmlShutdown() { return kSuccess; }
const char* nvmlErrorString(int answer) { return answer == kDriverNotLoaded ? "Driver Not Loaded" : "Some Error"; }

int nvmlDeviceGetCount_v2(unsigned* count) {
  const json now = state();
  if (!now.is_object()) return kDriverNotLoaded;
  *count = static_cast<unsigned>(now["gpus"].size());
  return kSuccess;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** handle) {
  *handle = handle_of(index + 1);
  const json gpu = part_of(*handle);
  if (gpu.is_null()) return kInvalidArgument;
  return gpu.value("lost", false) ? kGpuIsLost : kSuccess;
}

int nvmlDeviceGetUUID(void* handle, char* text, unsigned length) { return copy(part_of(handle), "uuid", text, length); }
int nvmlDeviceGetName(void* handle, char* text, unsigned length) {
  return copy(part_of(handle), "model", text, length);
}

int nvmlDeviceGetMemoryInfo_v2(void* handle, MemoryV2* memory) {
  const json part = part_of(handle);
  if (part.is_null() || memory->version != (sizeof(MemoryV2) | 2U << 24)) return kInvalidArgument;
  const std::int64_t total = part.value("memory_mib", 0), used = part.value("used_mib", 0);
  memory->total = bytes(total);
  memory->reserved = bytes(600);
  memory->used = bytes(used);
  memory->free = bytes(total - used);
  return kSuccess;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void* handle, unsigned* count, ProcessInfo* found) {
  const json part = part_of(handle);
  const json processes = part.is_null() ? json::array() : part.value("processes", json::array());
  const auto all = static_cast<unsigned>(processes.size());
  const bool fits = all <= *count;
  *count = all;
  if (!fits) return kInsufficientSize;
  for (unsigned i = 0; i < all; ++i) {
    const std::int64_t memory = processes[i].value("memory_mib", -1);
    found[i] = {processes[i]["pid"].get<unsigned>(), memory < 0 ? ~0ULL : bytes(memory), 0, 0};
  }
  return kSuccess;
}

int nvmlDeviceGetTotalEccErrors(void* handle, unsigned kind, unsigned counter, unsigned long long* errors) {
  const json part = part_of(handle);
  if (part.is_null() || !part.contains("uncorrected") || kind != 1 || counter != 0) return kNotSupported;
  *errors = part["uncorrected"].get<unsigned long long>();
  return kSuccess;
}

int nvmlDeviceGetRemappedRows(void* handle, unsigned* corrected, unsigned* uncorrected, unsigned* pending,
                              unsigned* failed) {
  const json part = part_of(handle);
  if (part.is_null()) return kNotSupported;
  *corrected = *uncorrected = *failed = 0;
  *pending = part.value("repair_pending", false) ? 1 : 0;
  return kSuccess;
}

int nvmlDeviceGetMigMode(void* handle, unsigned* current, unsigned* pending) {
  const json part = part_of(handle);
  if (part.is_null()) return kNotSupported;
  *current = *pending = part.contains("mig") ? 1 : 0;
  return kSuccess;
}

int nvmlDeviceGetMaxMigDeviceCount(void*, unsigned* count) {
  *count = 7;
  return kSuccess;
}

int nvmlDeviceGetMigDeviceHandleByIndex(void* handle, unsigned index, void** part) {
  *part = handle_of(number_of(handle) | std::uintptr_t{index + 1} << kMigShift);
  return part_of(*part).is_null() ? kNotFound : kSuccess;
}
}
