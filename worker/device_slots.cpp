#include "worker/device_slots.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/atomic_file.h"
#include "core/base/code_point.h"
#include "core/base/words.h"
#include "core/job/limits.h"
#include "worker/process_launcher.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kMaxProbe = 1 << 20;

struct ProbeRun {
  ExitStatus status;
  bool timed_out = false;
};

/// A file in memory, so that no folder for temporary files has to be there, writable and with room.
class Answer {
 public:
  Answer() : file_(::memfd_create("oodml-probe", MFD_CLOEXEC)) {}
  ~Answer() {
    if (file_ >= 0) ::close(file_);
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  bool is_open() const { return file_ >= 0; }
  fs::path path() const { return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file_); }

 private:
  int file_;
};

/// In a folder that every machine has and no other process takes for its mark: this process's own below /proc.
Result<ProbeRun> run_probe(const fs::path& core, const Answer& answer, Duration at_most, const ProbeWishes& wishes) {
  SystemProcessLauncher launcher;
  LaunchSpec spec{.command = {core.string(), "probe", "--json"},
                  .folder = "/proc/" + std::to_string(::getpid()),
                  .log = answer.path(),
                  .environment = {}};
  if (wishes.exercise) spec.command.emplace_back("--exercise");
  if (wishes.visible) spec.environment.push_back("CUDA_VISIBLE_DEVICES=" + *wishes.visible);
  OODML_ASSIGN_OR_RETURN(const auto process, launcher.launch(spec));
  const SystemClock clock;
  const auto deadline = clock.steady_now() + at_most;
  while (!process->read(std::chrono::milliseconds(100)).ended) {
    if (clock.steady_now() >= deadline) return ProbeRun{{}, true};
  }
  return ProbeRun{process->status(), false};
}

/// Warnings of libraries may stand before it: the answer is the last line that is an object.
std::string last_object(const std::string& text) {
  std::size_t end = text.size();
  while (end > 0) {
    const std::size_t newline = text.rfind('\n', end - 1);
    const std::size_t start = newline == std::string::npos ? 0 : newline + 1;
    if (start < end && text[start] == '{') {
      const std::string tail = text.substr(start);
      if (json::accept(tail)) return tail;
    }
    if (newline == std::string::npos) break;
    end = newline;
  }
  return text;
}

/// On one line, and as long as the wire takes a name.
std::string text_of(const json& device, const char* key) {
  if (!device.contains(key) || !device[key].is_string()) return "";
  std::string text = device[key].get<std::string>();
  std::erase_if(text, [](unsigned char c) { return std::iscntrl(c) != 0; });
  return std::string(beginning_of(text, job::kMaxNameBytes));
}

}  // namespace

Result<std::vector<Device>> parse_probe(const std::string& text) {
  const json object = json::parse(last_object(text), nullptr, false);
  if (!object.is_object() || !object.contains("devices") || !object["devices"].is_array()) {
    return invalid_argument("no JSON object with a list 'devices': " + text.substr(0, 200));
  }
  std::vector<Device> devices;
  for (const json& item : object["devices"]) {
    if (!item.is_object() || !item.contains("name") || !item["name"].is_string()) {
      return invalid_argument("a device without a name: " + item.dump().substr(0, 200));
    }
    const auto number = [&](const char* key) {
      return item.contains(key) && item[key].is_number_integer() ? item[key].get<std::int64_t>() : std::int64_t{0};
    };
    devices.push_back({item["name"].get<std::string>(), number("threads"), number("memory_mib"), text_of(item, "model"),
                       text_of(item, "uuid"), text_of(item, "fault")});
  }
  return devices;
}

Result<std::vector<Device>> probe_devices(const fs::path& core, Duration at_most, const ProbeWishes& wishes) {
  const Answer answer;
  if (!answer.is_open()) return system_failure("make a file in memory", errno);
  const auto run = run_probe(core, answer, at_most, wishes);
  const auto text = read_file(answer.path(), kMaxProbe);
  const std::string what = "devices of this machine: " + core.string() + " probe --json ";
  if (!run.has_value()) return failure(run.error());
  if (run->timed_out) {
    return failure(StatusCode::kDeadlineExceeded,
                   what + "gave no answer within " + std::to_string(at_most.count() / 1000) + " s");
  }
  if (!text.has_value()) return failure(text.error());
  if (run->status != ExitStatus{}) {
    return failed_precondition(what + "ended with " + to_text(run->status) + ": " + text->substr(0, 500));
  }
  auto devices = parse_probe(*text);
  if (!devices.has_value()) return invalid_argument(what + "gave " + devices.error().message());
  return devices;
}

Status exercise_gpus(const fs::path& core, Duration at_most, const std::vector<std::string>& uuids) {
  OODML_ASSIGN_OR_RETURN(const std::vector<Device> devices,
                         probe_devices(core, at_most, {.visible = joined(uuids, ","), .exercise = true}));
  std::size_t seen = 0;
  for (const Device& device : devices) {
    if (!device.name.starts_with("cuda:")) continue;
    const std::string name = seen < uuids.size() ? uuids[seen] : device.name;
    if (!device.fault.empty()) return failed_precondition("GPU " + name + " does not compute: " + device.fault);
    ++seen;
  }
  if (seen >= uuids.size()) return {};
  return failed_precondition("of the GPUs " + joined(uuids) + " CUDA shows " + std::to_string(seen));
}

Status check_devices(const job::Slot& slot, const std::vector<Device>& devices) {
  std::istringstream names(slot.device);
  for (std::string name; std::getline(names, name, ',');) {
    if (std::ranges::find(devices, name, &Device::name) != devices.end()) continue;
    std::vector<std::string> left;
    for (const Device& device : devices) left.push_back(device.name);
    return failed_precondition("device " + name + " of slot " + slot.name + " is gone; the machine has " +
                               joined(left));
  }
  return {};
}

namespace {

/// The slots of the GPUs; a slot's memory is that of its smallest.
std::vector<job::Slot> gpu_slots(const std::vector<Device>& devices, std::int64_t gpus_per_slot) {
  std::vector<job::Slot> slots;
  std::int64_t held = gpus_per_slot;  // GPUs of the last slot
  for (const Device& device : devices) {
    if (!device.name.starts_with("cuda:")) continue;
    const bool mig = device.uuid.starts_with("MIG-");
    if (held == gpus_per_slot || mig) {
      slots.push_back({device.name, device.name, 1, device.memory_mib, device.model});
      if (!device.uuid.empty()) slots.back().gpus = {device.uuid};
      held = mig ? gpus_per_slot : 1;
      continue;
    }
    job::Slot& slot = slots.back();
    slot.device += "," + device.name;
    if (!device.uuid.empty()) slot.gpus.push_back(device.uuid);
    ++held;
    slot.name = slot.device.size() <= job::kMaxNameBytes
                    ? slot.device
                    : slot.device.substr(0, slot.device.find(',')) + " and " + std::to_string(held - 1) + " more";
    slot.memory_mib = std::min(slot.memory_mib, device.memory_mib);
    if (slot.model != device.model) slot.model.clear();
  }
  return slots;
}

}  // namespace

Result<std::vector<job::Slot>> plan_slots(const std::vector<Device>& devices, const SlotWishes& wishes) {
  if (wishes.gpus_per_slot < 1) {
    return invalid_argument("--gpus-per-slot is 1 or more, not " + std::to_string(wishes.gpus_per_slot));
  }
  std::int64_t cores = 1;
  std::string cpu_model;
  for (const Device& device : devices) {
    if (device.name != "cpu") continue;
    cores = std::max<std::int64_t>(1, device.threads);
    cpu_model = device.model;
  }
  std::vector<job::Slot> slots = gpu_slots(devices, wishes.gpus_per_slot);
  const std::int64_t cpu_slots = wishes.cpu_slots.value_or(slots.empty() ? 1 : 0);
  const std::int64_t count = cpu_slots + static_cast<std::int64_t>(slots.size());
  if (cpu_slots < 0 || count < 1 || count > job::kMaxSlots) {
    return invalid_argument("a worker has 1 to " + std::to_string(job::kMaxSlots) + " slots, not " +
                            std::to_string(count) + " (" + std::to_string(slots.size()) + " of GPUs, " +
                            std::to_string(cpu_slots) + " CPU slots)");
  }
  for (std::int64_t i = 0; i < cpu_slots; ++i) slots.push_back({"cpu:" + std::to_string(i), "cpu", 1, 0, cpu_model});
  const std::int64_t threads = wishes.threads_per_slot.value_or(std::max<std::int64_t>(1, cores / count));
  if (threads < 1) return invalid_argument("--threads-per-slot is 1 or more, not " + std::to_string(threads));
  for (job::Slot& slot : slots) slot.threads = threads;
  return slots;
}

}  // namespace oodml::worker
