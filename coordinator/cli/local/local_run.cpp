#include "coordinator/cli/local/local_run.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/local_data.h"
#include "coordinator/cli/local/local_plan.h"
#include "coordinator/cli/local/local_tokens.h"
#include "coordinator/cli/local/missing_data.h"
#include "coordinator/cli/local/table_check.h"
#include "coordinator/cli/local/trial_reads.h"
#include "coordinator/cli/output/sweeps_text.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/trial_text.h"
#include "coordinator/cli/sweep_scripts.h"
#include "coordinator/cli/sweep_source.h"
#include "coordinator/cli/watch/follow.h"
#include "core/base/ids.h"
#include "core/base/sha256.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "proto/convert/job_convert.h"

namespace oodml::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kLookInterval{1};

/// The most that any trial wants of a slot.
struct Wanted {
  std::int64_t threads = 1;  ///< On a CPU, of all its replicas.
  std::int64_t replicas = 1;
};

Wanted wanted_by(const job::SweepPlan& plan) {
  Wanted most;
  for (const job::PlannedTrial& trial : plan.trials) {
    const std::int64_t replicas = trial.spec.values.value_or<std::int64_t>("replicas", 1);
    most.threads = std::max(most.threads, trial.spec.values.integer("cpu_threads") * replicas);
    most.replicas = std::max(most.replicas, replicas);
  }
  return most;
}

/// The same file with the same settings, and the same ids where it says `split: all`, asks for the same sweep again,
/// which is how a run goes on.
std::string request_id_of(const v1::SweepText& sweep, bool reuse) {
  std::string text = sweep.yaml();
  if (reuse) text += std::string(1, '\0') + "reuse";
  for (const auto& setting : sweep.overrides()) text += '\0' + setting.key() + '\0' + setting.value();
  for (const auto& script : sweep.scripts()) text += '\0' + script.file() + '\0' + script.sha256();
  for (const auto& split : sweep.split_ids()) {
    text += '\0' + split.benchmark() + '\0' + split.split_file();
    for (const std::string& id : split.ids()) text += '\0' + id;
  }
  return sha256_hex(text).substr(0, 32);
}

/// A worker is there and none has a trial, of whatever sweep: an earlier run's leases last for a while.
bool idle(const v1::ListWorkersReply& workers) {
  constexpr std::array<std::string_view, 4> kHere = {"ready", "set aside", "cordoned", "drained"};
  const auto here = [&](const auto& worker) { return std::ranges::find(kHere, worker.state()) != kHere.end(); };
  const auto runs_nothing = [](const auto& worker) { return worker.running_trials().empty(); };
  return std::ranges::any_of(workers.workers(), here) && std::ranges::all_of(workers.workers(), runs_nothing);
}

/// Other sweeps of the state folder, from other files or settings, give way to this one.
Status settle(Session& session, Client& client, std::int64_t mine) {
  v1::ListRequest request;
  do {
    OODML_ASSIGN_OR_RETURN(const v1::ListReply page, client.list(request));
    for (const v1::SweepSummary& sweep : page.sweeps()) {
      if (sweep.sweep_id() == mine || sweep.state() != "running") continue;
      v1::ChangeRequest pause;
      pause.mutable_sweep()->set_sweep_id(sweep.sweep_id());
      pause.set_request_id(random_hex_128());
      OODML_RETURN_IF_ERROR(client.pause(pause));
      session.note("Sweep " + std::to_string(sweep.sweep_id()) + " " + sweep.name() +
                   ", of another file or other settings, is paused meanwhile; its own command goes on with it.\n");
    }
    request.set_before_sweep_id(page.next_before_sweep_id());
  } while (request.before_sweep_id() != 0);
  // It may be one that gave way earlier, or share trials with one that gives way now.
  v1::GetRequest get;
  get.mutable_sweep()->set_sweep_id(mine);
  get.set_limit(1);
  OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get(get));
  if (reply.sweep().counts().paused() == 0) return {};
  v1::ChangeRequest resume;
  resume.mutable_sweep()->set_sweep_id(mine);
  resume.set_request_id(random_hex_128());
  OODML_RETURN_IF_ERROR(client.resume(resume));
  return {};
}

/// Watches over children and progress while `follow` shows the sweep.
class Overseer {
 public:
  Overseer(Client& client, LocalServices& services, const WatchModel& model, std::int64_t sweep, const DataRoots& roots)
      : client_(client), services_(services), model_(model), sweep_(sweep), roots_(roots) {}

  Status check() {
    OODML_RETURN_IF_ERROR(services_.check());
    const auto now = steady_clock::now();
    if (!model_.sweep() || now - looked_ < kLookInterval) return {};
    looked_ = now;
    const auto& counts = model_.sweep()->counts();
    v1::GetReply waiting;
    bool worker_idle = false;
    if (counts.running() == 0 && counts.queued() > 0) {
      v1::GetRequest request;
      request.mutable_sweep()->set_sweep_id(sweep_);
      request.add_states("queued");
      OODML_ASSIGN_OR_RETURN(waiting, client_.get(request));
      OODML_ASSIGN_OR_RETURN(const v1::ListWorkersReply workers, client_.workers());
      worker_idle = idle(workers);
    }
    const Status stuck =
        detector_.look(waiting.has_sweep() ? waiting.sweep() : *model_.sweep(), worker_idle, waiting, now);
    if (stuck.ok()) return {};
    const std::string weights =
        roots_.weights.empty() ? "no folder was named for weights" : "weights in " + roots_.weights.string();
    return {stuck.code(), stuck.message() + "\nBenchmarks are looked for in " + roots_.benchmarks.string() +
                              " (--benchmarks-root), " + weights + " (--weights-root); the worker's log is " +
                              services_.worker_log().string()};
  }

 private:
  Client& client_;
  LocalServices& services_;
  const WatchModel& model_;
  std::int64_t sweep_;
  const DataRoots& roots_;
  StuckDetector detector_;
  steady_clock::time_point looked_{};
};

void choose_slots(LocalOptions& options, const job::SweepPlan& plan) {
  // On a machine with GPUs the worker makes slots of them and shares the threads out.
  const bool on_gpus = options.slots == 0 && std::filesystem::exists("/dev/nvidiactl");
  const Wanted wanted = wanted_by(plan);
  options.gpus_per_slot = wanted.replicas;
  if (on_gpus) return;
  if (options.threads_per_slot == 0) options.threads_per_slot = wanted.threads;
  if (options.slots == 0) options.slots = default_slots(std::thread::hardware_concurrency(), options.threads_per_slot);
}

/// Before anything is started, unless trials have results already: those need no data. Then once it can be asked for
/// them.
Status check_data(const std::vector<identity::TrialReads>& reads, const DataRoots& roots, const LocalOptions& options) {
  const Status here = check_data_is_here(reads, reads.size(), roots);
  const bool may_have_results = !options.sharing.rerun && std::filesystem::exists(StatePaths{options.state}.database());
  return here.ok() || may_have_results ? Status() : here;
}

/// The same command was answered before and would be answered so again: whether its results are still of the data
/// that there are is asked beforehand, and whether those that have none yet find their data.
Status check_results(Client& client, const v1::SubmitRequest& submission, const DataRoots& roots) {
  v1::PlanRequest request;
  *request.mutable_sweep() = submission.sweep();
  *request.mutable_on_disk() = submission.on_disk();
  request.set_with_trials(true);
  OODML_ASSIGN_OR_RETURN(const v1::PlanReply plan, client.plan(request));
  if (!submission.reuse() && !plan.refusal().empty()) return failed_precondition(plan.refusal());
  return check_data_is_here(reads_of(plan), static_cast<std::size_t>(plan.planned_size()), roots);
}

Result<v1::SubmitReply> submit(Client& client, const v1::SweepText& sweep, const LocalOptions& options,
                               const DataRoots& roots, const job::DataStamps& on_disk) {
  v1::SubmitRequest request;
  *request.mutable_sweep() = sweep;
  OODML_RETURN_IF_ERROR(apply(options.sharing, request));
  convert::add_stamps(on_disk, *request.mutable_on_disk());
  // To run again is a wish of its own every time; what was begun so is gone on with by the command without it.
  request.set_request_id(options.sharing.rerun ? random_hex_128() : request_id_of(sweep, options.sharing.reuse));
  if (!options.sharing.rerun) OODML_RETURN_IF_ERROR(check_results(client, request, roots));
  OODML_RETURN_IF_ERROR(send_scripts(client, scripts_folder(options.source), sweep));
  OODML_ASSIGN_OR_RETURN(const v1::SubmitReply reply, client.submit(request));
  if (!options.retry_failed) return reply;
  v1::ChangeRequest retry;
  retry.mutable_sweep()->set_sweep_id(reply.sweep_id());
  retry.set_request_id(random_hex_128());
  OODML_RETURN_IF_ERROR(client.retry(retry));
  return reply;
}

std::string started_text(const LocalOptions& options, const StatePaths& state, const DataRoots& roots, int port) {
  const std::string places = options.slots > 0 ? counted(options.slots, "trial") + " at once, " +
                                                     counted(options.threads_per_slot, "thread") + " each"
                                               : std::string("one trial a GPU");
  return "State in " + state.folder.string() + ", benchmarks from " + roots.benchmarks.string() + ", " + places +
         ".\nNow and later --state " + options.state.string() +
         " reads it (list, show, watch, logs, results). While it runs, other terminals change it with --coordinator " +
         Address{.port = port}.text() + " --token-file " + state.person_token().string() + ".\n";
}

/// Where to read why trials failed: the first of them by its log, all of them by a command.
Status explain_failures(Session& session, Client& client, std::int64_t sweep, const StatePaths& state,
                        const LocalOptions& options) {
  v1::GetRequest request;
  request.mutable_sweep()->set_sweep_id(sweep);
  request.add_states("failed");
  request.set_limit(1);
  OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get(request));
  const std::string id = std::to_string(sweep), flag = " --state " + options.state.string();
  std::string text = "Why: oodml show " + id + flag +
                     "; again: the same command with --retry-failed. The worker's log: " + state.worker_log().string() +
                     "\n";
  for (const auto& trial : reply.trials()) {
    text += "Trial " + std::to_string(trial.trial_id()) + " failed, " +
            one_line(trial_note(trial, session.now_millis())) + "\n";
    const auto log = state.trial_log(trial.fingerprint(), trial.attempt());
    if (std::filesystem::exists(log)) text += "What it printed: " + log.string() + "\n";
  }
  session.note(text);
  return {};
}

/// The table as it was asked for; when that cannot be made after all, the usual one with the reason.
Status show_table(Session& session, const LocalOptions& options, std::int64_t sweep) {
  ResultsOptions wanted = options.results;
  wanted.sweep = std::to_string(sweep);
  const Result<int> shown = show_results(session, wanted);
  if (shown || shown.error().code() != StatusCode::kInvalidArgument) return shown ? Status() : shown.error();
  session.note(shown.error().message() + "\nThe usual table instead:\n");
  const Result<int> usual = show_results(session, {.sweep = wanted.sweep});
  return usual ? Status() : usual.error();
}

/// Submits, watches and prints the results; the services run.
Result<int> use(Session& session, LocalServices& services, const v1::SweepText& sweep, const LocalOptions& options,
                const DataRoots& roots, const job::DataStamps& on_disk, int interrupts_before) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::SubmitReply submitted, submit(*client, sweep, options, roots, on_disk));
  session.note(submit_text(submitted, session.around.err_style));
  OODML_RETURN_IF_ERROR(settle(session, *client, submitted.sweep_id()));
  OODML_RETURN_IF_ERROR(services.start_worker());
  v1::SweepRef ref;
  ref.set_sweep_id(submitted.sweep_id());
  WatchModel model;
  Overseer overseer(*client, services, model, submitted.sweep_id(), roots);
  const std::unique_ptr<WatchSink> sink = make_sink(session, session.format != Format::kTable);
  Result<FollowEnd> end =
      follow(session, *client, ref, *sink, model, [&] { return overseer.check(); }, interrupts_before);
  if (!end) return failure(end.error());
  if (*end == FollowEnd::kInterrupted) {
    session.note("Stopping: running trials write a checkpoint (Ctrl-C again stops at once) ...\n");
    return kExitInterrupted;
  }
  if (session.format == Format::kTable) session.print("\n");
  OODML_RETURN_IF_ERROR(show_table(session, options, submitted.sweep_id()));
  if (!model.incomplete()) return kExitDone;
  session.note("Not every trial has a result (" + counts_text(model.sweep()->counts(), session.around.err_style) +
               ").\n");
  OODML_RETURN_IF_ERROR(explain_failures(session, *client, submitted.sweep_id(), services.state(), options));
  return kExitIncomplete;
}

}  // namespace

std::int64_t default_slots(std::int64_t cores, std::int64_t threads) {
  return std::max<std::int64_t>(1, cores / std::max<std::int64_t>(1, threads));
}

Result<int> run_local(Session& session, LocalOptions options) {
  const DataRoots roots = data_roots(session.around, options.roots.benchmarks, options.roots.weights);
  OODML_ASSIGN_OR_RETURN(v1::SweepText sweep, read_sweep(options.source, session.around.in));
  OODML_ASSIGN_OR_RETURN(const job::SweepPlan plan, plan_here(sweep, split_ids_below(roots)));
  if (!sweep.scripts().empty() && !options.allow_scripts) {
    return failed_precondition("the sweep names script " + sweep.scripts(0).file() +
                               ", a program of whoever wrote it, and none is run here without --allow-scripts");
  }
  choose_slots(options, plan);
  OODML_RETURN_IF_ERROR(check_table(options.results, plan));
  const std::vector<identity::TrialReads> reads = reads_of(plan);
  OODML_RETURN_IF_ERROR(check_data(reads, roots, options));
  OODML_ASSIGN_OR_RETURN(const StateFolder state, StateFolder::open(options.state));
  const job::DataStamps on_disk = local_data(reads, roots, state.paths().worker_state() / "hashes");
  // From here on stopping is ours: children must be ended in order. One count for all that follows, or an interrupt
  // between two stages would be nobody's.
  const int interrupts_before = session.around.interrupts();
  Result<LocalServices> services = LocalServices::start(session, state.paths(), options, roots, interrupts_before);
  if (!services) return failure(services.error());
  session.note(started_text(options, state.paths(), roots, services->port()));
  session.connection = connection_to_run(state.paths(), Address{.port = services->port()}.text());
  Result<int> code = use(session, *services, sweep, options, roots, on_disk, interrupts_before);
  if (!code) session.note("Stopping after a failure (Ctrl-C stops at once) ...\n");
  services->stop(session);
  if (code && *code == kExitInterrupted)
    session.note(options.sharing.rerun ? "Stopped. The same command without --rerun goes on from here.\n"
                                       : "Stopped. The same command goes on from here.\n");
  return code;
}

}  // namespace oodml::cli
