#include <signal.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "core/base/guard.h"
#include "core/base/hangup.h"
#include "core/base/parent_process.h"
#include "core/base/words.h"
#include "core/connection/client_settings.h"
#include "core/daemon/logging.h"
#include "core/daemon/service_manager.h"
#include "worker/benchmark_scan.h"
#include "worker/data_watch.h"
#include "worker/devices/machine_devices.h"
#include "worker/devices/nvml.h"
#include "worker/lease_loop.h"
#include "worker/main_options.h"
#include "worker/run_keeper.h"
#include "worker/state_folder.h"
#include "worker/stray_processes.h"
#include "worker/weights_scan.h"

namespace oodml::worker {
namespace {

constexpr Duration kProbeLimit = std::chrono::minutes(2);

/// SIGTERM, SIGINT and SIGHUP (not after nohup), taken by a thread of their own: the first drains, the next kills.
/// SIGUSR2: the machine was mended.
class SignalThread {
 public:
  /// Blocks the signals for every thread made later.
  static void block() {
    const sigset_t signals = wanted();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
  }

  SignalThread(LeaseLoop& loop, const daemon::ServiceManager& manager)
      : thread_([this, &loop, &manager] { listen(loop, manager); }) {}
  ~SignalThread() {
    ended_ = true;
    ::pthread_kill(thread_.native_handle(), SIGUSR1);
  }

 private:
  static sigset_t wanted() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) ::sigaddset(&signals, signal);
    if (!hangup_is_ignored()) ::sigaddset(&signals, SIGHUP);
    return signals;
  }

  void listen(LeaseLoop& loop, const daemon::ServiceManager& manager) {
    const sigset_t signals = wanted();
    bool told = false;
    while (!ended_) {
      int signal = 0;
      if (::sigwait(&signals, &signal) != 0 || signal == SIGUSR1) continue;
      if (signal == SIGUSR2) {
        loop.look_again();
        continue;
      }
      spdlog::info("{} signal {}", told ? "second" : "first", signal);
      if (told) {
        loop.kill_now();
      } else {
        manager.stopping();
        loop.drain();
      }
      told = true;
    }
  }

  std::atomic<bool> ended_{false};
  std::jthread thread_;
};

/// In the environment of everything that its trials start.
std::string mark_of(const StateFolder& state) {
  return std::string(kRunFolderVariable) + "=" + state.runs().string() + "/";
}

LoopOptions loop_options(const WorkerOptions& options, const StateFolder& state) {
  using std::chrono::seconds;
  LoopOptions loop;
  loop.slot.trial = {.core = options.core,
                     .benchmarks_root = options.benchmarks_root,
                     .weights_root = options.weights_root,
                     .scripts_root = options.scripts_root,
                     .runs = state.runs(),
                     .stall = seconds(options.stall_seconds),
                     .grace = seconds(options.grace_seconds),
                     .programs = options.programs,
                     .python = options.python};
  loop.slot.spool = state.spool();
  if (options.resume_at_once) loop.left_behind = job::Outcome::kPreempted;
  loop.slot.ready = [&state, mib = options.min_free_mib] { return state.check_free_space(mib); };
  loop.outage = seconds(options.outage_seconds);
  loop.delivery = seconds(options.delivery_seconds);
  const auto millis = [](double seconds) { return Duration(static_cast<std::int64_t>(seconds * 1000)); };
  if (options.exit_when_idle_seconds) loop.exit_when_idle = millis(*options.exit_when_idle_seconds);
  loop.time_reserve = options.time_reserve;
  loop.give_up = millis(options.give_up_after_seconds);
  loop.slot.look = [core = options.core](const job::Slot& slot) -> Status {
    if (!slot.gpus.empty()) return exercise_gpus(core, kProbeLimit, slot.gpus);
    OODML_ASSIGN_OR_RETURN(const std::vector<Device> devices, probe_devices(core, kProbeLimit));
    return check_devices(slot, devices);
  };
  loop.slot.upload = seconds(options.upload_seconds);
  loop.artifact_root = options.artifact_root;
  loop.scan = BenchmarkScan(options.benchmarks_root);
  loop.scan_weights = WeightsScan(options.weights_root);
  return loop;
}

Result<MachineDevices> devices_of(const WorkerOptions& options) {
  const auto probe = [&](const std::optional<std::string>& visible) {
    return probe_devices(options.core, kProbeLimit, {.visible = visible});
  };
  OODML_ASSIGN_OR_RETURN(
      MachineDevices found,
      find_devices({.nvml = open_nvml(), .probe = probe, .environment = process_environment}, options.devices));
  for (const std::string& warning : found.warnings) spdlog::warn("{}", warning);
  return found;
}

/// nullptr where nothing tells how the GPUs are.
std::shared_ptr<GpuWatch> watch_gpus(const WorkerOptions& options, const StateFolder& state,
                                     std::unique_ptr<GpuMonitor> monitor, const std::vector<job::Slot>& slots) {
  static const SystemClock clock;  // a thread that hangs in the driver outlives the worker
  const bool none = std::ranges::all_of(slots, [](const job::Slot& slot) { return slot.gpus.empty(); });
  if (!monitor || none) return nullptr;
  GpuTerms terms{
      .file = options.state_dir / "gpus.json",
      .others_mib = options.others_mib,
      .share = options.share_devices,
      .retry = options.retry_devices,
      .ours = [mark = mark_of(state)](pid_t process) { return carries_mark(process, mark); },
      .probe = [core = options.core](
                   const std::vector<std::string>& uuids) { return exercise_gpus(core, kProbeLimit, uuids); }};
  return std::make_shared<GpuWatch>(std::make_shared<GpuHealth>(std::move(monitor), clock, std::move(terms), slots));
}

/// The exit code of a worker that came up.
Result<int> run(const WorkerOptions& options, const daemon::ServiceManager& manager) {
  OODML_ASSIGN_OR_RETURN(const StateFolder state, StateFolder::open(options.state_dir));
  OODML_ASSIGN_OR_RETURN(const WorkerId id, state.worker_id(options.name));
  if (const int strays = kill_stray_processes(mark_of(state)); strays > 0) {
    spdlog::warn("killed processes that an earlier life left behind count={}", strays);
  }
  OODML_ASSIGN_OR_RETURN(MachineDevices machine, devices_of(options));
  OODML_ASSIGN_OR_RETURN(const std::vector<job::Slot> slots, plan_slots(machine.devices, options.slots));
  const auto client = connect(options.connection, id);
  for (const auto& [name, program] : options.programs)
    spdlog::info("program {} file={} parameters={}", name, program.file.string(), program.params.size());
  for (const job::Slot& slot : slots)
    spdlog::info("slot {} threads={} memory_mib={} model={} gpus={}", slot.name, slot.threads, slot.memory_mib,
                 slot.model, joined(slot.gpus, ","));
  spdlog::info("oodml-worker {} worker={} coordinator={} state={}", OODML_VERSION, id.value, options.connection.address,
               options.state_dir.string());

  SystemClock clock;
  SystemProcessLauncher launcher;
  const job::WorkerInfo info{.id = id,
                             .host = host_name(),
                             .version = OODML_VERSION,
                             .slots = slots,
                             .programs = offers_of(options.programs),
                             .runs_scripts = !options.scripts_root.empty(),
                             .ends_at = options.ends_at};
  const DataWatch data({options.benchmarks_root, options.weights_root, state.hashes(), options.programs}, clock);
  LoopOptions loop_with = loop_options(options, state);
  loop_with.slot.gpus = watch_gpus(options, state, std::move(machine.monitor), slots);
  loop_with.data = loop_with.slot.trial.data = [&data] { return data.now(); };
  loop_with.run_keeper = [&](RunsInUse in_use) {
    return std::make_unique<RunKeeper>(state.runs(), options.keep_runs, std::move(in_use), clock);
  };
  loop_with.registered = [&] { manager.ready("worker " + id.value + " of " + options.connection.address); };
  manager.status("waiting for the coordinator at " + options.connection.address);
  LeaseLoop loop(std::move(loop_with), info, *client, launcher, clock);
  const SignalThread signals(loop, manager);
  const Status ended = loop.run();
  if (!loop.gave_up() && !ended.ok()) return failure(ended);
  if (loop.gave_up()) spdlog::error("{}", ended.message());
  return loop.gave_up() ? kExitUnreachable : kExitDone;
}

int run_main(int argc, char** argv) {
  log_grpc_at_debug_level();
  const auto options = read_worker_options(argc, argv);
  if (!options.has_value()) return options.error();
  daemon::set_up_logging("oodml-worker", options->log);
  const daemon::ServiceManager manager = daemon::ServiceManager::from_environment();
  if (options->parent != 0 && !end_with_parent(static_cast<pid_t>(options->parent), SIGTERM)) {
    std::fprintf(stderr, "%s: the process %lld, which this one was to end with, has ended\n", argv[0],
                 static_cast<long long>(options->parent));
    return kExitFailed;
  }
  for (const std::string& warning : options->warnings) spdlog::warn("{}", warning);
  SignalThread::block();
  const Result<int> ended = run(*options, manager);
  if (ended) return *ended;
  daemon::tell_failure("oodml-worker", ended.error().message());
  return exit_code_here(ended.error().code());
}

}  // namespace
}  // namespace oodml::worker

int main(int argc, char** argv) {
  return oodml::run_program("oodml-worker", [&] { return oodml::worker::run_main(argc, argv); });
}
