#include "coordinator/cli/report/families.h"

#include <algorithm>
#include <limits>

#include "coordinator/cli/report/figure_words.h"

namespace oodml::cli::report {

std::vector<Family> families(const std::vector<Run>& runs, std::int64_t min_epochs,
                             const std::function<std::string(const Run&)>& name_of) {
  std::vector<Family> all;
  for (Group& group : grouped(runs, min_epochs, name_of)) {
    const auto any = std::ranges::find_if(runs, [&](const Run& run) { return name_of(run) == group.name; });
    all.push_back({.group = std::move(group), .any = &*any});
  }
  return all;
}

std::vector<std::string> benchmarks_of(const std::vector<Run>& runs) {
  std::vector<std::string> names;
  for (const Run& run : runs) {
    const std::string name = benchmark_title(run);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  const auto place = [](const std::string& name) {
    return name == "CUB" ? 0 : name == "CARS" ? 1 : name == "SOP" ? 2 : 3;
  };
  std::ranges::stable_sort(names, {}, place);
  return names;
}

double value_of(const Run& run, const std::string& figure, Choice choice) {
  const std::optional<Chosen> value = chosen(run, figure_of(run, figure), choice);
  return value ? value->value : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> values_of(const Group& group, const std::string& figure, Choice choice) {
  std::vector<double> values;
  for (const Run* run : group.runs) values.push_back(value_of(*run, figure, choice));
  return values;
}

}  // namespace oodml::cli::report
