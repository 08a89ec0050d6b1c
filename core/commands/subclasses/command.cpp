#include "core/commands/subclasses/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/print.h"
#include "core/commands/command_errors.h"
#include "core/commands/share_line.h"
#include "core/commands/subclasses/subclasses.h"
#include "core/data/open_sets.h"

namespace oodml::commands {
namespace {

constexpr auto kSubclassesFooter =
    "Every class is divided by k-means of a backbone's features into classes of images that look alike, and written\n"
    "as PNG files to a benchmark of layout image_folder: <output>/<class>_<number>/<image>.png, the largest first.\n"
    "Many classes of real images are what `oodml splits create` wants.\n"
    "\n"
    "Example:\n"
    "  oodml subclasses --benchmark fashion_mnist --arch small_conv --resize 28 --crop-size 28 --images 500 \\\n"
    "      --output ~/benchmarks/fashion_styles\n"
    "\n";

/// Every image of the benchmark, or the first so many of each class.
Result<std::shared_ptr<const data::Dataset>> open(const SubclassesOptions& options) {
  const data::ImagesRequest request{.place = place_of(options.from), .images_per_class = options.images};
  OODML_ASSIGN_OR_RETURN(const data::OpenedSets opened, data::open_sets(request, {"all"}, print_warning));
  return opened.sets.front();
}

/// [N, F] float on the CPU
Result<torch::Tensor> features_of(const std::shared_ptr<const data::Dataset>& dataset, const BackboneOptions& backbone,
                                  const ShowShare& progress) {
  std::vector<torch::Tensor> rows;
  const TakeFeatures take = [&](const torch::Tensor& batch, const torch::Tensor&) {
    rows.push_back(batch.to(at::kCPU, at::kFloat));
  };
  OODML_RETURN_IF_ERROR(backbone_features(dataset, backbone, progress, take));
  return at::cat(rows);
}

Result<Division> divide(const SubclassesOptions& options, ShareLine& line) {
  const ShowShare progress = [&](std::string_view what, double share) { line.show(what, share); };
  std::error_code ignored;
  if (std::filesystem::exists(options.output, ignored)) {
    return failure(StatusCode::kAlreadyExists, options.output + " exists; name another folder, or remove it");
  }
  OODML_ASSIGN_OR_RETURN(const auto dataset, open(options));
  OODML_ASSIGN_OR_RETURN(const torch::Tensor features, features_of(dataset, options.backbone, progress));
  OODML_ASSIGN_OR_RETURN(Division division,
                         divide_classes(*dataset, features, options.per_class, options.at_least, options.seed));
  OODML_RETURN_IF_ERROR(write_image_folder(*dataset, division.subclasses, options.output, progress));
  return division;
}

std::string summary_of(const Division& division, const std::string& output) {
  std::size_t images = 0;
  for (const Subclass& subclass : division.subclasses) images += subclass.positions.size();
  const auto size = [](const Subclass& subclass) { return subclass.positions.size(); };
  const auto [least, most] = std::ranges::minmax(division.subclasses, {}, size);
  return fmt::format("{} classes of {} to {} images, {} images\n{}\n", division.subclasses.size(), size(least),
                     size(most), images, output);
}

}  // namespace

const CLI::App* add_subclasses(CLI::App& app, SubclassesOptions& options) {
  CLI::App* command = app.add_subcommand("subclasses", "Divide the classes of a benchmark into finer ones");
  add_benchmark(*command, options.from)->required();
  command->add_option("--output", options.output, "Folder to make, beside the benchmark's for trials")->required();
  command->add_option("--per-class", options.per_class, "Clusters of a class")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--images", options.images, "Only the first so many images of a class; 0 is all")
      ->check(CLI::Range(0, 1'000'000'000))
      ->capture_default_str();
  command->add_option("--at-least", options.at_least, "Clusters of fewer images are left out")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  command->add_option("--seed", options.seed, "Of the clusters' first centres")
      ->check(CLI::Range(0, 1'000'000'000))
      ->capture_default_str();
  add_backbone(*command, options.backbone);
  command->footer(kSubclassesFooter + exit_codes_of_commands());
  return command;
}

int run_subclasses(const SubclassesOptions& options) {
  const Status done = guarded([&]() -> Status {
    ShareLine line;
    OODML_ASSIGN_OR_RETURN(const Division division, divide(options, line));
    line.close();
    for (const std::string& note : division.notes) print_note("note: " + note + "\n");
    return print_out(summary_of(division, options.output));
  });
  return end_of_command("subclasses", done);
}

}  // namespace oodml::commands
