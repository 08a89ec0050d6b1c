#include "core/commands/evaluate/measure_network.h"

#include <utility>

#include "core/commands/embed_images/images_to_embed.h"
#include "core/commands/evaluate/evaluation.h"
#include "core/train/evaluation_set.h"

namespace oodml::commands {
namespace {

EmbeddingOptions embedding_of(const EvaluateOptions& options) {
  EmbeddingOptions embedding = options.embedding;
  embedding.device = options.device;
  embedding.cpu_threads = options.threads;
  return embedding;
}

/// The clusters that the trial makes of the set; 0: as many as it has classes.
Result<std::int64_t> clusters_of_trial(const EmbeddingOptions& options, const Embedding& embedding) {
  if (!embedding.settings.cluster_by_train_classes || !are_of_training(options, embedding.settings)) return 0;
  const data::Warn said_before = [](const std::string&) {};
  OODML_ASSIGN_OR_RETURN(const data::OpenedSets opened, data::open_sets(embedding.images, {"train"}, said_before));
  return std::ssize(opened.sets.front()->class_names);
}

}  // namespace

Result<Measured> measure_network(const EvaluateOptions& options, ShareLine& line) {
  const EmbeddingOptions how = embedding_of(options);
  OODML_ASSIGN_OR_RETURN(Embedding embedding, prepare_embedding(how));
  OODML_ASSIGN_OR_RETURN(const EmbeddedImages embedded, embed_images(how, embedding, line));
  metrics::EvaluationOptions usual = embedding.settings.evaluation;
  OODML_ASSIGN_OR_RETURN(usual.clusters, clusters_of_trial(how, embedding));
  const metrics::EvaluationOptions evaluation = evaluation_of(options, std::move(usual), line);

  const torch::Tensor labels = train::labels_of(*embedded.dataset);
  const auto classes = static_cast<std::int64_t>(embedded.dataset->class_names.size());
  Measured measured{.sets = {{"rows", embedding.opened.from + " of the set " + set_to_embed(how), labels.size(0)}},
                    .dimension = embedded.rows.size(1),
                    .classes = classes,
                    .clusters = evaluation.clusters > 0 ? evaluation.clusters : classes,
                    .compat_paper = evaluation.compat_paper,
                    .values = {},
                    .notes = {}};
  note_misses(labels, labels, classes, 2, "images have no other one of their class", measured.notes);
  OODML_RETURN_IF_ERROR(
      take(measured, measured.sets.front().file, [&] { return metrics::evaluate(embedded.rows, labels, evaluation); }));
  return measured;
}

}  // namespace oodml::commands
