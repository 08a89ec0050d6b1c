#include "worker/devices/nvml.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

namespace oodml::worker {
namespace {

// What nvml.h of the driver's development files declares, as far as it is used here.
using Answer = int;
using Handle = void*;
constexpr Answer kSuccess = 0, kInsufficientSize = 7, kGpuIsLost = 15, kUnknown = 999;
constexpr unsigned kUncorrected = 1, kSinceDriverLoad = 0, kMigEnabled = 1;
constexpr std::uint64_t kNotAvailable = ~std::uint64_t{0};
constexpr unsigned kMaxCards = 256, kMaxMigDevices = 64, kMaxProcesses = 4096;
constexpr std::size_t kTextBytes = 96;

struct Memory {
  std::uint64_t total, free, used;  // `used` with what the driver keeps for itself
};
struct MemoryV2 {
  unsigned version;
  std::uint64_t total, reserved, free, used;
};
constexpr unsigned kMemoryVersion = sizeof(MemoryV2) | 2U << 24;
struct ProcessInfo {
  unsigned pid;
  std::uint64_t used;
  unsigned gpu_instance, compute_instance;
};

std::int64_t mib(std::uint64_t bytes) { return static_cast<std::int64_t>(bytes >> 20); }

/// Those that a driver lacks are null.
struct Functions {
  Answer (*init)() = nullptr;
  Answer (*shutdown)() = nullptr;
  const char* (*error_text)(Answer) = nullptr;
  Answer (*count)(unsigned*) = nullptr;
  Answer (*by_index)(unsigned, Handle*) = nullptr;
  Answer (*uuid)(Handle, char*, unsigned) = nullptr;
  Answer (*name)(Handle, char*, unsigned) = nullptr;
  Answer (*memory)(Handle, Memory*) = nullptr;
  Answer (*memory_v2)(Handle, MemoryV2*) = nullptr;
  Answer (*processes)(Handle, unsigned*, ProcessInfo*) = nullptr;
  Answer (*ecc_errors)(Handle, unsigned, unsigned, unsigned long long*) = nullptr;
  Answer (*retired_pending)(Handle, unsigned*) = nullptr;
  Answer (*remapped_rows)(Handle, unsigned*, unsigned*, unsigned*, unsigned*) = nullptr;
  Answer (*mig_mode)(Handle, unsigned*, unsigned*) = nullptr;
  Answer (*max_mig)(Handle, unsigned*) = nullptr;
  Answer (*mig_by_index)(Handle, unsigned, Handle*) = nullptr;
};

Functions functions_of(void* library) {
  Functions all;
  const auto find = [&](auto*& function, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (function == nullptr)
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    }
  };
  find(all.init, {"nvmlInit_v2"});
  find(all.shutdown, {"nvmlShutdown"});
  find(all.error_text, {"nvmlErrorString"});
  find(all.count, {"nvmlDeviceGetCount_v2"});
  find(all.by_index, {"nvmlDeviceGetHandleByIndex_v2"});
  find(all.uuid, {"nvmlDeviceGetUUID"});
  find(all.name, {"nvmlDeviceGetName"});
  find(all.memory, {"nvmlDeviceGetMemoryInfo"});
  find(all.memory_v2, {"nvmlDeviceGetMemoryInfo_v2"});
  find(all.processes, {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2"});
  find(all.ecc_errors, {"nvmlDeviceGetTotalEccErrors"});
  find(all.retired_pending, {"nvmlDeviceGetRetiredPagesPendingStatus"});
  find(all.remapped_rows, {"nvmlDeviceGetRemappedRows"});
  find(all.mig_mode, {"nvmlDeviceGetMigMode"});
  find(all.max_mig, {"nvmlDeviceGetMaxMigDeviceCount"});
  find(all.mig_by_index, {"nvmlDeviceGetMigDeviceHandleByIndex"});
  return all;
}

class Nvml final : public GpuMonitor {
 public:
  Nvml(void* library, const Functions& call) : library_(library), call_(call) {}
  ~Nvml() override {
    if (call_.shutdown != nullptr) call_.shutdown();
    dlclose(library_);
  }

  Result<std::vector<Gpu>> read() override {
    const std::lock_guard lock(mutex_);
    unsigned count = 0;
    if (const Answer answer = call_.count(&count); answer != kSuccess) return failed("count the GPUs", answer);
    std::vector<Gpu> all;
    for (unsigned i = 0; i < std::min(count, kMaxCards); ++i) add_card(i, all);
    known_ = all;
    return all;
  }

 private:
  Failure failed(const std::string& what, Answer answer) const {
    const char* text = call_.error_text == nullptr ? nullptr : call_.error_text(answer);
    return unavailable("NVML cannot " + what + ": " + (text == nullptr ? std::to_string(answer) : text));
  }

  /// One whose handle is refused does not say its name any more: it is the one that was in this place, and lost unless
  /// it was just not to be asked. Without one that was, it is hidden from this process.
  void add_card(unsigned index, std::vector<Gpu>& all) const {
    Handle handle = nullptr;
    const Answer answer = call_.by_index(index, &handle);
    Gpu card{.uuid = answer == kSuccess ? text(call_.uuid, handle) : "", .index = static_cast<int>(index)};
    if (card.uuid.empty()) return add_known(static_cast<int>(index), answer == kGpuIsLost || answer == kUnknown, all);
    card.card = card.uuid;
    card.model = text(call_.name, handle);
    read_errors(handle, card);
    unsigned mode = 0, pending = 0;
    if (call_.mig_mode != nullptr && call_.mig_mode(handle, &mode, &pending) == kSuccess && mode == kMigEnabled)
      return add_mig_devices(handle, card, all);
    read_use(handle, card);
    all.push_back(std::move(card));
  }

  void add_known(int index, bool lost, std::vector<Gpu>& all) const {
    for (Gpu gpu : known_) {
      if (gpu.index != index) continue;
      gpu.lost = lost;
      all.push_back(std::move(gpu));
    }
  }

  void add_mig_devices(Handle card, const Gpu& of, std::vector<Gpu>& all) const {
    unsigned count = 0;
    if (call_.max_mig == nullptr || call_.mig_by_index == nullptr || call_.max_mig(card, &count) != kSuccess) return;
    for (unsigned i = 0; i < std::min(count, kMaxMigDevices); ++i) {
      Handle handle = nullptr;
      if (call_.mig_by_index(card, i, &handle) != kSuccess) continue;  // as many as there could be, not as there are
      Gpu part = of;
      part.uuid = text(call_.uuid, handle);
      if (part.uuid.empty()) continue;
      if (std::string model = text(call_.name, handle); !model.empty()) part.model = std::move(model);
      read_use(handle, part);
      all.push_back(std::move(part));
    }
  }

  std::string text(Answer (*function)(Handle, char*, unsigned), Handle handle) const {
    std::array<char, kTextBytes + 1> bytes{};
    if (function == nullptr || function(handle, bytes.data(), kTextBytes) != kSuccess) return "";
    return bytes.data();
  }

  void read_use(Handle handle, Gpu& gpu) const {
    MemoryV2 apart{.version = kMemoryVersion, .total = 0, .reserved = 0, .free = 0, .used = 0};
    Memory memory{};
    if (call_.memory_v2 != nullptr && call_.memory_v2(handle, &apart) == kSuccess) {
      gpu.memory_mib = mib(apart.total);
      gpu.used_mib = mib(apart.used);
    } else if (call_.memory != nullptr && call_.memory(handle, &memory) == kSuccess) {
      gpu.memory_mib = mib(memory.total);
      gpu.used_mib = mib(memory.used);
    }
    if (call_.processes == nullptr) return;
    std::vector<ProcessInfo> found(64);
    auto count = static_cast<unsigned>(found.size());
    Answer answer = call_.processes(handle, &count, found.data());
    if (answer == kInsufficientSize) {
      found.resize(std::min(count + 64, kMaxProcesses));  // some may have begun since
      count = static_cast<unsigned>(found.size());
      answer = call_.processes(handle, &count, found.data());
    }
    if (answer != kSuccess) return;
    found.resize(std::min<std::size_t>(count, found.size()));
    for (const ProcessInfo& process : found) {
      const auto memory_mib = process.used == kNotAvailable ? std::nullopt : std::optional(mib(process.used));
      gpu.processes.push_back({static_cast<pid_t>(process.pid), memory_mib});
    }
  }

  void read_errors(Handle handle, Gpu& gpu) const {
    unsigned long long errors = 0;
    if (call_.ecc_errors != nullptr && call_.ecc_errors(handle, kUncorrected, kSinceDriverLoad, &errors) == kSuccess)
      gpu.uncorrected = static_cast<std::int64_t>(errors);
    unsigned pending = 0, corrected = 0, uncorrected = 0, remap = 0, failed = 0;
    if (call_.retired_pending != nullptr && call_.retired_pending(handle, &pending) == kSuccess)
      gpu.repair_pending = pending != 0;
    if (call_.remapped_rows != nullptr &&
        call_.remapped_rows(handle, &corrected, &uncorrected, &remap, &failed) == kSuccess)
      gpu.repair_pending = gpu.repair_pending || remap != 0 || failed != 0;
  }

  void* const library_;
  const Functions call_;
  std::mutex mutex_;        // guards what follows, and lets one thread read at a time
  std::vector<Gpu> known_;  // of the last reading
};

}  // namespace

Result<std::unique_ptr<GpuMonitor>> open_nvml(const std::string& name) {
  void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return not_found("no NVML: " + std::string(dlerror()));
  const Functions call = functions_of(library);
  const bool whole = call.init != nullptr && call.count != nullptr && call.by_index != nullptr && call.uuid != nullptr;
  const Answer answer = whole ? call.init() : kSuccess;
  if (whole && answer == kSuccess) return std::make_unique<Nvml>(library, call);
  const char* why = call.error_text == nullptr ? "too old, or none" : call.error_text(answer);
  Failure failed =
      not_found("no NVML: " + name + (whole ? std::string(" does not start: ") + why : " lacks functions"));
  dlclose(library);
  return failed;
}

}  // namespace oodml::worker
