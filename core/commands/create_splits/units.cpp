#include "core/commands/create_splits/units.h"

#include <algorithm>
#include <filesystem>
#include <unordered_set>
#include <utility>

#include "core/base/printable.h"

namespace oodml::commands {
namespace {

/// unit_of: of every class by name.
Units gather(const ClassFeatures& features, const std::map<std::string, std::string>& unit_of) {
  Units units;
  std::map<std::string, std::int64_t> numbers;  // ordered by name
  for (const auto& [name, unit] : unit_of) numbers[unit] = 0;
  for (auto& [unit, number] : numbers) {
    number = std::ssize(units.names);
    units.names.push_back(unit);
  }
  units.members.resize(units.names.size());
  std::vector<std::int64_t> unit_numbers;
  for (const std::string& name : features.names) {
    unit_numbers.push_back(numbers.at(unit_of.at(name)));
    units.members[static_cast<std::size_t>(unit_numbers.back())].push_back(name);
  }
  const auto index = at::tensor(unit_numbers, at::kLong);
  const auto counts = features.counts.to(at::kDouble);  // [C]
  const auto sums = torch::zeros({std::ssize(units.names), features.means.size(1)}, at::kDouble)
                        .index_add_(0, index, features.means.to(at::kDouble) * counts.unsqueeze(1));
  const auto rows = torch::zeros({std::ssize(units.names)}, at::kDouble).index_add_(0, index, counts);
  units.means = (sums / rows.unsqueeze(1)).to(features.means.scalar_type());
  return units;
}

std::string file_name(const data::Benchmark& benchmark, std::int64_t image) {
  return std::filesystem::path(benchmark.source->name(image)).filename().string();
}

}  // namespace

Result<Units> units_of_classes(const ClassFeatures& features, const std::vector<std::string>& train) {
  std::map<std::string, std::string> itself;
  for (const std::string& name : features.names) itself.emplace(name, name);
  std::vector<std::string> unknown;
  for (const std::string& name : train) {
    if (!itself.contains(name)) unknown.push_back(name);
  }
  if (!unknown.empty()) {
    return invalid_argument(std::to_string(unknown.size()) + " of " + std::to_string(train.size()) +
                            " training classes have no features: " + name_list(unknown, 5));
  }
  Units units = gather(features, itself);
  const std::unordered_set<std::string> trains(train.begin(), train.end());
  for (std::size_t i = 0; i < units.names.size(); ++i) {
    (trains.contains(units.names[i]) ? units.train : units.test).push_back(static_cast<std::int64_t>(i));
  }
  return units;
}

Units units_of_categories(const ClassFeatures& features, const std::map<std::string, std::string>& category_of) {
  Units units = gather(features, category_of);
  for (std::int64_t i = 0; i < std::ssize(units.names); ++i) {
    (i < std::ssize(units.names) / 2 ? units.train : units.test).push_back(i);
  }
  return units;
}

std::map<std::string, std::string> image_folders(const data::Benchmark& benchmark) {
  std::map<std::string, std::string> folders;
  for (const data::ImageClass& known : benchmark.classes) {
    const auto first = known.images.empty() ? std::string() : benchmark.source->name(known.images.front());
    folders[known.name] = std::filesystem::path(first).parent_path().filename().string();
  }
  return folders;
}

split_creation::Files image_files(const data::Benchmark& benchmark) {
  split_creation::Files files;
  for (const data::ImageClass& known : benchmark.classes) {
    for (const std::int64_t image : known.images) files[known.name].push_back(file_name(benchmark, image));
  }
  return files;
}

}  // namespace oodml::commands
