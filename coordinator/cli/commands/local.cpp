#include <filesystem>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/local_run.h"

namespace oodml::cli {

void add_local(CommandLine& line) {
  CLI::App* command = line.add(
      "local", "Run a sweep on this machine: no service to set up; Ctrl-C drains, the same command goes on", "Sweeps",
      {"oodml local sweep.yaml", "oodml local sweep.yaml --slots 2 --threads-per-slot 4",
       "oodml local sweep.yaml --benchmarks-root ~/benchmarks --set epochs=1",
       "oodml local sweep.yaml --metric e_recall@1,nmi --by criterion", "oodml local sweep.yaml --web",
       "oodml local sweep.yaml -o csv > results.csv"});
  auto options = std::make_shared<LocalOptions>();
  add_sweep_source(command, options->source);
  command
      ->add_option("--state", options->state,
                   "Folder for the database, runs, checkpoints and logs; ./oodml-state unless said")
      ->type_name("DIR");
  command
      ->add_option(
          "--slots", options->slots,
          "Trials at once on the CPU, 1 to 1024; cores / threads unless said, or one a GPU where there are some")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  command
      ->add_option("--threads-per-slot", options->threads_per_slot,
                   "CPU threads of one trial, 1 to 256; what the sweep wants unless said")
      ->type_name("N")
      ->check(CLI::Range(1, 256).description(""));
  command
      ->add_option("--devices", options->devices,
                   "GPUs to use: numbers from 0, or beginnings of UUIDs, as in 0,2; all that are visible unless said")
      ->type_name("LIST");
  command->add_flag("--share-devices", options->share_devices,
                    "Use GPUs that others use as well, as far as their memory reaches (docs/operations.md)");
  add_roots(command, options->roots);
  command
      ->add_option("--program", options->programs,
                   "A program of your own for trials with program: NAME; once for each (docs/programs.md)")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  command
      ->add_option_function<std::string>(
          "--allow-scripts",
          [options](const std::string& folder) {
            options->allow_scripts = true;
            options->source.scripts_folder = folder;
          },
          "Run code that torch.jit wrote, from files that the sweep names: from its own folder, or from DIR "
          "(docs/pytorch.md)")
      ->expected(0, 1)
      ->check([](const std::string& folder) {
        std::error_code error;
        if (folder.empty() || std::filesystem::is_directory(folder, error)) return std::string();
        return "'" + folder + "' is no folder; name the sweep's file before this option";
      })
      ->type_name("[DIR]");
  command->add_flag("--retry-failed", options->retry_failed,
                    "Try trials again that failed in an earlier run, and GPUs that were found broken");
  command->add_flag("--web", options->web,
                    "Also show the web page, on a free port of this machine, by a link that works once");
  add_table_options(command, options->results);
  add_sharing(command, options->sharing);
  line.on(command, [options](Session& session) { return run_local(session, *options); },
          {Format::kJson, Format::kCsv, Format::kLatex});
}

}  // namespace oodml::cli
