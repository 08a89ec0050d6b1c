#include <algorithm>
#include <cstdlib>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/connected.h"
#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/scale/batch_script.h"
#include "coordinator/cli/scale/kubernetes/kubernetes_cluster.h"
#include "coordinator/cli/scale/reconcile.h"
#include "coordinator/cli/scale/scaler.h"
#include "coordinator/cli/scale/slurm_cluster.h"
#include "coordinator/cli/scale/state_json.h"
#include "coordinator/cli/scale/status_text.h"
#include "core/base/words.h"
#include "core/job/worker_name.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

struct ScaleOptions {
  std::string verb, argument;
  fs::path state;
  bool once = false, dry_run = false, print_template = false;
};

job::Scripts scripts_of(const v1::WaitingTrials& group) {
  if (!group.scripts()) return job::Scripts::kNone;
  return group.scripts_on_worker() ? job::Scripts::kOnWorker : job::Scripts::kTravel;
}

scale::Waiting waiting_of(const v1::WaitingTrials& group) {
  return {.need = {.benchmark = group.benchmark(),
                   .split = group.split(),
                   .test_benchmark = group.test_benchmark(),
                   .weights = group.weights(),
                   .cpu_threads = group.cpu_threads(),
                   .replicas = group.replicas(),
                   .gpu_memory_mib = group.gpu_memory_mib(),
                   .program = group.program(),
                   .scripts = scripts_of(group)},
          .trials = group.trials()};
}

Result<scale::Backlog> ask_backlog(Session& session) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::ListBacklogReply reply, client->backlog());
  OODML_ASSIGN_OR_RETURN(const v1::ListWorkersReply workers, client->workers());
  scale::Backlog backlog;
  for (const auto& group : reply.waiting()) backlog.waiting.push_back(waiting_of(group));
  for (const auto& worker : workers.workers()) {
    if (!is_connected(worker)) continue;
    backlog.workers.insert(job::worker_name({worker.worker().worker_id()}));
  }
  return backlog;
}

fs::path state_folder(const Session& session) { return scale::default_state_folder(session.around.environment); }

/// The file is the scaler's for one look at a time, so that others (status, resume, another --once) come in between.
Status look_once(const fs::path& path, scale::Scaler& scaler, bool dry_run) {
  OODML_ASSIGN_OR_RETURN(const scale::StateFile file, scale::StateFile::open(path));
  return scaler.look(file, dry_run);
}

/// What waits a moment: until the next look, or until `changed` says that there is news.
bool interrupted_before_next_look(Session& session, const scale::ScaleConfig& config, int interrupts_before,
                                  const std::function<bool()>& changed) {
  constexpr Duration kSlice = std::chrono::milliseconds(500);
  for (Duration waited{}; waited < config.interval && !changed(); waited += kSlice) {
    if (session.interrupted_within(std::min(kSlice, config.interval - waited), interrupts_before)) return true;
  }
  return false;
}

/// Looks, now and again or once. `changed`: whether the cluster has news before the interval is over.
Result<int> look_after(Session& session, const ScaleOptions& options, const scale::ScaleConfig& config,
                       scale::Cluster& cluster, const std::function<bool()>& changed) {
  const fs::path path = options.state.empty() ? state_folder(session) / (config.name + ".json") : options.state;
  const auto say = [&](const std::string& line) {
    session.note(to_iso8601(session.around.clock.now()) + " " + line + "\n");
  };
  scale::Scaler scaler(config, cluster, [&] { return ask_backlog(session); }, session.around.clock, say);
  if (options.once || options.dry_run) {
    OODML_RETURN_IF_ERROR(look_once(path, scaler, options.dry_run));
    if (!scaler.trouble().empty()) return unavailable(scaler.trouble());
    return kExitDone;
  }
  const int interrupts_before = session.around.interrupts();
  say("scaling " + config.name + " with its state in " + path.string());
  do {
    OODML_RETURN_IF_ERROR(look_once(path, scaler, false));
  } while (!interrupted_before_next_look(session, config, interrupts_before, changed));
  return kExitDone;
}

Result<scale::ScaleConfig> config_of(const ScaleOptions& options, scale::Scheduler scheduler) {
  if (!options.argument.empty()) return scale::read_scale_config(options.argument, scheduler);
  return invalid_argument("scale " + options.verb + " wants its configuration, as in: oodml scale " + options.verb +
                          " scale.yaml");
}

Result<int> scale_kubernetes(Session& session, const ScaleOptions& options) {
  OODML_ASSIGN_OR_RETURN(const scale::ScaleConfig config, config_of(options, scale::Scheduler::kKubernetes));
  OODML_ASSIGN_OR_RETURN(scale::KubeAccess access,
                         scale::kube_access(config.kubernetes, config.command_timeout, session.around.environment));
  scale::KubernetesCluster cluster(config, std::move(access));
  if (!options.once && !options.dry_run) cluster.start_watching();
  return look_after(session, options, config, cluster, [&] { return cluster.changed(); });
}

Result<int> scale_slurm(Session& session, const ScaleOptions& options) {
  OODML_ASSIGN_OR_RETURN(const scale::ScaleConfig config, config_of(options, scale::Scheduler::kSlurm));
  for (const char* variable : {"OODML_TOKEN", "OODML_TOKEN_FILE"}) ::unsetenv(variable);  // jobs get what is left
  scale::SlurmCluster cluster(config);
  return look_after(session, options, config, cluster, [] { return false; });
}

/// The states that --state, or else the usual folder, has.
std::vector<fs::path> state_files(Session& session, const ScaleOptions& options) {
  if (!options.state.empty()) return {options.state};
  std::vector<fs::path> files;
  std::error_code none_there;
  for (const auto& entry : fs::directory_iterator(state_folder(session), none_there)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

Result<int> status(Session& session, const ScaleOptions& options) {
  Json scalers = Json::array();
  std::string text;
  for (const fs::path& file : state_files(session, options)) {
    OODML_ASSIGN_OR_RETURN(const scale::ScaleState state, scale::read_state(file));
    scalers.push_back({{"name", file.stem().string()}, {"state", scale::json_of(state)}});
    text += (text.empty() ? "" : "\n") +
            scale::status_text(file.stem().string(), state, session.around.clock.now(), session.around.out_style);
  }
  if (text.empty()) text = "No scaler of yours has looked yet. Start one with: oodml scale slurm CONFIG.yaml\n";
  session.print([&] { return Json{{"scalers", scalers}}; }, [&] { return text; });
  return kExitDone;
}

Result<int> resume(Session& session, const ScaleOptions& options) {
  if (options.argument.empty()) return invalid_argument("scale resume wants a profile, as in: oodml scale resume gpu");
  std::vector<std::string> known;
  int resumed = 0;
  for (const fs::path& path : state_files(session, options)) {
    OODML_ASSIGN_OR_RETURN(const scale::StateFile file, scale::StateFile::open(path));
    OODML_ASSIGN_OR_RETURN(scale::ScaleState state, file.read());
    for (const auto& [name, profile] : state.profiles) known.push_back(name);
    const auto profile = state.profiles.find(options.argument);
    if (profile == state.profiles.end()) continue;
    scale::resume(profile->second);
    OODML_RETURN_IF_ERROR(file.write(state));
    ++resumed;
  }
  if (resumed == 0) {
    return not_found("no profile '" + one_line(options.argument) + "' of a scaler here; known are " +
                     (known.empty() ? "none" : joined(known)));
  }
  session.print([&] { return Json{{"resumed", options.argument}}; },
                [&] { return "Profile " + options.argument + " asks for workers again at the next look.\n"; });
  return kExitDone;
}

Result<int> run_scale(Session& session, const ScaleOptions& options) {
  if (options.print_template) {
    session.print(std::string(scale::kDefaultScript));
    return kExitDone;
  }
  if (options.verb == "slurm") return scale_slurm(session, options);
  if (options.verb == "kubernetes") return scale_kubernetes(session, options);
  if (options.verb == "status") return status(session, options);
  if (options.verb == "resume") return resume(session, options);
  return invalid_argument("scale wants slurm, kubernetes, status or resume; see oodml scale --help");
}

}  // namespace

void add_scale(CommandLine& line) {
  CLI::App* command = line.add(
      "scale", "Start and stop workers through the cluster's own scheduler (Slurm, Kubernetes), as there is work",
      "Service",
      {"oodml scale slurm scale.yaml", "oodml scale slurm scale.yaml --dry-run",
       "oodml scale slurm scale.yaml --once        # from cron", "oodml scale kubernetes scale.yaml",
       "oodml scale status", "oodml scale resume gpu",
       "oodml scale --print-template > worker.sh   # the script of jobs, to be changed"});
  auto options = std::make_shared<ScaleOptions>();
  command
      ->add_option(
          "verb", options->verb,
          "slurm, kubernetes: look at the backlog now and again, and ask for workers; status: what scalers of yours "
          "found last; resume: try a paused profile again")
      ->type_name("slurm|kubernetes|status|resume")
      ->check(CLI::IsMember({"slurm", "kubernetes", "status", "resume"}).description(""));
  command->add_option("argument", options->argument, "The configuration (slurm, kubernetes), or a profile (resume)")
      ->type_name("FILE|PROFILE");
  command->add_flag("--once", options->once, "One look, then end; fails when something is wrong");
  command->add_flag("--dry-run", options->dry_run, "One look that changes nothing: says what would be done");
  command->add_flag("--print-template", options->print_template, "Print the script of jobs that holds unless said");
  command
      ->add_option("--state", options->state, "The scaler's memory; by default NAME.json in ~/.local/state/oodml/scale")
      ->type_name("FILE");
  line.on(command, [options](Session& session) { return run_scale(session, *options); });
}

}  // namespace oodml::cli
