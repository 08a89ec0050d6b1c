#include "core/commands/evaluate/command.h"

#include <span>

#include "core/commands/command_errors.h"
#include "core/commands/embedding_choices.h"
#include "core/commands/loading_threads.h"

namespace oodml::commands {
namespace {

constexpr auto kTrainedNetwork = "Of a trained network";
constexpr auto kEvaluateFooter =
    "A trained network: trial:ID (its best one, or else its newest checkpoint, from the coordinator that environment or\n"
    "client.toml name) or --checkpoint embeds the test set of its trial, or the images that are named, and measures what\n"
    "the trial measures; options say otherwise.\n"
    "Files: .npz and .safetensors (arrays `embeddings` and `labels`), .npy (rows; labels with --labels), .csv, .tsv\n"
    "and .txt. Label files: the same kinds, or a label a line. Labels are integers or texts. A table has a row a line;\n"
    "its headings say which column is the label (label, class, target) and which only count or name rows (index, id,\n"
    "path; left out, with a note). Without headings the last column is the label. What could be read in two ways is\n"
    "refused with its place and the option that settles it.\n"
    "\n"
    "Examples:\n"
    "  oodml evaluate cub_test.npz\n"
    "  oodml evaluate rows.npy --labels classes.txt --metrics e_recall@1,mAP_c,nmi -o json\n"
    "  oodml evaluate rows.csv --metrics all --clusters 100 --device cuda:0\n"
    "  oodml evaluate rows.csv --label-column breed --skip-columns photo,1\n"
    "  oodml evaluate rows.npy --labels image_class_labels.txt --label-column 2\n"
    "  oodml evaluate trial:17 --root ~/benchmarks\n"
    "  oodml evaluate --checkpoint runs/margin --benchmark cub200 --metrics e_recall@1,nmi\n"
    "  oodml evaluate --query query.npz --gallery gallery.npz --metrics e_recall@1,e_recall@10,mAP\n"
    "\n"
    "`oodml components metrics` lists the metrics. Ctrl-C ends it at once.\n";

void add_files(CLI::App& evaluate, EvaluateOptions& options) {
  auto* file = evaluate.add_option("file", options.file, "File of embeddings");
  evaluate.add_option("--labels", options.labels, "File of its labels")->needs(file);
  auto* query = evaluate.add_option("--query", options.query, "Embeddings that are looked for, instead of FILE");
  auto* gallery = evaluate.add_option("--gallery", options.gallery, "Embeddings among which they are looked for");
  query->needs(gallery)->excludes(file);
  gallery->needs(query);
  evaluate.add_option("--query-labels", options.query_labels, "File of the queries' labels")->needs(query);
  evaluate.add_option("--gallery-labels", options.gallery_labels, "File of the gallery's labels")->needs(gallery);
  add_embedding_choices(evaluate, options.choices);
  const auto add_array = [&](const char* name, std::string& array, const char* help, CLI::Option* needed) {
    evaluate.add_option(name, array, help)->type_name("NAME")->needs(needed)->group(kEmbeddingChoices);
  };
  add_array("--query-array", options.query_array, "As --array, of the queries alone", query);
  add_array("--query-label-array", options.query_label_array, "As --label-array, of the queries alone", query);
  add_array("--gallery-array", options.gallery_array, "As --array, of the gallery alone", gallery);
  add_array("--gallery-label-array", options.gallery_label_array, "As --label-array, of the gallery alone", gallery);
}

void add_trained_network(CLI::App& evaluate, EmbeddingOptions& options) {
  options.threads = loading_threads();
  CLI::Option* checkpoint = evaluate.add_option("--checkpoint", options.network.checkpoint,
                                                "Run directory of a trial (its newest checkpoint), a checkpoint in it, "
                                                "a file of weights, or trial:ID (by oodml, which fetches it)");
  for (const char* files : {"file", "--query"}) checkpoint->excludes(evaluate.get_option(files));
  const std::size_t before = evaluate.get_options().size();
  evaluate.add_option("--trial", options.network.trial,
                      "Its trial file; by default trial.yaml at or above the checkpoint");
  evaluate.add_option("--folder", options.folder,
                      "Folder with one folder of images a class; by default the test set of the trial");
  add_images(evaluate, options.images);
  evaluate.add_option("--embeddings", options.embeddings, "Which heads; by default the first that the trial evaluates");
  evaluate.add_option("--batch-size", options.batch_size, "Images at once; by default as the trial evaluates")
      ->check(CLI::Range(1, 65536));
  const std::vector<CLI::Option*> all = evaluate.get_options();
  for (CLI::Option* option : std::span(all).subspan(before)) {
    option->group(kTrainedNetwork);
    if (option->get_envname().empty()) option->needs(checkpoint);  // what the environment says is said of every command
  }
  checkpoint->group(kTrainedNetwork);
}

}  // namespace

CLI::App* add_evaluate(CLI::App& app, EvaluateOptions& options) {
  CLI::App* evaluate =
      app.add_subcommand("evaluate", "Measure embeddings of any framework, from a file, or a trained network");
  add_files(*evaluate, options);
  add_trained_network(*evaluate, options.embedding);
  evaluate
      ->add_option("--metrics", options.metrics,
                   "Names with commas, or all; by default those of the published tables, of a network its trial's")
      ->delimiter(',');
  evaluate->add_option("--clusters", options.clusters, "Clusters of k-means; by default the classes of the set")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  evaluate
      ->add_option("--exclude-self", options.exclude_self,
                   "How a query is left out of its neighbours; by default first, or as the trial")
      ->check(CLI::IsMember({"first", "index"}));
  evaluate
      ->add_option("--map-normalizer", options.map_normalizer,
                   "Divisor of average precision; by default class_size, or as the trial")
      ->check(CLI::IsMember({"class_size", "relevant"}));
  evaluate
      ->add_option("--compat", options.compat,
                   "paper gives the references' numbers, quirks included; by default corrected, or as the trial")
      ->check(CLI::IsMember({"corrected", "paper"}));
  evaluate->add_option("--device", options.device, "cpu, cuda or cuda:N; by default a GPU when there is one");
  evaluate
      ->add_option("--threads", options.threads,
                   "Compute threads on a CPU; by default all processors, of a network its trial's")
      ->check(CLI::Range(1, 1024));
  evaluate->add_option("-o,--output", options.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  evaluate->footer(kEvaluateFooter + exit_codes_of_commands());
  return evaluate;
}

}  // namespace oodml::commands
