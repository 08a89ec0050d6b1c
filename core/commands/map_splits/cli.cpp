#include "core/commands/command_errors.h"
#include "core/commands/embedding_choices.h"
#include "core/commands/map_splits/command.h"

namespace oodml::commands {
namespace {

constexpr auto kMapFooter =
    "One map of all classes, or images, that the chosen splits have, coloured anew for each split: training classes, test\n"
    "classes, and those that this split has removed. Without --split these are the first split of the file, the\n"
    "benchmark's own, and the last: the easy, the default and the hard one.\n"
    "\n"
    "Into the folder: map_ID.csv (class, image, x, y, side), picture_ID and picture_all as .pdf, .svg, and .gp with .csv\n"
    "to draw them anew, and maps.json, by which `oodml report --kind oodml --maps FOLDER` finds them.\n"
    "\n"
    "Features: the pooled output of a backbone, or a file of them (kinds as for `oodml evaluate`), a row an image or a\n"
    "row a class, labelled by class names or by class numbers in the benchmark's order.\n"
    "\n"
    "Examples:\n"
    "  oodml splits map --benchmark cub200 --weights imagenet -o maps\n"
    "  oodml splits map --benchmark cub200 --weights imagenet --what images --max-images 3000 --split 1,9\n"
    "  oodml splits map splits.json --features means.npz --method pca\n"
    "\n";

void add_map_source(CLI::App& map, MapSplitsOptions& options) {
  map.add_option("file", options.file, "Split file; by default the one in the benchmark's folder");
  add_benchmark(map, options.from)->description("The benchmark that it splits");
  map.add_option("--split", options.splits, "Ids of the splits to draw, as 1,3,9")->delimiter(',');
  auto* features = map.add_option("--features", options.features, "File of features instead of a backbone's");
  map.add_option("--labels", options.labels, "File of their labels")->needs(features);
  add_embedding_choices(map, options.choices, features);
}

void add_map_result(CLI::App& map, MapSplitsOptions& options) {
  map.add_option("--method", options.method, "umap, or pca: the two principal components")
      ->check(CLI::IsMember({"umap", "pca"}))
      ->capture_default_str();
  map.add_option("--what", options.what, "Points of the map: classes (the mean of each) or images")
      ->check(CLI::IsMember({"classes", "images"}))
      ->capture_default_str();
  map.add_option("--max-images", options.max_images, "With --what images: so many are drawn from all; 0 is all")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}))
      ->capture_default_str();
  map.add_option("--images-per-class", options.images_per_class,
                 "Of a benchmark only the first so many images of a class; 0 is all")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}))
      ->capture_default_str();
  map.add_option("--neighbours", options.neighbours, "umap: of a point, itself among them")
      ->check(CLI::Range(std::int64_t{2}, std::int64_t{1000}))
      ->capture_default_str();
  map.add_option("--min-dist", options.min_dist, "umap: how near points may lie in the map")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  map.add_option("--metric", options.metric, "umap: distance of features")
      ->check(CLI::IsMember({"euclidean", "cosine"}))
      ->capture_default_str();
  map.add_option("--seed", options.seed, "Of the images that are drawn, and of umap")->capture_default_str();
  map.add_option("-o,--output", options.output, "Folder to write to; by default <benchmark>_maps");
  map.add_flag("--force", options.force, "Write over the maps that are in the folder");
}

}  // namespace

CLI::App* add_map_splits(CLI::App& splits, MapSplitsOptions& options) {
  CLI::App* map = splits.add_subcommand("map", "Draw training and test classes, or images, of splits in the plane");
  add_map_source(*map, options);
  add_backbone(*map, options.backbone);
  add_map_result(*map, options);
  map->footer(kMapFooter + exit_codes_of_commands());
  return map;
}

}  // namespace oodml::commands
