#include "core/commands/create_splits/command.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/commands/command_errors.h"
#include "core/commands/create_splits/asked_runs.h"
#include "core/commands/create_splits/result.h"
#include "core/commands/create_splits/units.h"
#include "core/commands/share_line.h"
#include "core/data/open_remembered.h"
#include "core/embedding_files/label_file.h"

namespace oodml::commands {
namespace {

using BenchmarkPointer = std::shared_ptr<const data::Benchmark>;

Status check_asked(const CreateSplitsOptions& options) {
  if (options.from.benchmark.empty() && options.features.empty()) {
    return invalid_argument("needs --benchmark, or a file of features with --features; see --help");
  }
  if (options.superclasses && (options.from.benchmark.empty() || !options.train_classes.empty())) {
    return invalid_argument("--super needs --benchmark, which has the categories, and takes no --train-classes");
  }
  for (const std::string& file : {output_of(options), options.csv, options.save_features}) {
    std::error_code ignored;
    if (file.empty() || options.force || !std::filesystem::exists(file, ignored)) continue;
    return failure(StatusCode::kAlreadyExists, file + " exists; name another file, or write over it with --force");
  }
  return {};
}

/// The benchmark's folder; none where only features were named.
Result<BenchmarkPointer> open(const CreateSplitsOptions& options) {
  if (options.from.benchmark.empty()) return BenchmarkPointer();
  const data::BenchmarkPlace place = place_of(options.from);
  OODML_ASSIGN_OR_RETURN(const std::string layout, data::layout_of(place));
  if (options.superclasses && layout != "online_products") {
    return invalid_argument("--super: only layout online_products has categories, not " + layout);
  }
  OODML_ASSIGN_OR_RETURN(const data::OpenedBenchmark opened, data::open_remembered(place, print_warning));
  return opened.benchmark;
}

Result<ClassFeatures> features_of(const CreateSplitsOptions& options, const data::Benchmark* benchmark,
                                  ShareLine& line) {
  if (options.features.empty()) {
    return embed_classes(*benchmark, options.backbone,
                         [&](std::string_view what, double share) { line.show(what, share); });
  }
  line.show("reading " + options.features, 0.0);
  return read_class_features(options.features, options.labels, options.choices, benchmark);
}

Result<std::vector<std::string>> training_classes(const CreateSplitsOptions& options, const ClassFeatures& features,
                                                  const data::Benchmark* benchmark) {
  if (!options.train_classes.empty()) {
    return embedding_files::read_name_file(options.train_classes);
  }
  if (benchmark != nullptr) return benchmark->default_train;
  const auto half = static_cast<std::ptrdiff_t>(features.names.size() / 2);
  return std::vector<std::string>(features.names.begin(), features.names.begin() + half);
}

Result<Units> units_of(const CreateSplitsOptions& options, const ClassFeatures& features,
                       const data::Benchmark* benchmark) {
  if (options.superclasses) return units_of_categories(features, image_folders(*benchmark));
  OODML_ASSIGN_OR_RETURN(const auto train, training_classes(options, features, benchmark));
  return units_of_classes(features, train);
}

Result<Created> create(const CreateSplitsOptions& options, ShareLine& line) {
  OODML_RETURN_IF_ERROR(check_asked(options));
  OODML_ASSIGN_OR_RETURN(const BenchmarkPointer benchmark, open(options));
  OODML_ASSIGN_OR_RETURN(const ClassFeatures features, features_of(options, benchmark.get(), line));
  if (!options.save_features.empty()) OODML_RETURN_IF_ERROR(write_class_features(options.save_features, features));
  Created created;
  OODML_ASSIGN_OR_RETURN(created.units, units_of(options, features, benchmark.get()));
  const Units& units = created.units;
  OODML_ASSIGN_OR_RETURN(
      created.progression,
      split_creation::shift_split(units.means, units.train, units.test, asked_runs(options, units),
                                  [&](std::string_view what, double share) { line.show(what, share); }));
  OODML_ASSIGN_OR_RETURN(created.chosen, asked_entries(options, created.progression.entries));
  line.show("writing " + output_of(options), 0.0);
  split_creation::SplitOptions lists = options.lists;
  lists.sort_swap_lists = std::ranges::count(options.parity, "S2") == 0;
  const split_creation::Files files = benchmark == nullptr ? split_creation::Files() : image_files(*benchmark);
  auto made = split_creation::make_splits(created.progression.entries, created.chosen, units.members, files, lists);
  created.notes = features.notes;
  created.notes.insert(created.notes.end(), created.progression.notes.begin(), created.progression.notes.end());
  created.notes.insert(created.notes.end(), made.notes.begin(), made.notes.end());
  OODML_RETURN_IF_ERROR(write_result(options, created, std::move(made.splits)));
  return created;
}

}  // namespace

int run_create_splits(const CreateSplitsOptions& options) {
  const Status done = guarded([&]() -> Status {
    ShareLine line;
    OODML_ASSIGN_OR_RETURN(const Created created, create(options, line));
    line.close();
    for (const std::string& note : created.notes) print_note("note: " + note + "\n");
    return print_out(table_of(created, output_of(options)));
  });
  return end_of_command("splits create", done);
}

}  // namespace oodml::commands
