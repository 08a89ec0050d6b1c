#include "core/trial/results_file.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/catalogue/best_epoch.h"

namespace oodml::trial {
namespace {

using nlohmann::ordered_json;

ordered_json number(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

std::string written_name(const std::string& metric, const std::string& embeds) {
  return embeds == "embeds" ? metric : metric + "/" + embeds;
}

/// Of each series (set, name) that has one, its best epoch with the value there.
ordered_json best_figures(const std::vector<job::Metric>& history, bool trains) {
  std::map<std::tuple<std::string, std::string, std::string>, catalogue::Course> courses;
  for (const job::Metric& metric : history) {
    courses[{metric.set, metric.name, metric.embeds}].insert_or_assign(metric.epoch, metric.value);
  }
  ordered_json best;
  for (const auto& [series, course] : courses) {
    const auto& [set, name, embeds] = series;
    const auto epoch = catalogue::best_epoch(name, course, trains);
    if (epoch) best[set][written_name(name, embeds)] = {{"value", course.at(*epoch)}, {"epoch", *epoch}};
  }
  return best;
}

/// bins and raw: a list an update.
ordered_json columns_of(const train::SamplingProgression& progression) {
  ordered_json columns;
  for (const auto& row : progression.rows) {
    columns["iteration"].push_back(row.iteration);
    columns["epoch"].push_back(row.epoch);
    columns["score"].push_back(number(row.score));
    columns["reward"].push_back(number(row.reward));
    columns["bins"].push_back(row.bins);
    columns["raw"].push_back(row.raw);
  }
  return columns;
}

}  // namespace

std::string results_json(const job::TrialSpec& spec, const std::string& fingerprint,
                         const std::vector<job::Metric>& history, const std::vector<train::VectorFigure>& vectors,
                         const train::SamplingProgression& progression) {
  ordered_json last;
  for (const job::Metric& metric : history) {
    const std::string name = written_name(metric.name, metric.embeds);
    last[metric.set][name] = {{"value", number(metric.value)}, {"epoch", metric.epoch}};
  }
  for (const train::VectorFigure& vector : vectors) {
    ordered_json values = ordered_json::array();
    for (const double value : vector.values) values.push_back(number(value));
    last[vector.set][written_name(vector.name, vector.embeds)] = {{"values", std::move(values)},
                                                                  {"epoch", vector.epoch}};
  }
  ordered_json document = {{"version", 1},
                           {"fingerprint", fingerprint},
                           {"benchmark", spec.benchmark()},
                           {"split", spec.split()},
                           {"seed", spec.seed()},
                           {"last", std::move(last)},
                           {"best", best_figures(history, spec.values.integer("epochs") > 0)}};
  if (!progression.rows.empty()) document["sampling_progression"] = columns_of(progression);
  return document.dump(2) + "\n";
}

}  // namespace oodml::trial
