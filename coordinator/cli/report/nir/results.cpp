#include "coordinator/cli/report/nir/results.h"

#include <algorithm>
#include <set>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/families.h"
#include "coordinator/cli/report/figure_words.h"
#include "core/base/words.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report::nir {
namespace {

constexpr const char* kRegularised = "nir";

std::string method_of(const Run& run) { return run.method.empty() ? run.criterion : run.method; }

/// Axes whose labels tell settings apart.
std::set<std::string> varying_axes(const std::vector<Run>& runs) {
  std::map<std::string, std::set<std::string>> labels;
  for (const Run& run : runs) {
    for (const auto& [axis, label] : run.labels) {
      if (axis != "benchmark" && axis != "seed" && label != method_of(run)) labels[axis].insert(label);
    }
  }
  std::set<std::string> axes;
  for (const auto& [axis, seen] : labels) {
    if (seen.size() > 1) axes.insert(axis);
  }
  return axes;
}

std::map<std::string, std::string> others_of(const Run& run, const std::set<std::string>& axes) {
  std::map<std::string, std::string> others;
  for (const std::string& axis : axes) {
    const auto label = run.labels.find(axis);
    if (label != run.labels.end() && label->second != method_of(run)) others[axis] = label->second;
  }
  return others;
}

std::vector<std::string> texts_of(const std::map<std::string, std::string>& labels) {
  std::vector<std::string> texts;
  for (const auto& [axis, label] : labels) {
    const bool is_number = label.find_first_not_of("0123456789.-") == std::string::npos;
    texts.push_back(!is_number || axis == "embed_dim" ? label : axis + " " + label);
  }
  return texts;
}

std::size_t alike(const Setting& a, const Setting& b) {
  std::size_t n = 0;
  for (const auto& [axis, label] : a.others) {
    const auto other = b.others.find(axis);
    if (other != b.others.end() && other->second == label) ++n;
  }
  return n;
}

}  // namespace

std::string Setting::others_text() const { return joined(texts_of(others)); }

std::string Setting::title() const {
  std::vector<std::string> texts = texts_of(others);
  texts.insert(texts.begin(), method);
  return joined(texts);
}

std::vector<Setting> settings_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options) {
  const std::set<std::string> axes = varying_axes(runs);
  const auto key = [&](const Run& run) {
    std::string text = benchmark_title(run) + "\n" + method_of(run);
    for (const auto& [axis, label] : others_of(run, axes)) text += "\n" + axis + "\n" + label;
    return text;
  };
  std::vector<Setting> settings;
  for (const Family& family : families(runs, min_epochs, key)) {
    const Run& any = *family.any;
    const bool is_plain =
        options.baseline.empty() ? any.criterion != kRegularised : is_called(any, method_of(any), options.baseline);
    settings.push_back({.benchmark = benchmark_title(any),
                        .method = method_of(any),
                        .others = others_of(any, axes),
                        .is_plain = is_plain,
                        .expected = family.group.expected,
                        .runs = family.group.runs});
  }
  const std::vector<std::string> order = benchmarks_of(runs);
  std::ranges::stable_sort(settings, {}, [&](const Setting& setting) {
    return std::ranges::find(order, setting.benchmark) - order.begin();
  });
  return settings;
}

const Setting* plain_of(const std::vector<Setting>& settings, const Setting& setting) {
  const Setting* nearest = nullptr;
  for (const Setting& other : settings) {
    if (!other.is_plain || other.benchmark != setting.benchmark) continue;
    if (nearest == nullptr || alike(other, setting) > alike(*nearest, setting)) nearest = &other;
  }
  return nearest;
}

Course mean_course(const Setting& setting) {
  std::map<std::int64_t, std::vector<double>> values;
  for (const Run* run : setting.runs) {
    const auto course = run->courses.find(figure_of(*run, kRecall));
    if (course == run->courses.end()) continue;
    for (std::size_t i = 0; i < course->second.epochs.size(); ++i)
      values[course->second.epochs[i]].push_back(course->second.values[i]);
  }
  Course mean;
  for (const auto& [epoch, of_runs] : values) {
    mean.epochs.push_back(epoch);
    mean.values.push_back(statistics::mean(of_runs));
  }
  return mean;
}

std::optional<std::int64_t> epochs_to(const Run& run, double wanted) {
  const auto course = run.courses.find(figure_of(run, kRecall));
  if (course == run.courses.end()) return std::nullopt;
  for (std::size_t i = 0; i < course->second.epochs.size(); ++i) {
    if (course->second.epochs[i] > 0 && course->second.values[i] >= wanted) return course->second.epochs[i];
  }
  return std::nullopt;
}

}  // namespace oodml::cli::report::nir
