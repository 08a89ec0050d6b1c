#include "core/commands/map_splits/map_points.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/base/printable.h"
#include "core/base/seeds.h"
#include "core/commands/create_splits/class_features.h"
#include "core/data/select_classes.h"
#include "core/split_creation/class_means.h"

namespace oodml::commands {
namespace {

/// The mean of every class's rows; kInvalidArgument for classes without any.
Result<MapPoints> means_of(split_creation::ClassMeans& sums, const std::vector<std::string>& class_names) {
  const auto counts = sums.counts();
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    if (counts[static_cast<std::int64_t>(i)].item<std::int64_t>() == 0) missing.push_back(class_names[i]);
  }
  if (!missing.empty()) {
    return invalid_argument("no features of " + std::to_string(missing.size()) + " of the " +
                            std::to_string(class_names.size()) + " classes of the splits: " + name_list(missing, 5));
  }
  MapPoints points;
  OODML_ASSIGN_OR_RETURN(points.rows, sums.means());
  points.classes.resize(class_names.size());
  std::iota(points.classes.begin(), points.classes.end(), std::int64_t{0});
  return points;
}

/// Rows of the file that are of these classes, with their numbers in the file.
struct FileRows {
  FeatureRows read;
  std::vector<std::int64_t> rows, classes;
};

Result<FileRows> rows_of_file(const MapSplitsOptions& options, const std::vector<std::string>& class_names,
                              const data::Benchmark* benchmark) {
  FileRows found;
  OODML_ASSIGN_OR_RETURN(found.read, read_feature_rows(options.features, options.labels, options.choices, benchmark));
  std::unordered_map<std::string, std::int64_t> numbers;
  for (const std::string& name : class_names) numbers.emplace(name, static_cast<std::int64_t>(numbers.size()));
  for (std::size_t row = 0; row < found.read.classes.size(); ++row) {
    const auto number = numbers.find(found.read.names[static_cast<std::size_t>(found.read.classes[row])]);
    if (number == numbers.end()) continue;
    found.rows.push_back(static_cast<std::int64_t>(row));
    found.classes.push_back(number->second);
  }
  if (!found.rows.empty()) return found;
  return invalid_argument(options.features + ": none of its labels (" + name_list(found.read.names, 3) +
                          ") is a class of the splits (" + name_list(class_names, 3) + ")");
}

Result<MapPoints> points_of_file(const MapSplitsOptions& options, const std::vector<std::string>& class_names,
                                 const data::Benchmark* benchmark) {
  OODML_ASSIGN_OR_RETURN(FileRows found, rows_of_file(options, class_names, benchmark));
  MapPoints points;
  if (options.what == "classes") {
    split_creation::ClassMeans sums(std::ssize(class_names));
    sums.add(found.read.rows.index_select(0, at::tensor(found.rows, at::kLong)), at::tensor(found.classes, at::kLong));
    auto means = means_of(sums, class_names);
    if (!means) return failure(means.error().code(), options.features + ": " + means.error().message());
    points = *std::move(means);
  } else {
    std::vector<std::int64_t> rows;
    for (const std::int64_t position : drawn_positions(std::ssize(found.rows), options.max_images, options.seed)) {
      const auto i = static_cast<std::size_t>(position);
      rows.push_back(found.rows[i]);
      points.classes.push_back(found.classes[i]);
      points.images.push_back(std::to_string(found.rows[i] + 1));
    }
    points.rows = found.read.rows.index_select(0, at::tensor(rows, at::kLong));
  }
  points.notes = std::move(found.read.notes);
  return points;
}

/// The samples at these positions.
std::shared_ptr<const data::Dataset> part_of(const data::Dataset& dataset, const std::vector<std::int64_t>& positions) {
  auto part = std::make_shared<data::Dataset>();
  part->source = dataset.source;
  part->class_names = dataset.class_names;
  part->by_class.resize(dataset.class_names.size());
  for (const std::int64_t position : positions) {
    const auto& sample = dataset.samples[static_cast<std::size_t>(position)];
    part->by_class[static_cast<std::size_t>(sample.label)].push_back(std::ssize(part->samples));
    part->samples.push_back(sample);
  }
  return part;
}

Result<MapPoints> images_of_benchmark(const MapSplitsOptions& options, const data::Dataset& all,
                                      const ShowShare& progress) {
  const auto dataset = part_of(all, drawn_positions(std::ssize(all.samples), options.max_images, options.seed));
  std::vector<torch::Tensor> rows;
  const TakeFeatures take = [&](const torch::Tensor& batch, const torch::Tensor&) {
    rows.push_back(batch.to(at::kCPU, at::kFloat));
  };
  OODML_RETURN_IF_ERROR(backbone_features(dataset, options.backbone, progress, take));
  MapPoints points{.rows = at::cat(rows)};
  for (const data::Dataset::Sample& sample : dataset->samples) {
    points.classes.push_back(sample.label);
    points.images.push_back(dataset->source->name(sample.image));
  }
  return points;
}

Result<MapPoints> points_of_backbone(const MapSplitsOptions& options, const std::vector<std::string>& class_names,
                                     const data::Benchmark& benchmark, const ShowShare& progress) {
  OODML_ASSIGN_OR_RETURN(const auto dataset, data::select_classes(benchmark, class_names, options.images_per_class));
  if (options.what == "images") return images_of_benchmark(options, *dataset, progress);
  split_creation::ClassMeans sums(std::ssize(class_names));
  const TakeFeatures take = [&](const torch::Tensor& rows, const torch::Tensor& labels) { sums.add(rows, labels); };
  OODML_RETURN_IF_ERROR(backbone_features(dataset, options.backbone, progress, take));
  return means_of(sums, class_names);
}

}  // namespace

std::vector<std::int64_t> drawn_positions(std::int64_t n, std::int64_t wanted, std::uint64_t seed) {
  std::vector<std::int64_t> positions(static_cast<std::size_t>(n));
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  if (wanted == 0 || wanted >= n) return positions;
  Random random = Seeds(seed).stream("map images");
  for (std::int64_t i = 0; i < wanted; ++i) {
    std::swap(positions[static_cast<std::size_t>(i)], positions[static_cast<std::size_t>(i + random.below(n - i))]);
  }
  positions.resize(static_cast<std::size_t>(wanted));
  std::ranges::sort(positions);
  return positions;
}

Result<MapPoints> map_points(const MapSplitsOptions& options, const std::vector<std::string>& class_names,
                             const data::Benchmark* benchmark, const ShowShare& progress) {
  if (options.features.empty()) return points_of_backbone(options, class_names, *benchmark, progress);
  progress("reading " + options.features, 0.0);
  return points_of_file(options, class_names, benchmark);
}

}  // namespace oodml::commands
