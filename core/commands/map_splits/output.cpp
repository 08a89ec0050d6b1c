#include "core/commands/map_splits/output.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/csv_text.h"
#include "core/commands/map_splits/map_figures.h"
#include "core/commands/map_splits/sides.h"
#include "core/figures/draw.h"

namespace oodml::commands {
namespace {

using Json = nlohmann::ordered_json;

std::string csv_of_points(const SplitMaps& maps, const splits::Split& split) {
  const bool has_images = !maps.points.images.empty();
  const std::vector<Side> sides = sides_of(maps, split);
  const double* const map = maps.map.const_data_ptr<double>();
  std::string text = has_images ? "class,image,x,y,side\n" : "class,x,y,side\n";
  for (std::size_t i = 0; i < sides.size(); ++i) {
    text += csv_field(maps.class_names[static_cast<std::size_t>(maps.points.classes[i])]) + ",";
    if (has_images) text += csv_field(maps.points.images[i]) + ",";
    text += csv_number(map[2 * i]) + "," + csv_number(map[2 * i + 1]) + "," + name_of(sides[i]) + "\n";
  }
  return text;
}

Json files_of(const std::string& picture, bool is_drawn) {
  Json files = Json::object();
  if (!is_drawn) return files;
  for (const char* kind : {"pdf", "svg"}) files[kind] = picture + "." + kind;
  return files;
}

Json json_of_split(const SplitMaps& maps, const ChosenSplit& chosen, bool is_drawn) {
  std::size_t counts[3] = {0, 0, 0};
  for (const Side side : sides_of(maps, chosen.split)) ++counts[static_cast<std::size_t>(side)];
  return {{"id", chosen.split.id},
          {"role", chosen.role.empty() ? Json() : Json(chosen.role)},
          {"fid", chosen.split.fid ? Json(*chosen.split.fid) : Json()},
          {"points", {{"train", counts[0]}, {"test", counts[1]}, {"removed", counts[2]}}},
          {"csv", "map_" + chosen.split.id + ".csv"},
          {"pictures", files_of("picture_" + chosen.split.id, is_drawn)}};
}

std::string json_of_maps(const MapSplitsOptions& options, const SplitMaps& maps, bool is_drawn) {
  Json document = {{"version", 1},
                   {"benchmark", maps.benchmark},
                   {"method", options.method},
                   {"what", options.what},
                   {"features", options.features.empty() ? options.backbone.arch : options.features},
                   {"weights", options.features.empty() ? Json(options.backbone.weights) : Json()},
                   {"seed", options.seed}};
  if (options.method == "umap") {
    document["umap"] = {{"neighbours", options.neighbours}, {"min_dist", options.min_dist}, {"metric", options.metric}};
  }
  document["points"] = maps.points.classes.size();
  document["trustworthiness"] = maps.trustworthiness ? Json(*maps.trustworthiness) : Json();
  document["trustworthiness_neighbours"] = maps.trusted_neighbours;
  document["pictures"] =
      files_of(maps.splits.size() > 1 ? "picture_all" : "picture_" + maps.splits[0].split.id, is_drawn);
  document["splits"] = Json::array();
  for (const ChosenSplit& chosen : maps.splits) document["splits"].push_back(json_of_split(maps, chosen, is_drawn));
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::filesystem::path folder_of(const MapSplitsOptions& options, const std::string& benchmark) {
  return options.output.empty() ? std::filesystem::path(benchmark + "_maps") : options.output;
}

Status write_maps(const MapSplitsOptions& options, const SplitMaps& maps) {
  const std::filesystem::path folder = folder_of(options, maps.benchmark);
  OODML_RETURN_IF_ERROR(make_folders(folder));
  for (const ChosenSplit& chosen : maps.splits) {
    OODML_RETURN_IF_ERROR(
        write_file_atomically(folder / ("map_" + chosen.split.id + ".csv"), csv_of_points(maps, chosen.split)));
  }
  const Status drawn = figures::draw(figures_of_maps(options, maps), folder);
  OODML_RETURN_IF_ERROR(write_file_atomically(folder / "maps.json", json_of_maps(options, maps, drawn.ok())));
  return drawn;
}

std::string table_of(const MapSplitsOptions& options, const SplitMaps& maps) {
  std::string text = fmt::format("{:>8}  {:<8}{:>10}{:>8}{:>8}{:>9}\n", "split", "", "FID", "train", "test", "removed");
  for (const ChosenSplit& chosen : maps.splits) {
    std::size_t counts[3] = {0, 0, 0};
    for (const Side side : sides_of(maps, chosen.split)) ++counts[static_cast<std::size_t>(side)];
    text +=
        fmt::format("{:>8}  {:<8}{:>10}{:>8}{:>8}{:>9}\n", chosen.split.id, chosen.role,
                    chosen.split.fid ? fmt::format("{:.4f}", *chosen.split.fid) : "-", counts[0], counts[1], counts[2]);
  }
  text += fmt::format("{} {} by {}", maps.points.classes.size(), options.what, options.method);
  if (maps.trustworthiness) {
    text += fmt::format(", trustworthiness {:.4f} of {} neighbours", *maps.trustworthiness, maps.trusted_neighbours);
  }
  return text + "\n" + (folder_of(options, maps.benchmark) / "maps.json").string() + "\n";
}

}  // namespace oodml::commands
