#include "core/commands/evaluate/measure.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <utility>

#include "core/catalogue/catalogue.h"
#include "core/commands/evaluate/asked_metrics.h"
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

/// How many of these labels have fewer than `least` rows in `among`.
std::int64_t without_match(const torch::Tensor& labels, const torch::Tensor& among, std::int64_t classes,
                           std::int64_t least) {
  return among.bincount({}, classes).index_select(0, labels).lt(least).sum().item<std::int64_t>();
}

/// Says that rows have nothing to find: as in the references they count as misses and stay in the mean.
void note_misses(std::int64_t misses, std::int64_t of, const std::string& what, std::vector<std::string>& notes) {
  if (misses == 0) return;
  notes.push_back(fmt::format("{} of {} {}: nothing can be found for them, and they count with 0 in recall and mAP",
                              misses, of, what));
}

metrics::EvaluationOptions evaluation_of(const EvaluateOptions& options, ShareLine& line) {
  return {.metrics = asked_metrics(options),
          .clusters = options.clusters,
          .exclude_self_by_index = options.exclude_self == "index",
          .relevant_map_normalizer = options.map_normalizer == "relevant",
          .compat_paper = options.compat == "paper",
          .progress = [&line](std::string_view what, double share) { line.show(what, share); }};
}

using Values = Result<std::vector<metrics::MetricValue>>;

/// Takes the values that `work` computes, and how long it took.
Status take(Measured& measured, const std::function<Values()>& work) {
  const auto start = std::chrono::steady_clock::now();
  OODML_ASSIGN_OR_RETURN(measured.values, work());
  measured.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {};
}

/// Names the files in front of what is wrong with their content.
Failure about(const std::string& files, const Status& status) {
  return failure(status.code(), files + ": " + status.message());
}

Result<Measured> measure_set(const EvaluateOptions& options, const torch::Device& device, ShareLine& line) {
  embedding_files::ClassIds classes;
  line.show("reading " + options.file, 0.0);
  std::vector<std::string> notes;
  OODML_ASSIGN_OR_RETURN(const Set set, read_set(options.file, options.labels, options.choices, classes, notes));
  note_misses(without_match(set.labels, set.labels, classes.count(), 2), set.rows.size(0),
              "rows have no other row of their class", notes);
  Measured measured{.sets = {{"rows", options.file, set.rows.size(0)}},
                    .dimension = set.rows.size(1),
                    .classes = classes.count(),
                    .clusters = options.clusters > 0 ? options.clusters : classes.count(),
                    .values = {},
                    .notes = std::move(notes)};
  const Status done =
      take(measured, [&] { return metrics::evaluate(set.rows.to(device), set.labels, evaluation_of(options, line)); });
  if (!done.ok()) return about(options.file, done);
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
  note_misses(without_match(query.labels, gallery.labels, classes.count(), 1), query.rows.size(0),
              "queries have no row of their class in the gallery", notes);
  Measured measured{
      .sets = {{"queries", options.query, query.rows.size(0)}, {"gallery", options.gallery, gallery.rows.size(0)}},
      .dimension = gallery.rows.size(1),
      .classes = classes.count(),
      .values = {},
      .notes = std::move(notes)};
  const Status done = take(measured, [&] {
    return metrics::evaluate_query_gallery(query.rows.to(device), query.labels, gallery.rows.to(device), gallery.labels,
                                           evaluation_of(options, line));
  });
  if (!done.ok()) return about(options.query + " in " + options.gallery, done);
  return measured;
}

}  // namespace

Result<Measured> measure(const EvaluateOptions& options, ShareLine& line) {
  for (const std::string& name : asked_metrics(options)) {  // before any file is read
    OODML_RETURN_IF_ERROR(catalogue::parse_metric(name));
  }
  OODML_ASSIGN_OR_RETURN(const torch::Device device, train::find_device(options.device));
  if (options.threads > 0) at::set_num_threads(static_cast<int>(options.threads));
  return options.query.empty() ? measure_set(options, device, line) : measure_queries(options, device, line);
}

}  // namespace oodml::commands
