#include "core/commands/evaluate/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace oodml::commands {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kShownValues = 5;

ordered_json number(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

std::string value_text(const metrics::MetricValue& metric) {
  if (metric.values.empty()) return fmt::format("{:.6f}", metric.value);
  std::string text;
  for (std::size_t i = 0; i < std::min(kShownValues, metric.values.size()); ++i) {
    text += fmt::format("{}{:.6f}", i == 0 ? "" : " ", metric.values[i]);
  }
  if (metric.values.size() <= kShownValues) return text;
  return text + fmt::format(" ... ({} values; -o json has all)", metric.values.size());
}

}  // namespace

std::string to_table(const Measured& measured) {
  std::string text;
  for (const auto& set : measured.sets) text += fmt::format("{}: {} {}\n", set.file, set.rows, set.role);
  text += fmt::format("{} dimensions, {} classes\n\n", measured.dimension, measured.classes);
  std::size_t width = 0;
  for (const auto& metric : measured.values) width = std::max(width, metric.name.size());
  for (const auto& metric : measured.values) {
    text += fmt::format("{:<{}}  {}\n", metric.name, width, value_text(metric));
  }
  return text;
}

std::string to_json(const Measured& measured) {
  ordered_json files = ordered_json::object(), values = ordered_json::object();
  for (const auto& set : measured.sets) files[set.role] = {{"file", set.file}, {"rows", set.rows}};
  for (const auto& metric : measured.values) {
    ordered_json& value = values[metric.name];
    if (metric.values.empty()) {
      value = number(metric.value);
    } else {
      for (const double entry : metric.values) value.push_back(number(entry));
    }
  }
  ordered_json document = {
      {"version", 1}, {"files", std::move(files)}, {"dimension", measured.dimension}, {"classes", measured.classes}};
  if (measured.clusters > 0) document["clusters"] = measured.clusters;
  document["compat"] = measured.compat_paper ? "paper" : "corrected";
  document["seconds"] = number(measured.seconds);
  document["cpu_seconds"] = number(measured.cpu_seconds);
  document["metrics"] = std::move(values);
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace oodml::commands
