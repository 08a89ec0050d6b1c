#include "core/commands/evaluate/command.h"

#include "core/commands/command_errors.h"
#include "core/commands/embedding_choices.h"

namespace oodml::commands {
namespace {

constexpr auto kEvaluateFooter =
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

}  // namespace

CLI::App* add_evaluate(CLI::App& app, EvaluateOptions& options) {
  CLI::App* evaluate = app.add_subcommand("evaluate", "Measure embeddings of any framework, from a file");
  add_files(*evaluate, options);
  evaluate
      ->add_option("--metrics", options.metrics, "Names with commas, or all; by default those of the published tables")
      ->delimiter(',');
  evaluate->add_option("--clusters", options.clusters, "Clusters of k-means; by default the classes of the set")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  evaluate->add_option("--exclude-self", options.exclude_self, "How a query is left out of its neighbours")
      ->check(CLI::IsMember({"first", "index"}))
      ->capture_default_str();
  evaluate->add_option("--map-normalizer", options.map_normalizer, "Divisor of average precision")
      ->check(CLI::IsMember({"class_size", "relevant"}))
      ->capture_default_str();
  evaluate->add_option("--compat", options.compat, "paper gives the references' numbers, quirks included")
      ->check(CLI::IsMember({"corrected", "paper"}))
      ->capture_default_str();
  evaluate->add_option("--device", options.device, "cpu, cuda or cuda:N; by default a GPU when there is one");
  evaluate->add_option("--threads", options.threads, "Compute threads on a CPU; by default all processors")
      ->check(CLI::Range(1, 1024));
  evaluate->add_option("-o,--output", options.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  evaluate->footer(kEvaluateFooter + exit_codes_of_commands());
  return evaluate;
}

}  // namespace oodml::commands
