#include "core/commands/command_errors.h"
#include "core/commands/embed_images/command.h"
#include "core/commands/loading_threads.h"
#include "core/commands/script_options.h"

namespace oodml::commands {
namespace {

constexpr auto kEmbedFooter =
    "Which images: --folder with one folder a class, a set of a --benchmark, or by default a --set of the trial.\n"
    "NAME.npz gets the arrays `embeddings` and `labels`; NAME.npy has its labels in NAME.labels.npy. NAME.paths.txt\n"
    "has a path a row, NAME.classes.txt a name a label. Computed as the trial evaluates: the same bits on a CPU.\n"
    "\n"
    "Examples:\n"
    "  oodml embed --checkpoint runs/margin --root ~/benchmarks -o test.npz && oodml evaluate test.npz\n"
    "  oodml embed --checkpoint runs/margin/best/test_embeds_e_recall@1 --folder photos -o photos.npy\n"
    "  oodml embed --arch resnet50_frozen_normalize --features --benchmark cub200 --set all -o cub200.npz\n"
    "\n"
    "The last is what `oodml splits create --features` takes.\n";

void add_network(CLI::App& embed, NetworkOptions& network) {
  const auto size = CLI::Range(std::int64_t{1}, std::int64_t{65536});
  embed.add_option(
      "--checkpoint", network.checkpoint,
      "Run directory of a trial (its newest checkpoint), a checkpoint in it, a file of weights, or trial:ID of a\n"
      "coordinator (by oodml, which fetches it)");
  embed.add_option("--trial", network.trial, "Its trial file; by default trial.yaml at or above the checkpoint");
  embed.add_option("--arch", network.arch, "Backbone with modifiers, instead of a trial");
  embed.add_option("--weights", network.weights, "Of --arch: NAME of <backbone>-NAME.*, default or none")
      ->capture_default_str();
  embed.add_option("--weights-root", network.weights_root, "Folder of weights")
      ->envname("OODML_WEIGHTS_ROOT")
      ->default_val("weights");
  add_scripts(embed, network.scripts);
  embed.add_option("--embed-dim", network.embed_dim, "Of --arch with a --checkpoint")->check(size);
  embed.add_option("--crop-size", network.crop_size, "Of --arch: side of the crop, pixels")->check(size);
  embed.add_option("--resize", network.resize, "Of --arch: shorter side before the crop, pixels")->check(size);
}

void add_computing(CLI::App& embed, EmbedImagesOptions& options) {
  options.threads = loading_threads();
  embed.add_option("--device", options.device, "cpu, cuda or cuda:N; by default a GPU when there is one");
  embed.add_option("--threads", options.threads, "Threads that load images")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  embed.add_option("--cpu-threads", options.cpu_threads, "Compute threads on a CPU; by default the trial's")
      ->check(CLI::Range(1, 256));
  embed.add_option("--batch-size", options.batch_size, "Images at once; by default as the trial evaluates")
      ->check(CLI::Range(1, 65536));
}

}  // namespace

const CLI::App* add_embed(CLI::App& app, EmbedImagesOptions& options) {
  CLI::App* embed = app.add_subcommand("embed", "Embed images by a trained network, for `oodml evaluate`");
  add_network(*embed, options.network);
  embed->add_option("--folder", options.folder, "Folder with one folder of images a class");
  add_images(*embed, options.images);
  embed->add_flag("--features", options.features, "The backbone's pooled output instead of the embeddings");
  embed->add_option("--embeddings", options.embeddings, "Which heads, as evaluate.embeddings of a trial names them");
  add_computing(*embed, options);
  embed->add_option("-o,--output", options.output, "NAME.npz or NAME.npy")->required();
  embed->add_flag("--force", options.force, "Write over files that are there");
  embed->footer(kEmbedFooter + exit_codes_of_commands());
  return embed;
}

}  // namespace oodml::commands
