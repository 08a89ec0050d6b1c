#include "coordinator/results/label_filter.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::coordinator::results {
namespace {

constexpr std::size_t kMostLabelsShown = 50;  // an axis of seeds may have thousands

std::string listed(std::vector<std::string> labels) {
  const std::size_t n = labels.size();
  if (n > kMostLabelsShown) labels.resize(kMostLabelsShown);
  return n == 0 ? "none" : joined(labels) + (n > kMostLabelsShown ? ", ... (" + std::to_string(n) + ")" : "");
}

}  // namespace

const job::Axis* find_axis(const std::vector<job::Axis>& axes, const std::string& name) {
  const auto found = std::ranges::find(axes, name, &job::Axis::name);
  return found == axes.end() ? nullptr : &*found;
}

Failure unknown_axis(const std::vector<job::Axis>& axes, const std::string& sweep, const std::string& name) {
  std::vector<std::string> names;
  for (const job::Axis& axis : axes) names.push_back(axis.name);
  return invalid_argument("sweep " + sweep + " has no axis '" + name + "'; it has " +
                          (names.empty() ? "none" : joined(names)) + catalogue::did_you_mean(name, names));
}

Failure unknown_label(const job::Axis& axis, const std::string& sweep, const std::string& label) {
  return invalid_argument("axis " + axis.name + " of sweep " + sweep + " has no label '" + label + "'; it has " +
                          listed(axis.labels) + catalogue::did_you_mean(label, axis.labels));
}

Result<Filter> filter_of(const std::vector<job::Axis>& axes, const std::string& sweep,
                         const std::vector<std::pair<std::string, std::string>>& pairs) {
  Filter filter;
  for (const auto& [name, label] : pairs) {
    const job::Axis* axis = find_axis(axes, name);
    if (!axis) return unknown_axis(axes, sweep, name);
    if (std::ranges::find(axis->labels, label) == axis->labels.end()) return unknown_label(*axis, sweep, label);
    filter[name].insert(label);
  }
  return filter;
}

const std::string& label_of(const std::map<std::string, std::string>& labels, const std::string& axis) {
  static const std::string kNone;
  const auto found = labels.find(axis);
  return found == labels.end() ? kNone : found->second;
}

bool passes(const std::map<std::string, std::string>& labels, const Filter& filter) {
  return std::ranges::all_of(filter,
                             [&](const auto& entry) { return entry.second.contains(label_of(labels, entry.first)); });
}

}  // namespace oodml::coordinator::results
