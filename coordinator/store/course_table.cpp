#include "coordinator/store/course_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include "coordinator/store/point_table.h"

namespace oodml::coordinator::store {
namespace {

/// Points come by attempt and sequence, so that nearly all belong at the end.
void put(Course& course, std::int64_t epoch, double value) {
  if (course.epochs.empty() || course.epochs.back() < epoch) {
    course.epochs.push_back(epoch);
    course.values.push_back(value);
    return;
  }
  const auto place = std::ranges::lower_bound(course.epochs, epoch);
  const auto at = course.values.begin() + (place - course.epochs.begin());
  if (*place == epoch) {
    *at = value;
    return;
  }
  course.values.insert(at, value);
  course.epochs.insert(place, epoch);
}

}  // namespace

std::vector<Course> read_courses(Connection& database, TrialId trial) {
  std::map<std::int64_t, Course> courses;
  for (const Point& point : read_points(database, trial, before_run(database, trial)))
    put(courses[point.series], point.epoch, point.value);
  std::vector<Course> list;
  for (auto& [series, course] : courses) {
    course.series = series;
    list.push_back(std::move(course));
  }
  return list;
}

std::vector<MeasuredSeries> all_series(Connection& database) {
  Rows rows = database.query("SELECT id, set_name, embeds, name FROM series ORDER BY id");
  std::vector<MeasuredSeries> list;
  while (rows.next()) list.push_back({.id = rows.integer(0), .key = key_of(rows.text(1), rows.text(2), rows.text(3))});
  return list;
}

}  // namespace oodml::coordinator::store
