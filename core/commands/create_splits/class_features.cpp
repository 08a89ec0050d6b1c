#include "core/commands/create_splits/class_features.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/base/printable.h"
#include "core/embedding_files/class_ids.h"
#include "core/embedding_files/embedding_file.h"
#include "core/models/tensor_file.h"
#include "core/split_creation/class_means.h"

namespace oodml::commands {
namespace {

using Numbers = std::unordered_map<std::string, std::int64_t>;

Numbers numbers_of(const data::Benchmark& benchmark) {
  Numbers numbers;
  for (const data::ImageClass& known : benchmark.classes) {
    numbers.emplace(known.name, static_cast<std::int64_t>(numbers.size()));
  }
  return numbers;
}

/// The benchmark's class numbers of a file's labels: by name, or by number where no label is a name.
Result<std::vector<std::int64_t>> classes_of(const std::vector<std::string>& labels, const data::Benchmark& benchmark,
                                             const std::string& file) {
  Numbers numbers = numbers_of(benchmark);
  if (std::ranges::none_of(labels, [&](const std::string& label) { return numbers.contains(label); })) {
    numbers.clear();
    for (std::size_t i = 0; i < benchmark.classes.size(); ++i) {
      numbers.emplace(std::to_string(i), static_cast<std::int64_t>(i));
    }
  }
  std::vector<std::int64_t> classes;
  std::vector<std::string> unknown;
  for (const std::string& label : labels) {
    const auto found = numbers.find(label);
    if (found == numbers.end()) {
      unknown.push_back(label);
    } else {
      classes.push_back(found->second);
    }
  }
  if (unknown.empty()) return classes;
  return invalid_argument(file + ": " + std::to_string(unknown.size()) + " of " + std::to_string(labels.size()) +
                          " labels are no classes of " + printable(benchmark.name) +
                          ", neither by name nor by number: " + name_list(unknown, 5));
}

Status check_all_there(const ClassFeatures& features, const std::string& file) {
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < features.names.size(); ++i) {
    if (features.counts[static_cast<std::int64_t>(i)].item<std::int64_t>() == 0) missing.push_back(features.names[i]);
  }
  if (missing.empty()) return {};
  return invalid_argument(file + ": no features of " + std::to_string(missing.size()) +
                          " classes of the benchmark: " + name_list(missing, 5));
}

}  // namespace

Result<FeatureRows> read_feature_rows(const std::string& file, const std::string& labels_file,
                                      const embedding_files::Choices& choices, const data::Benchmark* benchmark) {
  OODML_ASSIGN_OR_RETURN(embedding_files::LabelledRows read,
                         embedding_files::read_labelled_rows(file, labels_file, choices));
  embedding_files::ClassIds ids;
  OODML_ASSIGN_OR_RETURN(torch::Tensor labels, ids.of(read.labels, read.labels_from));
  FeatureRows features{.rows = std::move(read.rows), .names = ids.names(), .notes = std::move(read.notes)};
  if (benchmark != nullptr) {
    OODML_ASSIGN_OR_RETURN(const auto classes, classes_of(features.names, *benchmark, file));
    labels = at::tensor(classes, at::kLong).index_select(0, labels);
    features.names.clear();
    for (const data::ImageClass& known : benchmark->classes) features.names.push_back(known.name);
  }
  labels = labels.contiguous();
  const auto* const numbers = labels.const_data_ptr<std::int64_t>();
  features.classes.assign(numbers, numbers + labels.numel());
  return features;
}

Result<ClassFeatures> read_class_features(const std::string& file, const std::string& labels_file,
                                          const embedding_files::Choices& choices, const data::Benchmark* benchmark) {
  OODML_ASSIGN_OR_RETURN(FeatureRows read, read_feature_rows(file, labels_file, choices, benchmark));
  ClassFeatures features{.names = std::move(read.names), .notes = std::move(read.notes)};
  split_creation::ClassMeans means(std::ssize(features.names));
  means.add(read.rows, at::tensor(read.classes, at::kLong));
  features.counts = means.counts();
  OODML_RETURN_IF_ERROR(check_all_there(features, file));
  auto mean = means.means();
  if (!mean) return failure(mean.error().code(), file + ": " + mean.error().message());
  features.means = *std::move(mean);
  return features;
}

Status write_class_features(const std::filesystem::path& path, const ClassFeatures& features) {
  return models::write_tensors(path, {{"embeddings", features.means}, {"labels", at::arange(features.means.size(0))}});
}

}  // namespace oodml::commands
