#include "coordinator/upkeep/thinning.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace oodml::coordinator::upkeep {
namespace {

/// The attempts of the present run make one course together; each earlier attempt has its own.
using CourseKey = std::pair<AttemptEpoch, std::int64_t>;
/// By epoch the place of its point.
using Course = std::map<std::int64_t, std::size_t>;

std::map<CourseKey, Course> courses_of(const std::vector<store::Point>& points, AttemptEpoch run_from) {
  std::map<CourseKey, Course> courses;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const store::Point& point = points[i];
    const AttemptEpoch run = point.attempt > run_from ? run_from + 1 : point.attempt;
    courses[{run, point.series}][point.epoch] = i;  // the later one counts
  }
  return courses;
}

void keep_extremes(const std::vector<store::Point>& points, const std::vector<std::size_t>& places,
                   std::vector<bool>& stays) {
  std::size_t smallest = places.front(), largest = places.front();
  for (const std::size_t place : places) {
    const double value = points[place].value;
    if (std::isnan(value)) continue;
    if (std::isnan(points[smallest].value) || value < points[smallest].value) smallest = place;
    if (std::isnan(points[largest].value) || value > points[largest].value) largest = place;
  }
  stays[smallest] = stays[largest] = true;
}

void keep_even(const std::vector<std::size_t>& places, std::int64_t kept, std::vector<bool>& stays) {
  const std::int64_t last = std::ssize(places) - 1;
  const std::int64_t steps = std::max<std::int64_t>(1, kept - 1);
  for (std::int64_t step = 0; step <= steps; ++step)
    stays[places[static_cast<std::size_t>((step * last + steps / 2) / steps)]] = true;
}

}  // namespace

std::vector<store::Point> thinned(const std::vector<store::Point>& points, const ThinningTerms& terms) {
  std::vector<bool> stays(points.size(), false);
  for (const auto& [key, course] : courses_of(points, terms.run_from)) {
    const auto own = terms.own_epochs.find(key.second);
    std::vector<std::size_t> places;
    for (const auto& [epoch, place] : course) {
      places.push_back(place);
      const bool is_own = own != terms.own_epochs.end() && own->second.contains(epoch);
      if (is_own || terms.epochs.contains(epoch)) stays[place] = true;
    }
    if (std::ssize(places) <= terms.kept) {
      for (const std::size_t place : places) stays[place] = true;
      continue;
    }
    keep_extremes(points, places, stays);
    keep_even(places, terms.kept, stays);
  }
  std::vector<store::Point> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!stays[i]) continue;
    kept.push_back(points[i]);
    kept.back().time = std::chrono::floor<std::chrono::seconds>(points[i].time);  // mostly one for a whole epoch
  }
  return kept;
}

}  // namespace oodml::coordinator::upkeep
