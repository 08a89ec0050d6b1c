#include "core/commands/create_splits/command.h"

#include "core/commands/command_errors.h"
#include "core/commands/embedding_choices.h"

namespace oodml::commands {
namespace {

constexpr auto kCreateFooter =
    "From the default split on, the classes that are nearest to the other set are exchanged, so that the distance\n"
    "(FID) of training and test classes grows; then classes are removed; the inverse run makes it fall. A key names\n"
    "what was recorded: 6 after six exchanges, -6 in the inverse run, R6 in the run that removes classes.\n"
    "\n"
    "Each list of classes is in order of the names' bytes, as in the published files, but for the run that removes\n"
    "classes (R): there, as in the released program, a class that came in has the place of the one that left. With\n"
    "--parity S2 it is so in all runs.\n"
    "\n"
    "Features: the pooled output of a backbone, or a file of them (kinds as for `oodml evaluate`), a row an image or\n"
    "a row a class, labelled by class names or by class numbers in the benchmark's order. Those in double stay double.\n"
    "\n"
    "Examples:\n"
    "  oodml splits create --benchmark cub200 --weights imagenet --keys=-20,-10,0,6,10,30,R22,R48\n"
    "  oodml splits create --features means.npz --fids 10,20,40,80 --csv progression.csv -o splits.json\n"
    "  oodml splits create --benchmark online_products --super --count 5\n"
    "\n";

void add_source(CLI::App& create, CreateSplitsOptions& options) {
  add_benchmark(create, options.from)->description("Its classes and default split are started from");
  auto* features = create.add_option("--features", options.features, "File of features instead of a backbone's");
  create.add_option("--labels", options.labels, "File of their labels")->needs(features);
  add_embedding_choices(create, options.choices, features);
  create.add_option("--train-classes", options.train_classes, "File with a training class a line; the rest tests");
  create.add_flag("--super", options.superclasses, "Exchange the categories of online_products, not its classes");
  create.add_option("--save-features", options.save_features, "Write the class means, to be read by --features")
      ->check([](const std::string& file) {
        return file.ends_with(".safetensors") ? std::string() : file + ": the name must end in .safetensors";
      });
}

void add_runs(CLI::App& create, CreateSplitsOptions& options) {
  const auto count = CLI::Range(0, 1'000'000);
  create.add_option("--iterations", options.iterations, "Of the forward run; by default as published")->check(count);
  create.add_option("--removal-iterations", options.removal_iterations, "By default 10 more")->check(count);
  create.add_option("--inverse-iterations", options.inverse_iterations, "By default 10 fewer, or as published")
      ->check(count);
  create.add_option("--swaps", options.swaps, "Pairs an iteration exchanges; by default 2, less for few classes")
      ->check(CLI::Range(1, 1'000'000));
  create.add_option("--history", options.history, "Positions that stay blocked; by default 5, less for few classes")
      ->check(count);
  create.add_option("--inverse-history", options.inverse_history, "In the inverse run; by default 30")->check(count);
  create.add_option("--fid", options.fid_form, "exact adds the reference's 1e-8 to the variances")
      ->check(CLI::IsMember({"cheap", "exact"}))
      ->capture_default_str();
  create
      .add_option("--parity", options.parity,
                  "Quirks of the released program: S2 lists in order of position, S3 removal from stale names")
      ->delimiter(',')
      ->check(CLI::IsMember({"S2", "S3"}));
}

void add_result(CLI::App& create, CreateSplitsOptions& options) {
  auto* keys = create.add_option("--keys", options.keys, "Recorded splits to keep, as -20,0,6,R22")->delimiter(',');
  auto* fids = create.add_option("--fids", options.fids, "Keep those with the FIDs nearest to these")->delimiter(',');
  auto* many = create.add_option("--count", options.count, "Keep so many, evenly over the range of FIDs")
                   ->check(CLI::Range(1, 10000))
                   ->capture_default_str();
  keys->excludes(fids)->excludes(many);
  fids->excludes(many);
  create.add_option("--seed", options.lists.seed, "Of validation lists and episodes")->capture_default_str();
  create.add_option("--train-share", options.lists.train_share, "Of the training classes, the rest validates")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  create.add_option("--shots", options.lists.shots, "Images a class in few-shot episodes")
      ->delimiter(',')
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  create.add_option("--episodes", options.lists.episodes, "Of each number of shots")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  create.add_option("-o,--output", options.output, "Split file; by default <benchmark>_splits.json");
  create.add_option("--csv", options.csv, "Write every recorded split's FID and sizes, for plots");
  create.add_flag("--force", options.force, "Write over files that exist");
}

}  // namespace

CLI::App* add_create_splits(CLI::App& splits, CreateSplitsOptions& options) {
  CLI::App* create = splits.add_subcommand("create", "Make splits of growing shift between training and test classes");
  add_source(*create, options);
  add_backbone(*create, options.backbone);
  add_runs(*create, options);
  add_result(*create, options);
  create->footer(kCreateFooter + exit_codes_of_commands());
  return create;
}

}  // namespace oodml::commands
