#include "coordinator/cli/curves/trial_chart.h"

#include <algorithm>
#include <cmath>

#include "coordinator/cli/curves/chosen_series.h"
#include "coordinator/cli/output/metric_text.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/trial_text.h"
#include "core/job/trial_state.h"

namespace oodml::cli::curves {
namespace {

bool goes_on(const v1::TrialSummary& trial) {
  const auto state = job::parse_trial_state(trial.state());
  return state && !job::is_final(*state);
}

std::string trial_heading(const v1::TrialSummary& trial, std::int64_t now) {
  const std::string labels = labels_text(trial);
  std::string text =
      "Trial " + std::to_string(trial.trial_id()) + (labels.empty() ? "" : " " + labels) + ": " + trial.state();
  if (trial.state() == "running" && trial.has_progress()) text += ", " + progress_text(trial.progress());
  const std::string note = trial_note(trial, now);
  return text + (note.empty() ? "" : ", " + note) + ". Across: epochs.";
}

/// The series of one metric's name: what a panel shows.
struct Group {
  std::string name;
  std::vector<SeriesName> series;
};

std::vector<Group> by_name(const std::vector<SeriesName>& chosen) {
  std::vector<Group> groups;
  for (const SeriesName& series : chosen) {
    auto found = std::ranges::find(groups, series.name, &Group::name);
    if (found == groups.end()) found = groups.insert(groups.end(), {series.name, {}});
    found->series.push_back(series);
  }
  return groups;
}

std::size_t place_in(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  const auto place = static_cast<std::size_t>(found - names.begin());
  if (found == names.end()) names.push_back(name);
  return place;
}

/// "62.31 at epoch 20, best 63.10 at 17" of a curve alone in its panel.
std::string newest_text(const std::string& metric, const catalogue::Course& course) {
  if (course.empty()) return "";
  const auto& [epoch, value] = *course.rbegin();
  std::string text = "  " + metric_value_text(metric, value) + " at epoch " + std::to_string(epoch);
  const auto best = catalogue::best_epoch(metric, course, epoch > 0);
  if (best && *best != epoch) {
    text += ", best " + metric_value_text(metric, course.at(*best)) + " at " + std::to_string(*best);
  }
  return text;
}

/// A hole needs a word: it looks like what is not there.
std::size_t holes_in(const catalogue::Course& course) {
  return static_cast<std::size_t>(
      std::ranges::count_if(course, [](const auto& point) { return !std::isfinite(point.second); }));
}

}  // namespace

std::string title_in_unit(const std::string& title, const std::string& metric) {
  return shown_in_percent(metric) ? title + ", %" : title;
}

Curve curve_of(std::size_t number, const catalogue::Course& course, const std::string& metric) {
  Curve curve{.number = number};
  for (const auto& [epoch, value] : course) {
    curve.epochs.push_back(static_cast<double>(epoch));
    curve.values.push_back(shown_in_percent(metric) ? 100.0 * value : value);
  }
  return curve;
}

Result<Chart> trial_chart(const v1::TrialSummary& trial, const TrialFigures& figures,
                          const std::vector<std::string>& metrics, std::int64_t now_millis) {
  const std::string owner = "trial " + std::to_string(trial.trial_id());
  Chart chart{.heading = trial_heading(trial, now_millis)};
  const bool is_live = goes_on(trial);
  if (figures.names().empty()) {
    chart.notes.push_back(is_live ? "No figures yet: the first come with the end of an epoch."
                                  : "No figures: it ended before an epoch did.");
    return chart;
  }
  OODML_ASSIGN_OR_RETURN(const std::vector<SeriesName> chosen, chosen_series(metrics, figures.names(), owner, is_live));
  const std::vector<Group> groups = by_name(chosen);
  std::vector<std::string> sets;
  std::size_t most = 0;
  for (const Group& group : groups) {
    const bool alone = group.series.size() == 1;
    const SeriesName& first = group.series.front();
    Panel panel{.title = title_in_unit(alone ? metric_title(first.set, first.name) : group.name, group.name)};
    if (alone) panel.title += newest_text(group.name, figures.course(first));
    for (const SeriesName& series : group.series) {
      const catalogue::Course& course = figures.course(series);
      panel.curves.push_back(curve_of(place_in(sets, series.set), course, series.name));
      if (const std::size_t holes = holes_in(course); holes > 0) {
        chart.notes.push_back(metric_title(series.set, series.name) + " is no number in " +
                              counted(static_cast<std::int64_t>(holes), "epoch") + ", which the curve leaves out.");
      }
    }
    most = std::max(most, group.series.size());
    chart.panels.push_back(std::move(panel));
  }
  if (most > 1) chart.names = std::move(sets);
  return chart;
}

}  // namespace oodml::cli::curves
