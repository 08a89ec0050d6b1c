#include "core/commands/benchmark_options.h"

#include <system_error>

#include "core/catalogue/catalogue.h"

namespace oodml::commands {
namespace fs = std::filesystem;

CLI::Option* add_benchmark(CLI::App& command, BenchmarkOptions& options) {
  CLI::Option* benchmark =
      command.add_option("--benchmark", options.benchmark, "Name of the benchmark, that of its folder");
  command.add_option("--root,--benchmarks-root", options.root, "Folder that holds the benchmark's, or that itself")
      ->envname("OODML_BENCHMARKS_ROOT")
      ->default_val("benchmarks");
  command.add_option("--layout", options.layout, "How the folder is read; by default as the catalogue says")
      ->check(CLI::IsMember(catalogue::find_trial_key("layout")->choices));
  return benchmark;
}

fs::path benchmark_folder(const fs::path& root, const std::string& name) {
  std::error_code ignored;
  const bool is_own = !fs::is_directory(root / name, ignored) && fs::is_directory(root / "images", ignored);
  if (!is_own) return root / name;
  return root.has_filename() ? root : root.parent_path();  // benchmarks/cub200/ is called cub200
}

data::BenchmarkPlace place_of(const BenchmarkOptions& options) {
  return {
      .name = options.benchmark, .folder = benchmark_folder(options.root, options.benchmark), .layout = options.layout};
}

}  // namespace oodml::commands
