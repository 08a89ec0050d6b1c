#include "coordinator/cli/report/pads/results.h"

#include <algorithm>
#include <map>
#include <set>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/figure_words.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::pads {
namespace {

constexpr const char* kBin = "policy:sampling@";
constexpr double kLow = 0.1, kHigh = 1.4;
constexpr std::size_t kMostBins = 1000;

std::string title_of(const Run& run) { return run.method.empty() ? run.group : run.method; }

std::string bin_name(std::size_t bin) { return kBin + std::to_string(bin); }

bool has_policy(const Run& run) { return run.courses.contains(bin_name(0)); }

std::size_t bins_of(const Method& method) {
  std::size_t bins = 0;
  for (const Run* run : method.runs) {
    while (bins < kMostBins && run->courses.contains(bin_name(bins))) ++bins;
  }
  return bins;
}

using ByEpoch = std::map<std::int64_t, std::vector<double>>;

ByEpoch values_of_bin(const Method& method, std::size_t bin) {
  ByEpoch values;
  for (const Run* run : method.runs) {
    const auto course = run->courses.find(bin_name(bin));
    if (course == run->courses.end()) continue;
    for (std::size_t i = 0; i < course->second.epochs.size(); ++i)
      values[course->second.epochs[i]].push_back(course->second.values[i]);
  }
  return values;
}

}  // namespace

std::vector<Method> methods_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options) {
  std::vector<Method> methods;
  const auto key = [](const Run& run) { return benchmark_title(run) + "\n" + title_of(run); };
  for (const Family& family : families(runs, min_epochs, key)) {
    const std::string title = title_of(*family.any);
    methods.push_back(
        {.benchmark = benchmark_title(*family.any),
         .title = title,
         .learned = std::ranges::any_of(family.group.runs, [](const Run* run) { return has_policy(*run); }),
         .is_baseline = is_called(*family.any, title, options.baseline),
         .expected = family.group.expected,
         .runs = family.group.runs});
  }
  const std::vector<std::string> order = benchmarks_of(runs);
  std::ranges::stable_sort(
      methods, {}, [&](const Method& method) { return std::ranges::find(order, method.benchmark) - order.begin(); });
  return methods;
}

std::vector<std::string> study_figures(const std::string& benchmark) {
  std::vector<std::string> figures = {"test:e_recall@1", "test:e_recall@2", "test:e_recall@4", "test:e_recall@8"};
  if (benchmark == "SOP") figures = {"test:e_recall@1", "test:e_recall@10", "test:e_recall@100", "test:e_recall@1000"};
  figures.insert(figures.end(), {"test:nmi", "test:f1"});
  return figures;
}

Sampling sampling_of(const Method& method) {
  Sampling sampling;
  sampling.runs =
      static_cast<std::size_t>(std::ranges::count_if(method.runs, [](const Run* run) { return has_policy(*run); }));
  const std::size_t bins = bins_of(method);
  std::vector<ByEpoch> values;
  std::set<std::int64_t> epochs;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    values.push_back(values_of_bin(method, bin));
    for (const auto& [epoch, of_runs] : values.back()) epochs.insert(epoch);
    sampling.distances.push_back(kLow + (kHigh - kLow) * (static_cast<double>(bin) + 0.5) / static_cast<double>(bins));
  }
  for (const std::int64_t epoch : epochs) sampling.epochs.push_back(static_cast<double>(epoch));
  for (ByEpoch& of_bin : values) {
    sampling.shares.emplace_back();
    for (const std::int64_t epoch : epochs) sampling.shares.back().push_back(statistics::mean(of_bin[epoch]));
  }
  return sampling;
}

}  // namespace oodml::cli::report::pads
