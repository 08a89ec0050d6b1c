#include "core/commands/datasets_command.h"

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/commands/command_errors.h"

namespace oodml::commands {
namespace {

using nlohmann::ordered_json;

constexpr auto kDatasetsFooter =
    "Prints one line an image, label<TAB>path, in the order in which a trial numbers them, nothing else on stdout.\n"
    "Labels count from 0 in each set. Control characters and bytes of a path that are not UTF-8 are written \\xNN.\n"
    "-o json also names the classes.\n"
    "\n"
    "Examples:\n"
    "  oodml datasets list --benchmark cub200 --root ~/benchmarks --set test\n"
    "  oodml datasets list --benchmark cars196 --root ~/benchmarks --split cars196_splits.pkl --id 3 --set val\n"
    "  oodml datasets list --benchmark online_products --root ~/benchmarks --validation classes --set train\n"
    "  oodml datasets list --benchmark mine --layout image_folder --root . --set all -o json\n"
    "\n";

std::string lines_of(const data::Dataset& dataset) {
  std::string text;
  for (const data::Dataset::Sample& sample : dataset.samples) {
    text += std::to_string(sample.label) + "\t" + dataset.source->name(sample.image) + "\n";
  }
  return text;
}

/// What a layout says of a class beside its name (docs/data.md#layouts).
void describe_class(const std::string& layout, const data::ImageClass& known, ordered_json& entry) {
  if (layout == "cub200") entry["short_name"] = known.name.substr(known.name.rfind('.') + 1);
  if (known.id == 0) return;
  entry["class_id"] = known.id;
  entry["superclass_id"] = known.superclass;
}

std::string json_of(const ImagesOptions& options, const data::ImagesRequest& request, const data::OpenedSets& opened) {
  const data::Dataset& dataset = *opened.sets.front();
  std::unordered_map<std::string_view, const data::ImageClass*> known;
  for (const data::ImageClass& one : opened.from.benchmark->classes) known.emplace(one.name, &one);
  ordered_json classes = ordered_json::array();
  for (std::size_t label = 0; label < dataset.class_names.size(); ++label) {
    const std::string& name = dataset.class_names[label];
    ordered_json entry = {{"label", label}, {"name", name}};
    if (const auto found = known.find(name); found != known.end())
      describe_class(opened.from.layout, *found->second, entry);
    entry["images"] = ordered_json::array();
    for (const std::int64_t sample : dataset.by_class[label]) {
      entry["images"].push_back(dataset.source->name(dataset.samples[static_cast<std::size_t>(sample)].image));
    }
    classes.push_back(std::move(entry));
  }
  const ordered_json document = {{"version", 1},
                                 {"benchmark", request.place.name},
                                 {"layout", opened.from.layout},
                                 {"split", request.split},
                                 {"fid", opened.fid ? ordered_json(*opened.fid) : ordered_json()},
                                 {"set", options.set},
                                 {"validation", request.validation},
                                 {"images", dataset.samples.size()},
                                 {"classes", std::move(classes)}};
  return document.dump(1) + "\n";
}

Status list(const DatasetsOptions& options) {
  const ImagesOptions& images = options.images;
  if (images.benchmark.benchmark.empty()) return invalid_argument("name the benchmark with --benchmark");
  OODML_ASSIGN_OR_RETURN(const data::ImagesRequest request, request_of(images));
  OODML_ASSIGN_OR_RETURN(const data::OpenedSets opened, data::open_sets(request, {images.set}, print_warning));
  const data::Dataset& dataset = *opened.sets.front();
  OODML_RETURN_IF_ERROR(print_out(options.format == "json" ? json_of(images, request, opened) : lines_of(dataset)));
  print_note(request.place.name + ": " + std::to_string(dataset.samples.size()) + " images of " +
             std::to_string(dataset.class_names.size()) + " classes, set " + images.set + " of split " + request.split +
             "\n");
  return {};
}

}  // namespace

const CLI::App* add_datasets(CLI::App& app, DatasetsOptions& options) {
  CLI::App* datasets = app.add_subcommand("datasets", "What is in a benchmark's folder");
  datasets->require_subcommand(1);
  CLI::App* list = datasets->add_subcommand("list", "Print label and path of each image of a set, in order");
  add_images(*list, options.images);
  list->add_option("-o,--output", options.format, "lines or json")
      ->check(CLI::IsMember({"lines", "json"}))
      ->capture_default_str();
  list->footer(kDatasetsFooter + exit_codes_of_commands());
  return datasets;
}

int run_datasets(const DatasetsOptions& options) {
  return end_of_command("datasets list", guarded([&] { return list(options); }));
}

}  // namespace oodml::commands
