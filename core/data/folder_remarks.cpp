#include "core/data/folder_remarks.h"

#include "core/base/printable.h"
#include "core/data/known_counts.h"

namespace oodml::data {
namespace {

constexpr std::size_t kNamesShown = 5;

}  // namespace

std::vector<std::string> remarks_on(const Benchmark& benchmark) {
  std::vector<std::string> remarks;
  const auto add = [&](const std::vector<std::string>& texts, const std::string& what) {
    if (texts.empty()) return;
    remarks.push_back("benchmark " + benchmark.name + ": " + std::to_string(texts.size()) + what +
                      name_list(texts, kNamesShown));
  };
  add(benchmark.skipped, " files were not taken for images: ");
  add(benchmark.empty_classes, " class folders have no images and are no classes: ");
  add(benchmark.notes, " oddities: ");
  const auto counts = unusual_counts(benchmark);
  remarks.insert(remarks.end(), counts.begin(), counts.end());
  return remarks;
}

std::optional<std::string> remark_on_single_images(const std::string& set, const Dataset& dataset) {
  std::vector<std::string> single;
  for (std::size_t label = 0; label < dataset.by_class.size(); ++label) {
    if (dataset.by_class[label].size() == 1) single.push_back(dataset.class_names[label]);
  }
  if (single.empty()) return std::nullopt;
  const std::string who = single.size() == 1 ? "1 class of the " + set + " set has"
                                             : std::to_string(single.size()) + " classes of the " + set + " set have";
  return who + " one image only, which no query of its class can find: " + name_list(single, kNamesShown);
}

}  // namespace oodml::data
