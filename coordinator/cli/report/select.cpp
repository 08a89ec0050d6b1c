#include "coordinator/cli/report/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/catalogue/best_epoch.h"

namespace oodml::cli::report {
namespace {

/// "test:mAP/NAME" is the figure mAP of the set test, measured on the embedding NAME; "" for the usual one.
struct FigureName {
  std::string set, metric, embedding;
};

FigureName parsed(const std::string& figure) {
  const std::size_t colon = figure.find(':'), slash = figure.find('/');
  FigureName name;
  if (colon != std::string::npos) name.set = figure.substr(0, colon);
  const std::size_t begin = colon == std::string::npos ? 0 : colon + 1;
  name.metric = figure.substr(begin, slash == std::string::npos ? slash : slash - begin);
  if (slash != std::string::npos) name.embedding = figure.substr(slash);
  return name;
}

const Course* course_of(const Run& run, const std::string& figure) {
  const auto found = run.courses.find(figure);
  return found == run.courses.end() || found->second.epochs.empty() ? nullptr : &found->second;
}

bool has_trained(const Run& run) { return measured_epochs(run) > 0; }

std::optional<std::int64_t> best_recall(const Run& run, const std::string& set, const std::string& embedding) {
  const Course* course = course_of(run, set + ":e_recall@1" + embedding);
  return course == nullptr ? std::nullopt
                           : catalogue::best_epoch("e_recall@1", course->epochs, course->values, has_trained(run));
}

std::optional<std::int64_t> own_best(const Run& run, const FigureName& name, const Course& course) {
  if (catalogue::larger_is_better(name.metric))
    return catalogue::best_epoch(name.metric, course.epochs, course.values, has_trained(run));
  std::optional<std::int64_t> epoch = best_recall(run, name.set, name.embedding);
  if (!epoch) epoch = best_recall(run, "test", name.embedding);
  // Where nothing was measured at that epoch the last value is the figure's, as in tables of results.
  return epoch && std::ranges::binary_search(course.epochs, *epoch) ? epoch : std::optional(course.epochs.back());
}

std::optional<std::int64_t> chosen_epoch(const Run& run, const FigureName& name, const Course& course, Choice choice) {
  if (course.epochs.size() == 1) return course.epochs.front();  // of a split, or of the trained network: no choice
  switch (choice) {
    case Choice::kOwnBest:
      return own_best(run, name, course);
    case Choice::kAtBestRecall:
      return best_recall(run, "test", name.embedding);
    case Choice::kSelected:
      return best_recall(run, "val", name.embedding);
    case Choice::kLast:
      break;
  }
  return course.epochs.back();
}

bool is_done(const Run& run) { return run.state == "succeeded"; }

std::string runs(std::size_t n) { return n == 1 ? "1 run" : fmt::format("{} runs", n); }

}  // namespace

std::optional<Chosen> chosen(const Run& run, const std::string& figure, Choice choice) {
  const Course* course = course_of(run, figure);
  if (course == nullptr) return std::nullopt;
  const std::optional<std::int64_t> epoch = chosen_epoch(run, parsed(figure), *course, choice);
  if (!epoch) return std::nullopt;
  const std::optional<double> value = value_at(run, figure, *epoch);
  return value ? std::optional(Chosen{.value = *value, .epoch = *epoch}) : std::nullopt;
}

std::optional<double> value_at(const Run& run, const std::string& figure, std::int64_t epoch) {
  const Course* course = course_of(run, figure);
  if (course == nullptr) return std::nullopt;
  const auto place = std::ranges::lower_bound(course->epochs, epoch);
  if (place == course->epochs.end() || *place != epoch) return std::nullopt;
  const double value = course->values[static_cast<std::size_t>(place - course->epochs.begin())];
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

std::int64_t measured_epochs(const Run& run) {
  std::int64_t newest = 0;
  for (const auto& [figure, course] : run.courses) {
    if (!course.epochs.empty()) newest = std::max(newest, course.epochs.back());
  }
  return newest;
}

bool counts(const Run& run, std::int64_t min_epochs) {
  return is_done(run) && (min_epochs <= 0 || measured_epochs(run) >= min_epochs);
}

std::vector<Group> grouped(const std::vector<Run>& all, std::int64_t min_epochs,
                           const std::function<std::string(const Run&)>& name_of) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> places;
  for (const Run& run : all) {
    std::string name = name_of(run);
    if (name.empty()) continue;
    const auto [place, is_new] = places.emplace(name, groups.size());
    if (is_new) groups.push_back({.name = std::move(name), .runs = {}});
    Group& group = groups[place->second];
    ++group.expected;
    if (counts(run, min_epochs)) group.runs.push_back(&run);
  }
  return groups;
}

std::vector<std::string> missing_of(const std::vector<Run>& all, std::int64_t min_epochs) {
  std::map<std::string, std::size_t> states;
  std::size_t too_short = 0, missing = 0;
  for (const Run& run : all) {
    if (!is_done(run)) {
      ++states[run.state];
      ++missing;
    } else if (measured_epochs(run) < min_epochs) {
      ++too_short;
    }
  }
  std::vector<std::string> texts;
  if (missing > 0) {
    std::string list;
    for (const auto& [state, n] : states) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", n, state);
    texts.push_back(fmt::format("{} of {} {} no result yet, and are in no figure: {}", missing, runs(all.size()),
                                missing == 1 ? "has" : "have", list));
  }
  if (too_short > 0) {
    texts.push_back(fmt::format("{} of {} left out: fewer than {} epochs were measured (--min-epochs)", too_short,
                                runs(all.size()), min_epochs));
  }
  return texts;
}

std::int64_t min_epochs_of(const std::vector<Run>& all, const std::optional<std::int64_t>& wanted,
                           std::int64_t of_the_kind) {
  if (wanted) return *wanted;
  const bool some_left = std::ranges::any_of(all, [&](const Run& run) { return counts(run, of_the_kind); });
  return some_left ? of_the_kind : 0;
}

}  // namespace oodml::cli::report
