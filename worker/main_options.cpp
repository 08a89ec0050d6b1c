#include "worker/main_options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>

#include "core/base/build_info.h"
#include "core/base/clock.h"
#include "core/base/duration_text.h"
#include "core/base/exit_code.h"
#include "core/base/log_levels.h"
#include "core/command_line/problem.h"
#include "core/connection/certificates.h"
#include "core/connection/client_settings.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

fs::path program_folder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

/// Days, or nullopt for ever; no value: neither.
std::optional<std::optional<Duration>> keep_runs_of(const std::string& text) {
  if (text == "all") return std::optional<Duration>();
  double days = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, days);
  if (read.ec != std::errc() || read.ptr != end || !(days >= 0 && days <= 36500)) return std::nullopt;
  return std::optional(Duration(static_cast<std::int64_t>(days * 86'400'000)));
}

WarmTrials warm_trials_of(const std::string& word) {
  if (word == "off") return WarmTrials::kOff;
  return word == "on" ? WarmTrials::kOn : WarmTrials::kAuto;
}

void end_by(WorkerOptions& options, Time end) {
  if (!options.ends_at || end < *options.ends_at) options.ends_at = end;
}

/// When whoever started this worker will end it.
void describe_end(CLI::App& app, WorkerOptions& options) {
  const auto add = [&](const char* name, const std::function<void(Duration)>& take, const char* help) {
    return app
        .add_option_function<std::string>(
            name, [take](const std::string& text) { take(*parse_duration(text)); }, help)
        ->check(
            [](const std::string& text) { return parse_duration(text) ? std::string() : std::string(kDurationForms); })
        ->type_name("DURATION");
  };
  add(
      "--time-limit", [&options](Duration limit) { end_by(options, SystemClock().now() + limit); },
      "how long this worker may run, as in 90s, 30m, 4h or 2d: it leaves in time; SLURM_JOB_END_TIME says it too, and "
      "the earlier counts");
  add(
      "--time-reserve", [&options](Duration reserve) { options.time_reserve = reserve; },
      "how long before that end its trials stop with a checkpoint; for as long before that no new one begins")
      ->default_str("2m");
}

/// What Slurm says of its job's end: seconds since the epoch.
void read_slurm_end(WorkerOptions& options) {
  const std::string text = process_environment("SLURM_JOB_END_TIME").value_or("");
  if (text.empty()) return;
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size() && seconds > 0 && seconds < (1LL << 40)) {
    return end_by(options, from_millis(seconds * 1000));
  }
  options.warnings.push_back("SLURM_JOB_END_TIME is not a number of seconds: '" + text +
                             "'; this worker does not know its end by it");
}

/// Which GPUs it uses.
void describe_gpus(CLI::App& app, WorkerOptions& options) {
  app.add_option(
         "--devices", options.devices,
         "GPUs to use of those that CUDA_VISIBLE_DEVICES and Slurm gave: numbers from 0, UUIDs or beginnings of "
         "them, as in 0,2 or GPU-8f4c,MIG-51c2; default all")
      ->type_name("LIST");
  app.add_option(
         "--others-mib", options.others_mib,
         "memory that programs of others, a desktop say, may hold on a GPU; with more it is left alone until it "
         "is free")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  app.add_flag("--share-devices", options.share_devices,
               "use GPUs that others use as well, as far as their memory reaches");
  app.add_flag("--retry-devices", options.retry_devices,
               "use GPUs again that an earlier start found broken and set aside; SIGUSR2 does it at any time");
}

/// As they were said.
struct ProgramOptions {
  std::vector<std::string> programs, keys;
};

void describe(CLI::App& app, WorkerOptions& options, ClientOptions& client, ProgramOptions& programs) {
  app.set_version_flag("--version", version_line("oodml-worker"));
  app.footer(std::string(kClientSettingsHelp) + "\n\n" +
             exit_codes_help({kExitDone, kExitFailed, kExitUsage, kExitNotAllowed, kExitNotFound, kExitConflict,
                              kExitUnreachable}) +
             "\n7 is for a coordinator that did not answer for --give-up-after.");
  app.set_config("--config", "", "TOML file with any of these options, without their dashes");
  app.allow_config_extras(CLI::config_extras_mode::error);
  // By functions, as an empty text is an answer here: none.
  const auto add = [&](const char* name, std::optional<std::string>& value, const std::string& help) {
    app.add_option_function<std::string>(name, [&value](const std::string& text) { value = text; }, help);
  };
  add("--coordinator", client.coordinator, "coordinator, HOST:PORT; by default " + Address().text());
  app.add_option("--state-dir", options.state_dir,
                 "folder for runs, unsent events and this worker's id; one worker each")
      ->required();
  app.add_option("--benchmarks-root", options.benchmarks_root, "folder with one subfolder a benchmark")->required();
  app.add_option(
         "--weights-root", options.weights_root,
         "folder with initial weights, whose names are announced; without it, only trials that start at random come")
      ->envname("OODML_WEIGHTS_ROOT");
  app.add_option_function<std::string>(
         "--allow-scripts",
         [&options](const std::string& folder) {
           options.allow_scripts = folder != "false";
           if (folder != "true" && folder != "false") options.scripts_root = folder;
         },
         "trials may run code that torch.jit wrote, as this user: files that travel with their sweep, and those of DIR; "
         "without it, none with scripts come")
      ->expected(0, 1)
      ->type_name("[DIR]");
  app.add_option("--scripts-cache-gib", options.scripts_cache_gib,
                 "how much of such files is kept below the state folder that no trial uses now")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  app.add_option("--name", options.name, "name of this worker, default the host's; a random suffix makes it unique");
  app.add_option("--core", options.core, "the DML core, default oodml-core beside this program");
  app.add_option("--program", programs.programs,
                 "NAME=FILE, once for each program of your own: trials with program: NAME start that executable file")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  app.add_option("--program-keys", programs.keys,
                 "NAME=FILE: the parameters that the program takes, a line each, as lr: number; FILE.keys beside the "
                 "program unless said, and without either it takes any")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  app.add_option("--cpu-slots", options.slots.cpu_slots,
                 "trials at once on the CPU; default 1 without a CUDA device, else 0");
  app.add_option("--gpus-per-slot", options.slots.gpus_per_slot, "GPUs of one slot, for trials with as many replicas")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  describe_gpus(app, options);
  app.add_option("--threads-per-slot", options.slots.threads_per_slot,
                 "CPU threads of one trial; default all, divided among the slots");
  add("--token-file", client.token_file,
      "file with this worker's token, readable by this user alone; read again when it changes");
  add("--tls-ca", client.tls_ca,
      "PEM file of the authority that signed the coordinator's certificate; read again when it changes");
  app.add_flag("--insecure", client.insecure, "send the token to another machine without TLS");
  app.add_option("--stall-seconds", options.stall_seconds, "silence after which a trial counts as hung")
      ->check(CLI::Range(1, 1 << 30))
      ->capture_default_str();
  app.add_option("--grace-seconds", options.grace_seconds, "time for a checkpoint between SIGTERM and SIGKILL")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  app.add_option("--outage-seconds", options.outage_seconds, "how long trials go on without the coordinator")
      ->check(CLI::Range(1, 1 << 30))
      ->capture_default_str();
  app.add_option("--delivery-seconds", options.delivery_seconds, "on leaving, time to deliver what is unsent")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  app.add_option("--upload-seconds", options.upload_seconds,
                 "how long the report of a trial that stops waits for its checkpoint to be uploaded; on leaving, for "
                 "other uploads too")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  app.add_option(
      "--artifact-root", options.artifact_root,
      "the coordinator's --artifact-root, where this machine sees it too: files are written there instead of "
      "being sent");
  app.add_option_function<std::string>(
         "--keep-runs", [&options](const std::string& text) { options.keep_runs = *keep_runs_of(text); },
         "days that the folder of a trial stays once it is not needed any more; 0 for none, all for ever")
      ->check([](const std::string& text) {
        return std::string(keep_runs_of(text) ? "" : "a number of days, as in 7 or 0.5, or all");
      })
      ->default_str("7");
  app.add_option("--min-free-mib", options.min_free_mib, "take no trial while the state folder's disk has less free")
      ->check(CLI::Range(0, 1 << 30))
      ->capture_default_str();
  app.add_option("--exit-when-idle", options.exit_when_idle_seconds, "leave after so many seconds without a trial")
      ->check(CLI::Range(0.0, 1e9));
  describe_end(app, options);
  app.add_option(
         "--give-up-after", options.give_up_after_seconds,
         "leave, with exit code 7, after so many seconds without an answer of the coordinator; what is unsent stays for the next start")
      ->check(CLI::Range(0.0, 1e9))
      ->capture_default_str();
  app.add_flag(
      "--resume-at-once", options.resume_at_once,
      "trials that ran when an earlier life of this worker was killed count as stopped, not as failed, and go on at once");
  app.add_option_function<std::string>(
         "--warm-trials", [&options](const std::string& word) { options.warm = warm_trials_of(word); },
         "begin trials of the core as copies of a process that has loaded its libraries: of CPU slots (auto), of all, "
         "or of none")
      ->check(CLI::IsMember({"auto", "on", "off"}).description(""))
      ->type_name("auto|on|off")
      ->default_str("auto");
  app.add_option("--die-with-parent", options.parent, "drain when the process that started this one ends; its id");
  app.add_option("--log-level", options.log.level, kLogLevels)
      ->transform(CLI::Validator(check_log_level, ""))
      ->capture_default_str();
  app.add_option("--log-format", options.log.format, daemon::kLogFormatHelp)
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->capture_default_str();
}

Status connect_as(const ClientOptions& client, WorkerOptions& options) {
  OODML_ASSIGN_OR_RETURN(ClientSettings settings, client_settings(client, process_environment));
  for (const char* variable : {"OODML_TOKEN", "OODML_TOKEN_FILE"}) ::unsetenv(variable);  // trials are not to see them
  options.connection.address = settings.coordinator.text();
  options.connection.token = std::move(settings.token);
  options.connection.token_file = std::move(settings.token_file);
  if (settings.tls_ca.empty()) return {};
  Result<Authorities> authorities = read_authorities(settings.tls_ca, SystemClock().now());
  if (!authorities) return Status(authorities.error().code(), "--tls-ca: " + authorities.error().message());
  options.connection.tls_ca = std::move(authorities->pem);
  options.connection.tls_ca_file = fs::absolute(settings.tls_ca);
  std::ranges::move(authorities->warnings, std::back_inserter(options.warnings));
  return {};
}

/// Children run in folders of their own, so nothing may depend on the folder this program was started in.
Status make_absolute(WorkerOptions& options) {
  if (options.core.empty()) options.core = program_folder() / "oodml-core";
  for (fs::path* path : {&options.core, &options.benchmarks_root, &options.weights_root, &options.scripts_root,
                         &options.state_dir, &options.artifact_root}) {
    std::error_code error;
    if (!path->empty()) *path = fs::absolute(*path, error).lexically_normal();
    if (error) return system_failure("find the folder that this program was started in", error.value());
  }
  if (::access(options.core.c_str(), X_OK) != 0) {
    return not_found("no program " + options.core.string() + "; name the DML core with --core");
  }
  std::error_code ignored;
  if (!fs::is_directory(options.benchmarks_root, ignored)) {
    return not_found("--benchmarks-root " + options.benchmarks_root.string() + " is not a folder");
  }
  const std::pair<const char*, const fs::path&> folders[] = {{"--weights-root ", options.weights_root},
                                                             {"--allow-scripts ", options.scripts_root}};
  for (const auto& [option, folder] : folders) {
    if (!folder.empty() && !fs::is_directory(folder, ignored)) {
      return not_found(option + folder.string() + " is not a folder");
    }
  }
  return {};
}

Status find_programs(const ProgramOptions& said, WorkerOptions& options) {
  OODML_ASSIGN_OR_RETURN(options.programs, local_programs(said.programs, said.keys));
  const fs::path python = (program_folder() / "../share/oodml/python").lexically_normal();
  std::error_code error;
  if (fs::is_regular_file(python / "oodml_trial.py", error)) options.python = python;
  return {};
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof(name) - 1) != 0) return "worker";
  return name;
}

std::expected<WorkerOptions, int> read_worker_options(int argc, char** argv) {
  WorkerOptions options;
  options.name = host_name();
  ClientOptions client;
  CLI::App app("Runs trials of the coordinator's sweeps on this machine, each in a process of its own.",
               "oodml-worker");
  ProgramOptions programs;
  describe(app, options, client, programs);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(command_line::say(app, error));
  }
  read_slurm_end(options);
  Status status = connect_as(client, options);
  if (status.ok()) status = make_absolute(options);
  if (status.ok()) status = find_programs(programs, options);
  if (status.ok()) return options;
  std::fprintf(stderr, "oodml-worker: %s\n", status.message().c_str());
  return std::unexpected(exit_code_here(status.code()));
}

}  // namespace oodml::worker
