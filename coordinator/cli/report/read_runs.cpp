#include "coordinator/cli/report/read_runs.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "coordinator/cli/report/method_names.h"

namespace oodml::cli::report {
namespace {

/// The place where a run stands in the study, and not what is studied.
constexpr std::array<std::string_view, 5> kPlaces = {"benchmark", "split", "seed", "group", "shots"};

bool is_place(const std::string& axis) {
  return axis.starts_with("few_shot") || std::ranges::find(kPlaces, axis) != kPlaces.end();
}

std::string group_of(const v1::TrialCourses& trial, const std::map<std::string, std::string>& labels) {
  if (const auto label = labels.find("group"); label != labels.end()) return label->second;
  if (!trial.group().empty()) return trial.group();
  return group_of_labels(labels);
}

Run run_of(const v1::TrialCourses& trial, const v1::ReadCoursesReply& page) {
  Run run{.trial = trial.trial_id(),
          .sweep = page.sweep().name(),
          .state = trial.state(),
          .labels = {},
          .benchmark = trial.benchmark(),
          .split = trial.split(),
          .criterion = trial.criterion(),
          .group = {},
          .method = {},
          .seed = trial.seed(),
          .epochs = trial.epochs(),
          .fid = {},
          .courses = {}};
  for (const v1::Label& label : trial.labels()) run.labels.emplace(label.axis(), label.label());
  run.group = group_of(trial, run.labels);
  for (const v1::Course& course : trial.courses()) {
    if (course.figure() < 0 || course.figure() >= page.figures_size()) continue;
    const auto length = std::min(course.epochs_size(), course.values_size());
    run.courses[page.figures(course.figure())] = {
        .epochs = {course.epochs().begin(), course.epochs().begin() + length},
        .values = {course.values().begin(), course.values().begin() + length}};
  }
  if (const auto fid = run.courses.find("test:fid"); fid != run.courses.end() && !fid->second.values.empty())
    run.fid = fid->second.values.back();
  return run;
}

}  // namespace

Result<SweepRuns> read_runs(Client& client, const v1::SweepRef& sweep, const std::vector<std::string>& figures) {
  v1::ReadCoursesRequest request;
  *request.mutable_sweep() = sweep;
  for (const std::string& figure : figures) request.add_figures(figure);
  SweepRuns all;
  std::set<std::string> recipes;
  do {
    OODML_ASSIGN_OR_RETURN(const v1::ReadCoursesReply page, client.courses(request));
    all.sweep = page.sweep();
    all.axes.assign(page.axes().begin(), page.axes().end());
    for (const v1::TrialCourses& trial : page.trials()) {
      all.runs.push_back(run_of(trial, page));
      if (!trial.recipe().empty()) recipes.insert(trial.recipe());
    }
    // The sweep as the first page had it: a newer one of this name is another.
    request.mutable_sweep()->set_sweep_id(page.sweep().sweep_id());
    request.set_after_trial_id(page.next_after_trial_id());
  } while (request.after_trial_id() != 0);
  all.recipes.assign(recipes.begin(), recipes.end());
  name_methods(all.runs);
  return all;
}

std::vector<Run> joined_runs(std::vector<SweepRuns> sweeps) {
  std::vector<Run> runs;
  std::set<std::int64_t> met;
  for (SweepRuns& sweep : sweeps) {
    for (Run& run : sweep.runs) {
      if (met.insert(run.trial).second) runs.push_back(std::move(run));
    }
  }
  return runs;
}

void name_methods(std::vector<Run>& runs) {
  std::map<std::string, std::set<std::string>> labels;
  for (const Run& run : runs) {
    for (const auto& [axis, label] : run.labels) labels[axis].insert(label);
  }
  std::erase_if(labels, [](const auto& axis) { return axis.second.size() < 2 || is_place(axis.first); });
  for (Run& run : runs) {
    run.method.clear();
    for (const auto& [axis, known] : labels) {
      const auto label = run.labels.find(axis);
      if (label != run.labels.end()) run.method += (run.method.empty() ? "" : ", ") + label->second;
    }
    const auto criterion = run.labels.find("criterion");
    if (run.method.empty()) run.method = criterion == run.labels.end() ? run.criterion : criterion->second;
  }
}

}  // namespace oodml::cli::report
