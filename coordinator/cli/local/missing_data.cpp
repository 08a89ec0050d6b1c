#include "coordinator/cli/local/missing_data.h"

#include <algorithm>
#include <map>
#include <optional>

#include "coordinator/cli/output/text.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/identity/weights_file.h"
#include "core/splits/split_file.h"
#include "core/splits/split_file_name.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string how_to_get(const std::string& benchmark) {
  if (benchmark == "fashion_mnist") return "`bash deploy/fashion_mnist.sh` makes it there";
  return "put its images there (README: oodml datasets list shows what is read)";
}

/// Looks below the roots, once for each thing that trials read.
class Finder {
 public:
  explicit Finder(const DataRoots& roots) : roots_(roots) {}

  /// Why the trial cannot find what it reads; empty: it can.
  const std::vector<std::string>& missing(const identity::TrialReads& reads) {
    const auto [place, is_new] = known_.try_emplace(reads);
    if (!is_new) return place->second;
    const std::string benchmark = missing_benchmark(reads.benchmark);
    if (!benchmark.empty()) place->second.push_back(benchmark);
    if (benchmark.empty() && reads.split != "default") add(missing_split(reads), place->second);
    if (reads.test_benchmark != "none") add(missing_benchmark(reads.test_benchmark), place->second);
    if (!reads.weights.empty()) add(missing_weights(reads.weights), place->second);
    return place->second;
  }

 private:
  static void add(std::string text, std::vector<std::string>& list) {
    if (!text.empty()) list.push_back(std::move(text));
  }

  std::string missing_benchmark(const std::string& name) const {
    const fs::path folder = roots_.benchmarks / name;
    std::error_code error;
    if (!fs::exists(folder, error)) {
      return "benchmark " + name + ": no folder " + folder.string() + "; " + how_to_get(name) +
             ", or name the folder that holds it with --benchmarks-root" +
             catalogue::did_you_mean(name, names_in(roots_.benchmarks));
    }
    if (!fs::is_directory(folder, error)) return "benchmark " + name + ": " + folder.string() + " is no folder";
    if (!names_in(folder).empty()) return "";
    return "benchmark " + name + ": " + folder.string() + " is empty, or cannot be read; " + how_to_get(name);
  }

  std::string missing_split(const identity::TrialReads& reads) {
    const fs::path folder = roots_.benchmarks / reads.benchmark;
    const fs::path file = splits::split_file_in(folder, reads.split_file);
    const std::string what = "split " + reads.split + " of benchmark " + reads.benchmark + ": ";
    std::error_code error;
    if (!fs::exists(file, error)) {
      const bool usual = reads.split_file == splits::kUsualSplitFile;
      return what + "no file " + file.string() +
             (usual ? ", and no " + reads.benchmark + "_splits.pkl beside it" : "") +
             "; put the study's there, or make one with `oodml splits create`";
    }
    std::optional<Result<std::vector<std::string>>>& ids = split_ids_[file.string()];
    if (!ids) ids = splits::read_split_ids(file);
    if (!*ids) return what + ids->error().message();
    const std::vector<std::string>& known = **ids;
    if (std::ranges::find(known, reads.split) != known.end()) return "";
    return what + "not in " + file.string() + "; it has " + joined(known) + catalogue::did_you_mean(reads.split, known);
  }

  std::string missing_weights(const std::string& name) const {
    const std::string what = "weights " + name + ": ";
    if (roots_.weights.empty()) {
      return what + "no folder of weights was named; say --weights-root DIR or OODML_WEIGHTS_ROOT, or weights: none";
    }
    if (identity::weights_file(roots_.weights, name)) return "";
    return what + "no file " + (roots_.weights / name).string() +
           " with the ending .safetensors, .pth, .pth.tar or .pt";
  }

  const DataRoots& roots_;
  std::map<identity::TrialReads, std::vector<std::string>> known_;
  std::map<std::string, std::optional<Result<std::vector<std::string>>>> split_ids_;  ///< By file.
};

}  // namespace

Status check_data_is_here(const std::vector<identity::TrialReads>& to_run, std::size_t trials, const DataRoots& roots) {
  std::error_code error;
  if (!fs::is_directory(roots.benchmarks, error)) {
    return not_found("no folder of benchmarks at " + roots.benchmarks.string() +
                     "; name it with --benchmarks-root DIR or OODML_BENCHMARKS (it holds one subfolder a benchmark, as "
                     "fashion_mnist/)");
  }
  Finder finder(roots);
  std::map<std::string, std::int64_t> trials_by_reason;
  std::int64_t affected = 0;
  for (const identity::TrialReads& reads : to_run) {
    const std::vector<std::string>& reasons = finder.missing(reads);
    affected += reasons.empty() ? 0 : 1;
    for (const std::string& reason : reasons) ++trials_by_reason[reason];
  }
  if (affected == 0) return {};
  std::string text = counted(affected, "trial") + " of " + std::to_string(trials) + " cannot run on this machine:";
  for (const auto& [reason, n] : trials_by_reason) text += "\n  " + reason + " (" + counted(n, "trial") + ")";
  return not_found(text);
}

sweep::SplitIds split_ids_below(const DataRoots& roots) {
  return [root = roots.benchmarks](const std::string& benchmark,
                                   const std::string& split_file) -> Result<std::vector<std::string>> {
    const fs::path file = splits::split_file_in(root / benchmark, split_file);
    std::error_code error;
    if (fs::exists(file, error)) return splits::read_split_ids(file);
    return not_found("no split file " + file.string() +
                     " (--benchmarks-root or OODML_BENCHMARKS names another folder)");
  };
}

}  // namespace oodml::cli
