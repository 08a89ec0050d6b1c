#include "coordinator/cli/report/few_shot_results.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <tuple>

#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/method_names.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::few_shot {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// The first number in the text: 2 of "2", "shots2", "2_shots".
std::string number_in(const std::string& text) {
  const auto begin = std::ranges::find_if(text, is_digit);
  return {begin, std::find_if_not(begin, text.end(), is_digit)};
}

std::string shots_of(const Run& run) {
  for (const char* axis : {"few_shot.shots", "shots", "few_shot"}) {
    const auto label = run.labels.find(axis);
    if (label == run.labels.end()) continue;
    const std::string number = number_in(label->second);
    if (!number.empty()) return number;
  }
  const std::size_t place = run.group.find("Shots-");
  const std::string number = place == std::string::npos ? "" : number_in(run.group.substr(place));
  return number.empty() ? "?" : number;
}

double last_value(const Run& run, const std::string& figure) { return value_of(run, figure, Choice::kLast); }

/// The run's own, else that of --splits.
std::optional<double> fid_of(const Run& run, const ReportOptions& options) {
  if (run.fid) return run.fid;
  const auto point = std::ranges::find_if(options.splits, [&](const SplitPoint& split) {
    return split.id == run.split && (split.benchmark.empty() || split.benchmark == run.benchmark);
  });
  return point == options.splits.end() ? std::nullopt : std::optional(point->fid);
}

Point point_of(const Family& family, const ReportOptions& options) {
  return {.split = family.any->split,
          .fid = fid_of(*family.any, options),
          .expected = family.group.expected,
          .runs = family.group.runs};
}

Curve& curve_for(std::vector<Curve>& curves, const Run& run, const std::string& baseline) {
  const std::string benchmark = benchmark_title(run), method = method_name(run).title, shots = shots_of(run);
  const auto found = std::ranges::find_if(curves, [&](const Curve& curve) {
    return curve.benchmark == benchmark && curve.method == method && curve.shots == shots;
  });
  if (found != curves.end()) return *found;
  curves.push_back({.benchmark = benchmark,
                    .method = method,
                    .shots = shots,
                    .is_baseline = is_called(run, method, baseline),
                    .points = {}});
  return curves.back();
}

std::vector<double> each(const Point& point, const std::string& metric, const auto& what) {
  std::vector<double> values;
  for (const Run* run : point.runs) values.push_back(what(adapted(*run, metric)));
  return values;
}

}  // namespace

Adapted adapted(const Run& run, const std::string& metric) {
  Adapted values{last_value(run, "test:zero_shot." + metric), last_value(run, "test:few_shot." + metric),
                 last_value(run, "test:zero_shot_conf." + metric), last_value(run, "test:few_shot_conf." + metric)};
  if (std::isnan(values.zero) || std::isnan(values.few)) values = {kNaN, kNaN, kNaN, kNaN};
  return values;
}

std::vector<double> Point::zero(const std::string& metric) const {
  return each(*this, metric, [](const Adapted& a) { return a.zero; });
}
std::vector<double> Point::few(const std::string& metric) const {
  return each(*this, metric, [](const Adapted& a) { return a.few; });
}
std::vector<double> Point::gains(const std::string& metric) const {
  return each(*this, metric, [](const Adapted& a) { return a.gain(); });
}

double Point::zero_conf(const std::string& metric) const {
  return statistics::mean(each(*this, metric, [](const Adapted& a) { return a.zero_conf; }));
}
double Point::few_conf(const std::string& metric) const {
  return statistics::mean(each(*this, metric, [](const Adapted& a) { return a.few_conf; }));
}

std::string Curve::title() const {
  return shots == "?" ? method : method + ", " + shots + (shots == "1" ? " shot" : " shots");
}

std::string Curve::count_of(const std::string& metric) const {
  std::size_t n = 0, expected = 0;
  for (const Point& point : points) {
    n += statistics::present(point.few(metric)).size();
    expected += point.expected;
  }
  return count_text(n, expected);
}

std::vector<Curve> curves_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options) {
  std::vector<Curve> curves;
  const auto key = [](const Run& run) {
    return benchmark_title(run) + "\n" + method_name(run).title + "\n" + shots_of(run) + "\n" + run.split;
  };
  for (const Family& family : families(runs, min_epochs, key))
    curve_for(curves, *family.any, options.baseline).points.push_back(point_of(family, options));
  for (Curve& curve : curves) {
    std::ranges::stable_sort(curve.points, {}, [](const Point& point) {
      return point.fid.value_or(std::numeric_limits<double>::infinity());
    });
  }
  const std::vector<std::string> order = benchmarks_of(runs);
  std::ranges::stable_sort(
      curves, {}, [&](const Curve& curve) { return std::ranges::find(order, curve.benchmark) - order.begin(); });
  return curves;
}

}  // namespace oodml::cli::report::few_shot
