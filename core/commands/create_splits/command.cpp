#include "core/commands/create_splits/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/commands/create_splits/units.h"
#include "core/commands/share_line.h"
#include "core/data/benchmark.h"
#include "core/embedding_files/label_file.h"
#include "core/split_creation/choose_entries.h"
#include "core/split_creation/progression_csv.h"
#include "core/split_creation/published_runs.h"
#include "core/trial/benchmark_layout.h"
#include "core/trial/command_errors.h"

namespace oodml::commands {
namespace {

using BenchmarkPointer = std::shared_ptr<const data::Benchmark>;

constexpr std::size_t kMostSplitFileBytes = 64ULL << 20;  // what trials read

std::string name_of(const CreateSplitsOptions& options) {
  return options.benchmark.empty() ? std::filesystem::path(options.features).stem().string() : options.benchmark;
}

std::string output_of(const CreateSplitsOptions& options) {
  if (!options.output.empty()) return options.output;
  return (options.superclasses ? "super_" : "") + name_of(options) + "_splits.json";
}

Status check_asked(const CreateSplitsOptions& options) {
  if (options.benchmark.empty() && options.features.empty()) {
    return invalid_argument("needs --benchmark, or a file of features with --features; see --help");
  }
  if (options.superclasses && (options.benchmark.empty() || !options.train_classes.empty())) {
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
  if (options.benchmark.empty()) return BenchmarkPointer();
  OODML_ASSIGN_OR_RETURN(const std::string layout, trial::layout_of(options.benchmark, options.layout));
  if (options.superclasses && layout != "online_products") {
    return invalid_argument("--super: only layout online_products has categories, not " + layout);
  }
  return data::open_benchmark(options.benchmark, layout,
                              std::filesystem::path(options.benchmarks_root) / options.benchmark);
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

split_creation::ProgressionOptions runs_of(const CreateSplitsOptions& options, const Units& units) {
  auto runs =
      split_creation::published_runs(options.benchmark, std::min(std::ssize(units.train), std::ssize(units.test)));
  if (options.iterations) {
    runs.forward.iterations = *options.iterations;
    runs.removal.iterations = *options.iterations > 0 ? *options.iterations + 10 : 0;
    if (runs.inverse.iterations > 0) runs.inverse.iterations = std::max<std::int64_t>(*options.iterations - 10, 0);
  }
  runs.removal.iterations = options.removal_iterations.value_or(runs.removal.iterations);
  runs.inverse.iterations = options.inverse_iterations.value_or(runs.inverse.iterations);
  for (split_creation::RunOptions* run : {&runs.forward, &runs.removal, &runs.inverse}) {
    run->swaps = options.swaps.value_or(run->swaps);
  }
  runs.forward.history = options.history.value_or(runs.forward.history);
  runs.removal.history = options.history.value_or(runs.removal.history);
  runs.inverse.history = options.inverse_history.value_or(runs.inverse.history);
  runs.form = options.fid_form == "exact" ? split_creation::FidForm::kExact : split_creation::FidForm::kCheap;
  runs.stale_removal_names = std::ranges::count(options.parity, "S3") > 0;
  return runs;
}

Result<std::vector<std::size_t>> chosen_of(const CreateSplitsOptions& options,
                                           const std::vector<split_creation::Entry>& entries) {
  if (!options.keys.empty()) return split_creation::entries_of_keys(entries, options.keys);
  if (!options.fids.empty()) return split_creation::entries_of_fids(entries, options.fids);
  return split_creation::spread_entries(entries, options.count);
}

struct Created {
  split_creation::Progression progression;
  std::vector<std::size_t> chosen;
  Units units;
  std::vector<std::string> notes;
};

Status write(const CreateSplitsOptions& options, const Created& created, std::vector<splits::Split> splits) {
  const std::string json = splits::to_json({.benchmark = name_of(options), .splits = std::move(splits)});
  if (json.size() > kMostSplitFileBytes) {
    return failure(StatusCode::kResourceExhausted,
                   "the split file would be larger than 64 MiB, the most that trials read; ask for fewer splits or "
                   "--episodes, or leave these out with --episodes 0");
  }
  OODML_RETURN_IF_ERROR(write_file_atomically(output_of(options), json));
  if (options.csv.empty()) return {};
  return write_file_atomically(options.csv, split_creation::progression_csv(created.progression.entries, created.chosen,
                                                                            created.units.train, created.units.test));
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
      split_creation::shift_split(units.means, units.train, units.test, runs_of(options, units),
                                  [&](std::string_view what, double share) { line.show(what, share); }));
  OODML_ASSIGN_OR_RETURN(created.chosen, chosen_of(options, created.progression.entries));
  line.show("writing " + output_of(options), 0.0);
  split_creation::SplitOptions lists = options.lists;
  lists.sort_swap_lists = std::ranges::count(options.parity, "S2") == 0;
  const split_creation::Files files = benchmark == nullptr ? split_creation::Files() : image_files(*benchmark);
  auto made = split_creation::make_splits(created.progression.entries, created.chosen, units.members, files, lists);
  created.notes = features.notes;
  created.notes.insert(created.notes.end(), created.progression.notes.begin(), created.progression.notes.end());
  created.notes.insert(created.notes.end(), made.notes.begin(), made.notes.end());
  OODML_RETURN_IF_ERROR(write(options, created, std::move(made.splits)));
  return created;
}

std::string table_of(const Created& created, const std::string& output) {
  std::string text = fmt::format("{:>4}  {:<8}{:>10}{:>8}{:>8}{:>17}{:>9}\n", "id", "key", "FID", "train", "test",
                                 "moved each way", "removed");
  for (std::size_t i = 0; i < created.chosen.size(); ++i) {
    const split_creation::Entry& entry = created.progression.entries[created.chosen[i]];
    const split_creation::Moved moved = split_creation::moved(entry, created.units.train, created.units.test);
    text +=
        fmt::format("{:>4}  {:<8}{:>10.4f}{:>8}{:>8}{:>17}{:>9}\n", i + 1, entry.key(), entry.fid, entry.train.size(),
                    entry.test.size(), fmt::format("{} + {}", moved.to_test, moved.to_train), moved.removed);
  }
  return text + output + "\n";
}

}  // namespace

int run_create_splits(const CreateSplitsOptions& options) {
  const Status done = trial::guarded([&]() -> Status {
    ShareLine line;
    OODML_ASSIGN_OR_RETURN(const Created created, create(options, line));
    line.close();
    for (const std::string& note : created.notes) print_note("note: " + note + "\n");
    return print_out(table_of(created, output_of(options)));
  });
  return trial::end_of_command("splits create", done);
}

}  // namespace oodml::commands
