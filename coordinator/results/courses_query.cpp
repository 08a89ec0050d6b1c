#include "coordinator/results/courses_query.h"

#include <algorithm>
#include <map>
#include <utility>

#include "coordinator/store/course_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/trial_table.h"
#include "coordinator/store/view_table.h"
#include "core/job/limits.h"

namespace oodml::coordinator::results {
namespace {

/// With labels and keys of some hundred bytes a trial, and ten bytes a point, below job::kMaxPageBytes.
constexpr std::int64_t kTrialsOfPage = 500;
constexpr std::size_t kPointsOfPage = 200'000;

bool is_wanted(const std::string& figure, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& one) {
           return one.ends_with('*') ? figure.starts_with(one.substr(0, one.size() - 1)) : figure == one;
         });
}

/// The place of each wanted series among the page's figures.
std::map<std::int64_t, std::size_t> places_of(store::Connection& database, const CourseQuery& query, CoursePage& page) {
  std::map<std::int64_t, std::size_t> places;
  for (const store::MeasuredSeries& series : store::all_series(database)) {
    std::string figure = series.key.set + ":" + series.key.name;
    if (!is_wanted(figure, query.figures)) continue;
    places.emplace(series.id, page.figures.size());
    page.figures.push_back(std::move(figure));
  }
  return places;
}

std::vector<CourseView> courses_of(store::Connection& database, TrialId trial,
                                   const std::map<std::int64_t, std::size_t>& places) {
  std::vector<CourseView> views;
  for (store::Course& course : store::read_courses(database, trial)) {
    const auto place = places.find(course.series);
    if (place == places.end()) continue;
    views.push_back({.figure = place->second, .epochs = std::move(course.epochs), .values = std::move(course.values)});
  }
  return views;
}

}  // namespace

Result<CoursePage> query_courses(store::Connection& database, const CourseQuery& query) {
  OODML_ASSIGN_OR_RETURN(const SweepId sweep, store::find_sweep(database, query.sweep));
  CoursePage page{.sweep = store::read_sweep_view(database, sweep)};
  for (const job::Axis& axis : store::read_sweep(database, sweep).axes) page.axes.push_back(axis.name);
  const std::map<std::int64_t, std::size_t> places = places_of(database, query, page);
  auto trials = store::read_trial_views(database, sweep, {}, kTrialsOfPage + 1, query.after.value);
  const bool more = std::ssize(trials) > kTrialsOfPage;
  if (more) trials.pop_back();
  std::size_t points = 0;
  for (store::StoredTrialView& stored : trials) {
    std::vector<CourseView> courses = courses_of(database, stored.view.id, places);
    for (const CourseView& course : courses) points += course.epochs.size();
    if (points > kPointsOfPage && !page.trials.empty()) {
      page.next_after = page.trials.back().trial.id.value;
      return page;
    }
    const TrialId id = stored.view.id;
    page.trials.push_back({std::move(stored.view), store::read_spec(database, id), std::move(courses)});
  }
  if (more) page.next_after = page.trials.back().trial.id.value;
  return page;
}

}  // namespace oodml::coordinator::results
