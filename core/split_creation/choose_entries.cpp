#include "core/split_creation/choose_entries.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace oodml::split_creation {
namespace {

using Places = std::vector<std::size_t>;

/// "0 to 48, R0 to R68": the keys of each run.
std::string known_keys(const std::vector<Entry>& entries) {
  std::string text;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool begins = i == 0 || entries[i].run != entries[i - 1].run;
    const bool ends = i + 1 == entries.size() || entries[i].run != entries[i + 1].run;
    if (begins) text += (text.empty() ? "" : ", ") + entries[i].key();
    if (ends && !begins) text += " to " + entries[i].key();
  }
  return text;
}

std::pair<double, double> range_of(const std::vector<Entry>& entries) {
  const auto [lowest, highest] = std::ranges::minmax(entries, {}, &Entry::fid);
  return {lowest.fid, highest.fid};
}

/// The first entry not in `taken` whose FID is nearest.
std::size_t nearest(const std::vector<Entry>& entries, double fid, const Places& taken) {
  std::size_t best = entries.size();
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const double here = std::abs(entries[i].fid - fid);
    if (here < distance && std::ranges::find(taken, i) == taken.end()) {
      best = i;
      distance = here;
    }
  }
  return best;
}

std::optional<std::size_t> start_of(const std::vector<Entry>& entries) {
  const auto found = std::ranges::find(entries, "0", &Entry::key);
  if (found == entries.end()) return std::nullopt;
  return static_cast<std::size_t>(found - entries.begin());
}

}  // namespace

Result<Places> entries_of_keys(const std::vector<Entry>& entries, const std::vector<std::string>& keys) {
  Places places;
  for (const std::string& key : keys) {
    const auto found = std::ranges::find(entries, key, &Entry::key);
    if (found == entries.end()) {
      return invalid_argument("no entry '" + key + "' was recorded; there are " + known_keys(entries) +
                              ", in steps of the pairs an iteration exchanges");
    }
    const auto place = static_cast<std::size_t>(found - entries.begin());
    if (std::ranges::find(places, place) != places.end()) return invalid_argument("key '" + key + "' is there twice");
    places.push_back(place);
  }
  return places;
}

Result<Places> entries_of_fids(const std::vector<Entry>& entries, std::vector<double> wanted) {
  std::ranges::sort(wanted);
  const auto [lowest, highest] = range_of(entries);
  const double slack = (highest - lowest) / 10;
  std::map<std::size_t, double> wanted_of;
  Places places;
  for (const double fid : wanted) {
    if (!(fid >= lowest - slack && fid <= highest + slack)) {
      return invalid_argument("no split has a FID near " + std::to_string(fid) + "; those recorded have " +
                              std::to_string(lowest) + " to " + std::to_string(highest));
    }
    const std::size_t place = nearest(entries, fid, {});
    if (const auto [other, is_new] = wanted_of.try_emplace(place, fid); !is_new) {
      return invalid_argument("FIDs " + std::to_string(other->second) + " and " + std::to_string(fid) +
                              " are both nearest to entry " + entries[place].key() + " (" +
                              std::to_string(entries[place].fid) + "); exchange fewer pairs an iteration, or want one");
    }
    places.push_back(place);
  }
  return places;
}

Result<Places> spread_entries(const std::vector<Entry>& entries, std::int64_t count) {
  if (count < 1 || count > std::ssize(entries)) {
    return invalid_argument(std::to_string(count) + " splits are wanted, but " + std::to_string(entries.size()) +
                            " entries were recorded; accepted are 1 to " + std::to_string(entries.size()));
  }
  const auto [lowest, highest] = range_of(entries);
  const double step = count > 1 ? (highest - lowest) / static_cast<double>(count - 1) : 0;
  std::vector<double> wanted;
  for (std::int64_t i = 0; i < count; ++i) wanted.push_back(lowest + static_cast<double>(i) * step);
  Places places;
  if (const auto start = start_of(entries)) {
    const double fid = entries[*start].fid;
    wanted.erase(std::ranges::min_element(wanted, {}, [&](double target) { return std::abs(target - fid); }));
    places.push_back(*start);
  }
  for (const double fid : wanted) places.push_back(nearest(entries, fid, places));
  std::ranges::stable_sort(places, {}, [&](std::size_t place) { return entries[place].fid; });
  return places;
}

}  // namespace oodml::split_creation
