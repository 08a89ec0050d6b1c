#include "core/data/select_classes.h"

#include <algorithm>
#include <unordered_map>

#include "core/base/printable.h"

namespace oodml::data {
namespace {

using ClassIndex = std::unordered_map<std::string_view, const ImageClass*>;

Status check_classes(const Benchmark& benchmark, const ClassIndex& index, const std::vector<std::string>& names) {
  std::vector<std::string> missing, empty;
  for (const std::string& name : names) {
    if (index.contains(name)) continue;
    const bool is_empty = std::ranges::find(benchmark.empty_classes, name) != benchmark.empty_classes.end();
    (is_empty ? empty : missing).push_back(name);
  }
  std::string message;
  if (!missing.empty()) message += "; not on disk: " + name_list(missing);
  if (!empty.empty()) message += "; without images: " + name_list(empty);
  if (message.empty()) return {};
  return not_found("benchmark " + printable(benchmark.name) + " lacks " +
                   std::to_string(missing.size() + empty.size()) + " of the " + std::to_string(names.size()) +
                   " classes asked for" + message);
}

}  // namespace

Result<std::shared_ptr<const Dataset>> select_classes(const Benchmark& benchmark,
                                                      const std::vector<std::string>& class_names,
                                                      std::int64_t images_per_class) {
  ClassIndex index;
  for (const ImageClass& known : benchmark.classes) index.emplace(known.name, &known);
  OODML_RETURN_IF_ERROR(check_classes(benchmark, index, class_names));

  auto dataset = std::make_shared<Dataset>();
  dataset->source = benchmark.source;
  dataset->class_names = class_names;
  dataset->by_class.resize(class_names.size());
  for (std::size_t label = 0; label < class_names.size(); ++label) {
    const std::vector<std::int64_t>& images = index.at(class_names[label])->images;
    std::size_t count = images.size();
    if (images_per_class > 0) count = std::min(count, static_cast<std::size_t>(images_per_class));
    for (std::size_t i = 0; i < count; ++i) {
      dataset->by_class[label].push_back(static_cast<std::int64_t>(dataset->samples.size()));
      dataset->samples.push_back({.image = images[i], .label = static_cast<std::int64_t>(label)});
    }
  }
  return dataset;
}

}  // namespace oodml::data
