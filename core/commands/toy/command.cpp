#include "core/commands/toy/command.h"

#include <filesystem>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/base/print.h"
#include "core/base/printable.h"
#include "core/commands/command_errors.h"
#include "core/commands/toy/output.h"
#include "core/commands/toy/picture.h"
#include "core/figures/draw.h"
#include "core/train/device.h"

namespace oodml::commands {
namespace {

constexpr auto kToyFooter =
    "Two small networks learn points of the plane; one of them sees, now and then, a positive pair as a negative one\n"
    "and keeps more directions (Roth et al., ICML 2020). A CPU does it in seconds; the same seed gives the same bits.\n"
    "\n"
    "Examples:\n"
    "  oodml toy\n"
    "  oodml toy --seed 7 -o toy     # toy.pdf and toy.svg with four panels, toy.json, CSV files\n"
    "\n"
    "The picture needs gnuplot; numbers, tables and the script that draws it are written without it.\n"
    "\n";

Status check_output(const ToyOptions& options) {
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::path(options.output) / "toy.json";
  if (options.output.empty() || options.force || !std::filesystem::exists(file, ignored)) return {};
  return failure(StatusCode::kAlreadyExists,
                 printable(file.native(), 4096) + " exists; name another folder, or write over it with --force");
}

Status write_files(const ToyOptions& options, const toy::Outcome& outcome) {
  const std::filesystem::path folder = options.output;
  OODML_RETURN_IF_ERROR(make_folders(folder));
  for (const auto& [name, text] : csv_files(outcome)) {
    OODML_RETURN_IF_ERROR(write_file_atomically(folder / name, text));
  }
  return write_file_atomically(folder / "toy.json", json_of(outcome));
}

Status do_toy(const ToyOptions& options) {
  OODML_RETURN_IF_ERROR(check_output(options));
  train::make_deterministic(/*cpu_threads=*/1);
  const toy::Outcome outcome = toy::run_experiment(options.seed);
  if (!options.output.empty()) OODML_RETURN_IF_ERROR(write_files(options, outcome));
  OODML_RETURN_IF_ERROR(print_out(table_of(outcome)));
  return options.output.empty() ? Status() : figures::draw({picture_of(outcome)}, options.output);
}

}  // namespace

const CLI::App* add_toy(CLI::App& app, ToyOptions& options) {
  CLI::App* toy = app.add_subcommand("toy", "Train two small networks in the plane: the toy experiment");
  toy->add_option("--seed", options.seed, "Of points, first values and batches")
      ->check(CLI::Range(0, 1'000'000'000))
      ->capture_default_str();
  toy->add_option("-o,--output", options.output, "Folder for all numbers and the picture; by default the table alone");
  toy->add_flag("--force", options.force, "Write over the files of an earlier run");
  toy->footer(kToyFooter + exit_codes_of_commands());
  return toy;
}

int run_toy(const ToyOptions& options) {
  return end_of_command("toy", guarded([&] { return do_toy(options); }));
}

}  // namespace oodml::commands
