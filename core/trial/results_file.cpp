#include "core/trial/results_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/catalogue/catalogue.h"

namespace oodml::trial {
namespace {

using nlohmann::ordered_json;

ordered_json number(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

/// A metric of the catalogue where more is better; not loss, seconds or distances.
bool has_best(const std::string& name) {
  const auto parsed = catalogue::parse_metric(name);
  if (!parsed) return false;
  const catalogue::Component* metric = catalogue::find(catalogue::Kind::kMetric, parsed->base);
  return metric != nullptr && !metric->is_distance;
}

std::string written_name(const std::string& metric, const std::string& embeds) {
  return embeds == "embeds" ? metric : metric + "/" + embeds;
}

}  // namespace

std::string results_json(const job::TrialSpec& spec, const std::string& fingerprint,
                         const std::vector<job::Metric>& history, const std::vector<train::VectorFigure>& vectors) {
  ordered_json last, best;
  for (const job::Metric& metric : history) {
    const std::string name = written_name(metric.name, metric.embeds);
    last[metric.set][name] = {{"value", number(metric.value)}, {"epoch", metric.epoch}};
    if (!has_best(metric.name) || std::isnan(metric.value)) continue;
    ordered_json& record = best[metric.set][name];
    if (record.is_null() || metric.value > record.at("value").get<double>()) {
      record = {{"value", metric.value}, {"epoch", metric.epoch}};
    }
  }
  for (const train::VectorFigure& vector : vectors) {
    ordered_json values = ordered_json::array();
    for (const double value : vector.values) values.push_back(number(value));
    last[vector.set][written_name(vector.name, vector.embeds)] = {{"values", std::move(values)}, {"epoch", vector.epoch}};
  }
  const ordered_json document = {{"version", 1},
                                 {"fingerprint", fingerprint},
                                 {"benchmark", spec.benchmark()},
                                 {"split", spec.split()},
                                 {"seed", spec.seed()},
                                 {"last", std::move(last)},
                                 {"best", std::move(best)}};
  return document.dump(2) + "\n";
}

}  // namespace oodml::trial
