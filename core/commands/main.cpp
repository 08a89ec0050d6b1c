#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "core/base/build_info.h"
#include "core/base/guard.h"
#include "core/command_line/problem.h"
#include "core/commands/commands.h"
#include "core/commands/datasets_command.h"
#include "core/commands/embed_images/command.h"
#include "core/commands/evaluate/command.h"
#include "core/commands/loading_threads.h"
#include "core/commands/script_options.h"
#include "core/commands/splits_command.h"
#include "core/commands/subclasses/command.h"
#include "core/commands/toy/command.h"
#include "core/commands/warm_up.h"
#include "core/trial/event_writer.h"
#include "core/trial/run_trial.h"
#include "core/trial/stop_signal.h"
#include "core/warm/serve.h"

namespace {

using namespace oodml;
using oodml::trial::RunOptions;

CLI::App* add_run(CLI::App& app, RunOptions& options, bool& die_with_parent) {
  CLI::App* run = app.add_subcommand("run", "Train and evaluate one trial, or go on with it where it stopped");
  run->add_option("trial", options.trial_file, "Trial file (YAML)")->required();
  run->add_option("--run-dir", options.run_dir, "Folder for checkpoints, events.log and results.json")->required();
  run->add_option("--benchmarks-root", options.places.benchmarks_root, "Folder that holds a folder a benchmark")
      ->envname("OODML_BENCHMARKS_ROOT")
      ->default_val("benchmarks");
  run->add_option("--weights-root", options.places.weights_root, "Folder of <backbone>-NAME.safetensors")
      ->envname("OODML_WEIGHTS_ROOT")
      ->default_val("weights");
  oodml::commands::add_scripts(*run, options.places.scripts);
  run->add_option("--device", options.device,
                  "cpu, cuda, cuda:N, or for a trial with replicas cuda:0,cuda:1; by default GPUs when there are any")
      ->take_last();
  run->add_option("--threads", options.threads, "Threads that load images, where the trial does not say")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  run->add_option("--resume-from", options.resume_from,
                  "Run directory of an earlier attempt, newest first; used when --run-dir has no checkpoint");
  run->add_option("--replica", options.replica, "")->group("")->check(CLI::Range(1, 64));
  run->add_option("--meeting", options.meeting, "")->group("");
  run->add_option("--data", options.identity.data, "")->group("");
  run->add_flag("--die-with-parent", die_with_parent, "Be killed when the process that started this one dies");
  run->footer(
      "Events go to descriptor 3 when it is open and always to events.log. SIGTERM, Ctrl-C once, or a terminal that is "
      "closed (not after nohup) ends the trial after its step with a checkpoint.\n" +
      oodml::exit_codes_help(
          {kExitDone, kExitFailed, kExitUsage, kExitNotAllowed, kExitNotFound, kExitConflict, kExitStopped}));
  return run;
}

int run_core(int argc, char** argv);

/// For a worker: loads, and becomes what it asks for in copies.
int be_template() {
  oodml::commands::warm_up();
  const auto words = oodml::warm::serve();
  if (!words) return kExitDone;
  std::vector<char*> arguments;
  for (const std::string& word : *words) arguments.push_back(const_cast<char*>(word.c_str()));
  return run_core(static_cast<int>(arguments.size()), arguments.data());
}

int run_core(int argc, char** argv) {
  RunOptions run_options;
  run_options.has_event_descriptor = oodml::trial::event_descriptor_is_open();  // before anything is opened
  run_options.threads = oodml::commands::loading_threads();
  bool die_with_parent = false, components_json = false, probe_json = false, exercise = false, version_json = false;

  CLI::App app("The deep metric learning core of oodml: trains and evaluates.", "oodml-core");
  app.set_version_flag("--version", version_line("oodml-core"));
  app.require_subcommand(1);
  const CLI::App* run = add_run(app, run_options, die_with_parent);
  oodml::commands::EvaluateOptions evaluate_options;
  const CLI::App* evaluate = oodml::commands::add_evaluate(app, evaluate_options);
  oodml::commands::SplitsOptions splits_options;
  const CLI::App* splits = oodml::commands::add_splits(app, splits_options);
  oodml::commands::SubclassesOptions subclasses_options;
  const CLI::App* subclasses = oodml::commands::add_subclasses(app, subclasses_options);
  oodml::commands::EmbedImagesOptions embed_options;
  const CLI::App* embed = oodml::commands::add_embed(app, embed_options);
  oodml::commands::DatasetsOptions datasets_options;
  const CLI::App* datasets = oodml::commands::add_datasets(app, datasets_options);
  oodml::commands::ToyOptions toy_options;
  const CLI::App* toy = oodml::commands::add_toy(app, toy_options);
  CLI::App* components = app.add_subcommand("components", "Print the components this program was built with");
  components->add_flag("--json", components_json, "As JSON");
  std::vector<std::string> image_files;
  CLI::App* decode = app.add_subcommand("decode", "Print size, stored mode and SHA-256 of the RGB bytes of images");
  decode->add_option("files", image_files, "JPEG, PNG or WebP files")->required();
  decode->footer("One line of JSON a file; those that cannot be read are named on stderr.\n" +
                 exit_codes_help({kExitDone, kExitFailed, kExitUsage}));
  CLI::App* probe = app.add_subcommand("probe", "Print the devices a trial can run on");
  probe->add_flag("--json", probe_json, "As JSON");
  probe->add_flag("--exercise", exercise, "Let each device multiply matrices, and tell of those that do not");

  const CLI::App* as_template = app.add_subcommand("template", "")->group("");
  CLI::App* version = app.add_subcommand("version", "Print version, commit, build type, LibTorch, FAISS and CUDA");
  version->add_flag("--json", version_json, "As JSON");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return oodml::command_line::say(app, error);
  }
  if (as_template->parsed()) return be_template();
  if (components->parsed()) return oodml::commands::print_components(components_json);
  if (version->parsed()) return oodml::commands::print_version(version_json);
  if (decode->parsed()) return oodml::commands::print_decoded(image_files);
  if (probe->parsed()) return oodml::commands::print_devices(probe_json, exercise);
  if (evaluate->parsed()) return oodml::commands::run_evaluate(evaluate_options);
  if (embed->parsed()) return oodml::commands::run_embed(embed_options);
  if (datasets->parsed()) return oodml::commands::run_datasets(datasets_options);
  if (splits->parsed()) return oodml::commands::run_splits(splits_options);
  if (subclasses->parsed()) return oodml::commands::run_subclasses(subclasses_options);
  if (toy->parsed()) return oodml::commands::run_toy(toy_options);
  if (run->parsed() && run_options.replica > 0) return oodml::trial::run_replica(run_options);
  if (die_with_parent) oodml::trial::die_with_parent();
  oodml::trial::listen_for_stop();
  return run->parsed() ? oodml::trial::run_trial(run_options) : kExitUsage;
}

/// Without taking LibTorch's thousands of operators apart first, which takes longer than many a command. Leaks are
/// looked for after that.
[[noreturn]] void leave(int code) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  std::exit(code);
#else
  std::cout.flush();
  std::fflush(nullptr);
  ::_exit(code);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  leave(run_program("oodml-core", [&] { return run_core(argc, argv); }));
}
