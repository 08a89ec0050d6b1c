#include "core/commands/evaluate/measure.h"

#include <ATen/Parallel.h>

#include <utility>

#include "core/catalogue/catalogue.h"
#include "core/commands/evaluate/asked_metrics.h"
#include "core/commands/evaluate/evaluation.h"
#include "core/commands/evaluate/measure_network.h"
#include "core/embedding_files/class_ids.h"
#include "core/embedding_files/embedding_file.h"
#include "core/train/device.h"

namespace oodml::commands {
namespace {

struct Set {
  torch::Tensor rows, labels;
};

/// A file of embeddings with its labels, from a file of their own if `labels` names one; adds what to know of them.
Result<Set> read_set(const std::string& file, const std::string& labels, const embedding_files::Choices& choices,
                     embedding_files::ClassIds& classes, std::vector<std::string>& notes) {
  OODML_ASSIGN_OR_RETURN(embedding_files::LabelledRows read,
                         embedding_files::read_labelled_rows(file, labels, choices));
  notes.insert(notes.end(), read.notes.begin(), read.notes.end());
  Set set{.rows = std::move(read.rows)};
  OODML_ASSIGN_OR_RETURN(set.labels, classes.of(read.labels, read.labels_from));
  return set;
}

Result<Measured> measure_set(const EvaluateOptions& options, const torch::Device& device, ShareLine& line) {
  embedding_files::ClassIds classes;
  line.show("reading " + options.file, 0.0);
  std::vector<std::string> notes;
  OODML_ASSIGN_OR_RETURN(const Set set, read_set(options.file, options.labels, options.choices, classes, notes));
  note_misses(set.labels, set.labels, classes.count(), 2, "rows have no other row of their class", notes);
  const metrics::EvaluationOptions evaluation = evaluation_of(options, {}, line);
  Measured measured{.sets = {{"rows", options.file, set.rows.size(0)}},
                    .dimension = set.rows.size(1),
                    .classes = classes.count(),
                    .clusters = options.clusters > 0 ? options.clusters : classes.count(),
                    .compat_paper = evaluation.compat_paper,
                    .values = {},
                    .notes = std::move(notes)};
  OODML_RETURN_IF_ERROR(
      take(measured, options.file, [&] { return metrics::evaluate(set.rows.to(device), set.labels, evaluation); }));
  return measured;
}

embedding_files::Choices with_arrays(embedding_files::Choices choices, const std::string& array,
                                     const std::string& label_array) {
  if (!array.empty()) choices.array = array;
  if (!label_array.empty()) choices.label_array = label_array;
  return choices;
}

Result<Measured> measure_queries(const EvaluateOptions& options, const torch::Device& device, ShareLine& line) {
  embedding_files::ClassIds classes;
  line.show("reading " + options.query, 0.0);
  std::vector<std::string> notes;
  const embedding_files::Choices of_query =
      with_arrays(options.choices, options.query_array, options.query_label_array);
  OODML_ASSIGN_OR_RETURN(const Set query, read_set(options.query, options.query_labels, of_query, classes, notes));
  line.show("reading " + options.gallery, 0.0);
  const embedding_files::Choices of_gallery =
      with_arrays(options.choices, options.gallery_array, options.gallery_label_array);
  OODML_ASSIGN_OR_RETURN(const Set gallery,
                         read_set(options.gallery, options.gallery_labels, of_gallery, classes, notes));
  note_misses(query.labels, gallery.labels, classes.count(), 1, "queries have no row of their class in the gallery",
              notes);
  const metrics::EvaluationOptions evaluation = evaluation_of(options, {}, line);
  Measured measured{
      .sets = {{"queries", options.query, query.rows.size(0)}, {"gallery", options.gallery, gallery.rows.size(0)}},
      .dimension = gallery.rows.size(1),
      .classes = classes.count(),
      .compat_paper = evaluation.compat_paper,
      .values = {},
      .notes = std::move(notes)};
  OODML_RETURN_IF_ERROR(take(measured, options.query + " in " + options.gallery, [&] {
    return metrics::evaluate_query_gallery(query.rows.to(device), query.labels, gallery.rows.to(device), gallery.labels,
                                           evaluation);
  }));
  return measured;
}

}  // namespace

Result<Measured> measure(const EvaluateOptions& options, ShareLine& line) {
  for (const std::string& name : asked_metrics(options)) {  // before any file is read
    OODML_RETURN_IF_ERROR(catalogue::parse_metric(name));
  }
  if (options.is_of_network()) return measure_network(options, line);
  OODML_ASSIGN_OR_RETURN(const torch::Device device, train::find_device(options.device));
  if (options.threads > 0) at::set_num_threads(static_cast<int>(options.threads));
  return options.query.empty() ? measure_set(options, device, line) : measure_queries(options, device, line);
}

}  // namespace oodml::commands
