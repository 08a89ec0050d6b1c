#include "core/commands/map_splits/command.h"

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/commands/command_errors.h"
#include "core/commands/map_splits/output.h"
#include "core/commands/share_line.h"
#include "core/data/open_remembered.h"
#include "core/embedding_map/pca.h"
#include "core/embedding_map/trustworthiness.h"
#include "core/embedding_map/umap.h"
#include "core/splits/split_file.h"

namespace oodml::commands {
namespace {

namespace fs = std::filesystem;
using embedding_map::Metric;

constexpr std::int64_t kTrustedNeighbours = 15;

Status check_map_asked(const MapSplitsOptions& options) {
  if (!options.from.benchmark.empty()) return {};
  if (!options.file.empty() && !options.features.empty()) return {};
  return invalid_argument("needs --benchmark, or a split file and a file of features with --features; see --help");
}

/// The benchmark's folder; none where none was named.
Result<std::shared_ptr<const data::Benchmark>> open_mapped(const MapSplitsOptions& options) {
  if (options.from.benchmark.empty()) return std::shared_ptr<const data::Benchmark>();
  OODML_ASSIGN_OR_RETURN(const data::OpenedBenchmark opened,
                         data::open_remembered(place_of(options.from), print_warning));
  return opened.benchmark;
}

Result<splits::SplitFile> read_mapped_splits(const MapSplitsOptions& options) {
  const fs::path file = options.file.empty() ? splits::split_file_in(place_of(options.from).folder) : options.file;
  OODML_ASSIGN_OR_RETURN(splits::SplitFile read, splits::read_split_file(file));
  if (!options.from.benchmark.empty()) read.benchmark = options.from.benchmark;
  return read;
}

/// Before anything is computed for it.
Status check_folder(const fs::path& folder, bool force) {
  std::error_code ignored;
  if (force || !fs::exists(folder / "maps.json", ignored)) return {};
  return failure(StatusCode::kAlreadyExists, (folder / "maps.json").string() +
                                                 " exists; name another folder with -o, or write over it with --force");
}

Result<torch::Tensor> map_of(const MapSplitsOptions& options, const torch::Tensor& rows, const ShowShare& progress) {
  if (options.method == "pca") {
    progress("principal components", 0.0);
    return embedding_map::pca(rows, 2);
  }
  return embedding_map::umap(rows, {.neighbours = options.neighbours,
                                    .min_dist = options.min_dist,
                                    .metric = options.metric == "cosine" ? Metric::kCosine : Metric::kEuclidean,
                                    .seed = options.seed,
                                    .progress = progress});
}

/// Of as many neighbours as can be judged, at most the usual number.
Status judge(const MapSplitsOptions& options, SplitMaps& maps) {
  const std::int64_t n = maps.map.size(0);
  maps.trusted_neighbours = std::clamp<std::int64_t>((n - 1) / 2, 0, kTrustedNeighbours);
  if (n < 5) return {};
  const bool by_cosine = options.method == "umap" && options.metric == "cosine";
  OODML_ASSIGN_OR_RETURN(maps.trustworthiness,
                         embedding_map::trustworthiness(maps.points.rows, maps.map, maps.trusted_neighbours,
                                                        by_cosine ? Metric::kCosine : Metric::kEuclidean));
  return {};
}

Result<SplitMaps> make_maps(const MapSplitsOptions& options, const ShowShare& progress) {
  OODML_RETURN_IF_ERROR(check_map_asked(options));
  OODML_ASSIGN_OR_RETURN(const auto benchmark, open_mapped(options));
  OODML_ASSIGN_OR_RETURN(const splits::SplitFile file, read_mapped_splits(options));
  SplitMaps maps{.benchmark = file.benchmark};
  OODML_RETURN_IF_ERROR(check_folder(folder_of(options, maps.benchmark), options.force));
  OODML_ASSIGN_OR_RETURN(maps.splits, choose_splits(file, options.splits, benchmark.get()));
  maps.class_names = classes_of_splits(maps.splits);
  OODML_ASSIGN_OR_RETURN(maps.points, map_points(options, maps.class_names, benchmark.get(), progress));
  OODML_ASSIGN_OR_RETURN(maps.map, map_of(options, maps.points.rows, progress));
  maps.map = maps.map.contiguous();
  progress("trustworthiness", 0.0);
  OODML_RETURN_IF_ERROR(judge(options, maps));
  return maps;
}

}  // namespace

int run_map_splits(const MapSplitsOptions& options) {
  const Status done = guarded([&]() -> Status {
    ShareLine line;
    const ShowShare progress = [&](std::string_view what, double share) { line.show(what, share); };
    OODML_ASSIGN_OR_RETURN(const SplitMaps maps, make_maps(options, progress));
    progress("drawing", 0.0);
    const Status written = write_maps(options, maps);
    line.close();
    for (const std::string& note : maps.points.notes) print_note("note: " + note + "\n");
    OODML_RETURN_IF_ERROR(print_out(table_of(options, maps)));
    return written;
  });
  return end_of_command("splits map", done);
}

}  // namespace oodml::commands
