#include "core/commands/splits_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/atomic_file.h"
#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/commands/benchmark_options.h"
#include "core/commands/command_errors.h"
#include "core/data/open_remembered.h"
#include "core/data/split_on_disk.h"
#include "core/splits/split_file.h"
#include "core/splits/split_remarks.h"
#include "core/splits/split_text.h"

namespace oodml::commands {
namespace {

constexpr std::size_t kShownMisfits = 20;
constexpr auto kImportFooter =
    "FILE is a pickle as the ooDML study published them (cub200_splits.pkl, cars196_splits.pkl,\n"
    "online_products_splits.pkl), or a split file of ours. Pickles are read without Python, and nothing in them is run.\n"
    "With --root every class and every image that the file names is looked for, and the class ids in the file of\n"
    "Online Products become names.\n"
    "\n"
    "Examples:\n"
    "  oodml splits import cars196_splits.pkl --output cars196/splits.json\n"
    "  oodml splits import online_products_splits.pkl --root ~/benchmarks --output splits.json\n"
    "\n"
    "Trials and workers read either form; a published file may also lie as it is in the benchmark's folder.\n"
    "A split that does not fit the folder is a conflict. ";
constexpr auto kShowFooter =
    "Examples:\n"
    "  oodml splits show cars196_splits.pkl\n"
    "  oodml splits show cub200_splits.pkl --base 3 -o json\n"
    "\n"
    "JSON names the classes that moved.\n";

/// Every split against the folder; class ids become names.
Status compare(const SplitsOptions& options, splits::SplitFile& file) {
  const data::BenchmarkPlace place = place_of({file.benchmark, options.layout, options.root});
  OODML_ASSIGN_OR_RETURN(const data::OpenedBenchmark opened, data::open_remembered(place, print_warning));
  const data::Benchmark& benchmark = *opened.benchmark;
  std::vector<std::string> misfits;
  const std::string name = printable(options.file.native(), 4096);
  for (splits::Split& split : file.splits) {
    if (const Status named = data::name_classes(benchmark, split); !named.ok()) {
      return failure(named.code(), name + ": " + named.message());
    }
    const auto found = data::misfits_on_disk(benchmark, split);
    misfits.insert(misfits.end(), found.begin(), found.end());
  }
  if (misfits.empty()) return {};
  std::string text =
      fmt::format("{}: the splits do not fit {}, {} places:", name, place.folder.string(), misfits.size());
  for (std::size_t i = 0; i < std::min(misfits.size(), kShownMisfits); ++i) text += "\n  " + misfits[i];
  if (misfits.size() > kShownMisfits) text += fmt::format("\n  and {} more", misfits.size() - kShownMisfits);
  return failed_precondition(std::move(text));
}

/// The file, with what is odd about it told.
Result<splits::SplitFile> read_with_remarks(const SplitsOptions& options) {
  OODML_ASSIGN_OR_RETURN(splits::SplitFile file, splits::read_split_file(options.file));
  for (const std::string& remark : splits::remarks_on(file)) {
    print_note("note: " + printable(options.file.native(), 4096) + ": " + remark + "\n");
  }
  return file;
}

Status import_file(const SplitsOptions& options) {
  OODML_ASSIGN_OR_RETURN(splits::SplitFile file, read_with_remarks(options));
  if (!options.benchmark.empty()) file.benchmark = options.benchmark;
  if (!options.root.empty()) OODML_RETURN_IF_ERROR(compare(options, file));
  const std::string text = splits::to_json(file);
  if (options.output.empty() || options.output == "-") return print_out(text);
  OODML_RETURN_IF_ERROR(write_file_atomically(options.output, text));
  print_note(fmt::format(
      "{}: {} splits of {} written{}\n", options.output, file.splits.size(), file.benchmark,
      options.root.empty() ? "; give --root to compare them with the images" : ", and all of it is on disk"));
  return {};
}

Status show_file(const SplitsOptions& options) {
  OODML_ASSIGN_OR_RETURN(const splits::SplitFile file, read_with_remarks(options));
  const splits::Split* base = options.base.empty() ? &file.splits.front() : file.find(options.base);
  if (base == nullptr) {
    std::vector<std::string> known;
    for (const splits::Split& split : file.splits) known.push_back(split.id);
    return invalid_argument("no split '" + printable(options.base) + "' in " + printable(options.file.native(), 4096) +
                            "; known: " + name_list(known));
  }
  return print_out(options.format == "json" ? splits::json_of_splits(file, *base)
                                            : splits::table_of_splits(file, *base));
}

}  // namespace

const CLI::App* add_splits(CLI::App& app, SplitsOptions& options) {
  CLI::App* splits = app.add_subcommand("splits", "Split files: make them, import published ones, show and draw them");
  splits->require_subcommand(1);
  options.create = add_create_splits(*splits, options.making);
  CLI::App* import = splits->add_subcommand("import", "Convert a published split file to our JSON, and check it");
  import->add_option("file", options.file, "Split file")->required();
  import->add_option("-o,--output", options.output, "File to write; by default stdout");
  import->add_option("--root", options.root, "Folder that holds the benchmark's folder, to compare with its images");
  import->add_option("--benchmark", options.benchmark, "Its name; by default from the file's: cars196_splits.pkl");
  import->add_option("--layout", options.layout, "How the folder is read, where the catalogue does not know");
  import->footer(kImportFooter + exit_codes_of_commands());
  CLI::App* show = splits->add_subcommand("show", "Print ids, sizes, FID and how many classes moved");
  show->add_option("file", options.file, "Split file")->required();
  show->add_option("--base", options.base, "Id that moved classes are counted against; by default the first");
  show->add_option("-o,--output", options.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  show->footer(kShowFooter + exit_codes_of_commands());
  options.import = import;
  options.map = add_map_splits(*splits, options.mapping);
  return splits;
}

int run_splits(const SplitsOptions& options) {
  if (options.create->parsed()) return run_create_splits(options.making);
  if (options.map->parsed()) return run_map_splits(options.mapping);
  const bool imports = options.import->parsed();
  return end_of_command(imports ? "splits import" : "splits show",
                        guarded([&] { return imports ? import_file(options) : show_file(options); }));
}

}  // namespace oodml::commands
