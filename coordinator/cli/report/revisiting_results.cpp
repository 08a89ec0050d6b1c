#include "coordinator/cli/report/revisiting_results.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/method_names.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::revisiting {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool has(const Run& run, const std::string& figure) { return run.courses.contains(figure_of(run, figure)); }

bool contains(const std::vector<std::string>& figures, const std::string& figure) {
  return std::ranges::find(figures, figure) != figures.end();
}

/// The study has mAP over the 1023 nearest, or over all; one for all runs, the first that any of them has.
std::string map_of(const std::vector<Run>& runs) {
  for (const char* figure : {"test:mAP_lim", "test:mAP", "test:mAP_c", "test:mAP_1000"}) {
    if (std::ranges::any_of(runs, [&](const Run& run) { return has(run, figure); })) return figure;
  }
  return "";
}

void add_run(Method& method, const Run& run, const std::vector<std::string>& test, Choice choice) {
  method.runs.push_back({.where = run.split, .seed = run.seed});
  for (const std::string& figure : test) method.values[figure].push_back(value_of(run, figure, choice));
  const std::optional<Chosen> best = chosen(run, figure_of(run, kRecall), choice);
  method.best_epochs.push_back(best ? static_cast<double>(best->epoch) : kNaN);
  for (const auto* figures : {&kStructure, &kOtherSpectra}) {
    for (const std::string& figure : *figures) {
      const auto value = best ? value_at(run, figure_of(run, figure), best->epoch) : std::nullopt;
      method.values[figure].push_back(value.value_or(kNaN));
    }
  }
}

Method method_of(const Family& family, const std::vector<std::string>& test, const ReportOptions& options) {
  const MethodName name = method_name(*family.any);
  Method method{.benchmark = benchmark_title(*family.any),
                .title = name.title,
                .regularised = name.regularised,
                .is_baseline = is_called(*family.any, name.title, options.baseline),
                .expected = family.group.expected};
  for (const auto* figures : {&test, &kStructure, &kOtherSpectra}) {
    for (const std::string& figure : *figures) method.values[figure] = {};
  }
  for (const Run* run : family.group.runs) add_run(method, *run, test, options.choice);
  return method;
}

/// Groups that differ in something else than the method keep their whole names.
void tell_apart(std::vector<Method>& methods, const std::vector<Family>& groups) {
  std::map<std::pair<std::string, std::string>, int> times;
  for (const Method& method : methods) ++times[{method.benchmark, method.title}];
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (times[{methods[i].benchmark, methods[i].title}] > 1) methods[i].title = groups[i].any->group;
  }
}

}  // namespace

Summary Method::summary(const std::string& figure, Spread spread) const {
  const auto found = values.find(figure);
  return summary_of(found == values.end() ? std::vector<double>() : found->second, expected, spread);
}

double Method::mean(const std::string& figure) const {
  const auto found = values.find(figure);
  return found == values.end() ? kNaN : statistics::mean(found->second);
}

std::vector<const Method*> Results::of(const std::string& benchmark) const {
  std::vector<const Method*> found;
  for (const Method& method : methods) {
    if (method.benchmark == benchmark) found.push_back(&method);
  }
  return found;
}

std::vector<std::string> Results::test_figures() const {
  std::vector<std::string> figures = kTest;
  if (!map.empty()) figures.push_back(map);
  return figures;
}

std::string count_of(const std::vector<const Method*>& methods, const std::string& figure) {
  std::size_t n = 0, expected = 0;
  for (const Method* method : methods) {
    const auto found = method->values.find(figure);
    n += found == method->values.end() ? 0 : statistics::present(found->second).size();
    expected += method->expected;
  }
  return count_text(n, expected);
}

std::vector<std::string> Results::table_figures() const {
  if (!asked_for.empty()) return asked_for;
  std::vector<std::string> figures = {kRecall, "test:e_recall@2", "test:f1", "test:nmi"};
  if (!map.empty()) figures.insert(figures.begin() + 3, map);
  return figures;
}

Results results_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options) {
  Results results{.benchmarks = benchmarks_of(runs), .methods = {}, .map = map_of(runs), .asked_for = options.metrics};
  std::vector<std::string> figures = results.test_figures();
  for (const std::string& figure : options.metrics) {
    const bool is_read_at_best_recall = contains(kStructure, figure) || contains(kOtherSpectra, figure);
    if (!is_read_at_best_recall && !contains(figures, figure)) figures.push_back(figure);
  }
  const auto groups = families(runs, min_epochs, [](const Run& run) { return run.benchmark + "\n" + run.group; });
  for (const Family& family : groups) results.methods.push_back(method_of(family, figures, options));
  tell_apart(results.methods, groups);
  std::ranges::stable_sort(results.methods, {},
                           [](const Method& method) { return std::tie(method.regularised, method.title); });
  return results;
}

}  // namespace oodml::cli::report::revisiting
