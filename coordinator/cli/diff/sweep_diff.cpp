#include "coordinator/cli/diff/sweep_diff.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "coordinator/cli/output/metric_text.h"
#include "core/base/params.h"

namespace oodml::cli::diff {
namespace {

Labels labels_of(const auto& message) {
  Labels labels;
  for (const v1::Label& label : message.labels()) labels.emplace(label.axis(), label.label());
  return labels;
}

/// The labels on these axes; nothing of axes that the trial's block does not have.
Labels on(const std::vector<std::string>& axes, const v1::TrialSummary& trial) {
  Labels labels = labels_of(trial);
  std::erase_if(labels, [&](const auto& label) { return std::ranges::find(axes, label.first) == axes.end(); });
  return labels;
}

std::set<std::string> fingerprints(const Side& side) {
  std::set<std::string> prints;
  for (const auto& trial : side.trials) prints.insert(trial.fingerprint());
  return prints;
}

std::vector<const v1::TrialSummary*> without(const std::set<std::string>& prints, const Side& side) {
  std::vector<const v1::TrialSummary*> rest;
  for (const auto& trial : side.trials) {
    if (!prints.contains(trial.fingerprint())) rest.push_back(&trial);
  }
  return rest;
}

/// By labels; nullptr where several stand.
std::map<Labels, const v1::TrialSummary*> by_labels(const std::vector<std::string>& axes,
                                                    const std::vector<const v1::TrialSummary*>& trials) {
  std::map<Labels, const v1::TrialSummary*> places;
  for (const auto* trial : trials) {
    const auto [place, is_new] = places.try_emplace(on(axes, *trial), trial);
    if (!is_new) place->second = nullptr;
  }
  return places;
}

std::map<std::string, std::string> values_of(const v1::TrialSpec& spec) {
  std::map<std::string, std::string> values;
  for (const auto& setting : spec.settings()) {
    const Result<Value> value = parse_value(setting.value());
    values[setting.key()] = value ? to_display_text(*value) : setting.value();
  }
  return values;
}

void add_difference(DifferentSetting found, std::vector<DifferentSetting>& settings) {
  const auto same = [&](const DifferentSetting& known) {
    return known.key == found.key && known.first == found.first && known.second == found.second;
  };
  if (const auto known = std::ranges::find_if(settings, same); known != settings.end()) {
    ++known->pairs;
    return;
  }
  const auto behind = [&](const DifferentSetting& known) { return known.key > found.key; };
  settings.insert(std::ranges::find_if(settings, behind), std::move(found));
}

double value_of(const v1::Statistic& statistic) {
  const bool has_best = shown_in_percent(statistic.metric());
  return statistic.n() == 0 ? std::nan("") : has_best ? statistic.best_mean() : statistic.last_mean();
}

}  // namespace

SweepDiff compare(const Side& first, const Side& second) {
  SweepDiff diff;
  for (const std::string& axis : first.axes) {
    if (std::ranges::find(second.axes, axis) != second.axes.end()) diff.common_axes.push_back(axis);
  }
  const std::set<std::string> in_first = fingerprints(first), in_second = fingerprints(second);
  diff.shared = std::ranges::count_if(in_first, [&](const auto& print) { return in_second.contains(print); });
  diff.only_first = without(in_second, first);
  diff.only_second = without(in_first, second);
  const auto places = by_labels(diff.common_axes, diff.only_second);
  for (const auto& [labels, trial] : by_labels(diff.common_axes, diff.only_first)) {
    const auto other = places.find(labels);
    if (trial != nullptr && other != places.end() && other->second != nullptr)
      diff.pairs.push_back({trial, other->second});
  }
  return diff;
}

void add_differences(const v1::TrialSpec& first, const v1::TrialSpec& second, std::vector<DifferentSetting>& settings) {
  const auto ours = values_of(first), theirs = values_of(second);
  for (const auto& [key, value] : ours) {
    const auto other = theirs.find(key);
    const std::string its = other == theirs.end() ? "-" : other->second;
    if (its != value) add_difference({key, value, its, 1}, settings);
  }
  for (const auto& [key, value] : theirs) {
    if (!ours.contains(key)) add_difference({key, "-", value, 1}, settings);
  }
}

std::vector<FigureRow> side_by_side(const std::vector<v1::ResultRow>& first, const std::vector<v1::ResultRow>& second) {
  std::map<Labels, const v1::ResultRow*> others;
  for (const auto& row : second) others.emplace(labels_of(row), &row);
  std::vector<FigureRow> rows;
  for (const auto& row : first) {
    const auto other = others.find(labels_of(row));
    if (other == others.end()) continue;
    for (const auto& figure : row.statistics()) {
      const auto same = [&](const v1::Statistic& its) {
        return its.set() == figure.set() && its.metric() == figure.metric();
      };
      const auto its = std::ranges::find_if(other->second->statistics(), same);
      if (its == other->second->statistics().end()) continue;
      rows.push_back({.labels = other->first,
                      .set = figure.set(),
                      .metric = figure.metric(),
                      .first_n = figure.n(),
                      .second_n = its->n(),
                      .first = value_of(figure),
                      .second = value_of(*its)});
    }
  }
  return rows;
}

}  // namespace oodml::cli::diff
