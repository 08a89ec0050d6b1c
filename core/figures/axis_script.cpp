#include "core/figures/axis_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/base/words.h"
#include "core/figures/axis_ends.h"
#include "core/figures/script_text.h"

namespace oodml::figures {
namespace {

std::string range_of(const std::string& axis, const Axis& wanted) {
  const auto end = [](const std::optional<double>& value) { return value ? fmt::format("{:.10g}", *value) : "*"; };
  return fmt::format("set {}range [{}:{}]\n", axis, end(wanted.low), end(wanted.high));
}

}  // namespace

std::string axis_script(const std::string& axis, const Axis& wanted) {
  std::string text = fmt::format("set {0}label {1}\n", axis, quoted(wanted.label)) + range_of(axis, wanted);
  text += fmt::format("{} logscale {}\n", wanted.logarithmic ? "set" : "unset", axis);
  return text +
         fmt::format("set {}tics nomirror scale 0.5 autofreq{}\n", axis, wanted.logarithmic ? " format '10^%T'" : "");
}

std::string x_tics_script(const Panel& panel, PaperSize size) {
  constexpr double kRoomCm = 0.85;
  const Panel ended = with_ends(panel);
  if (panel.x.logarithmic || !ended.x.low || !ended.x.high) return "";
  const double key_of_colours = panel.matrix ? 1.4 : 0.0;
  const double step =
      tic_step(*ended.x.low, *ended.x.high, std::max(1.0, size.drawing_width() - key_of_colours), kRoomCm);
  return step > 0.0 ? fmt::format("set xtics nomirror scale 0.5 {:.10g}\n", step) : "";
}

std::string lying_tics_script(const Panel& panel, PaperSize size) {
  constexpr double kRoomCm = 1.1;
  double most = -std::numeric_limits<double>::infinity();
  for (const Series& series : panel.series) {
    for (const auto* values : {&series.y, &series.high}) {
      for (const double value : *values) most = std::isfinite(value) ? std::max(most, value) : most;
    }
  }
  if (panel.x.logarithmic || !std::isfinite(most)) return "";
  const double step =
      tic_step(panel.x.low.value_or(0.0), panel.x.high.value_or(most), 0.5 * size.drawing_width(), kRoomCm);
  return step > 0.0 ? fmt::format("set xtics nomirror scale 0.5 {:.10g}\n", step) : "";
}

std::string named_tics(const std::string& axis, const std::vector<std::string>& names, const char* turned) {
  std::vector<std::string> tics;
  for (std::size_t i = 0; i < names.size(); ++i) tics.push_back(fmt::format("{} {}", quoted(names[i]), i));
  return fmt::format("set {}tics nomirror scale 0 ({}){}\n", axis, joined(tics, ", "), turned);
}

std::string rules_script(const std::vector<Rule>& rules) {
  std::string text;
  for (const Rule& rule : rules) {
    const auto place = [&](const char* end) {
      return rule.vertical ? fmt::format("first {:.10g}, graph {}", rule.at, end)
                           : fmt::format("graph {}, first {:.10g}", end, rule.at);
    };
    text += fmt::format("set arrow from {} to {} nohead back dashtype 2 linewidth 0.8 linecolor rgb '#888888'\n",
                        place("0"), place("1"));
    if (rule.label.empty()) continue;
    const char* const end = rule.label_at_end ? "0.98" : rule.vertical ? "0.04" : "0.02";
    text += fmt::format("set label {} at {} {} {} font small textcolor rgb '#666666'\n", quoted(rule.label), place(end),
                        rule.label_at_end ? "right" : "left",
                        rule.vertical ? "rotate by 90 offset character 0.6, 0" : "offset character 0, 0.4");
  }
  return text;
}

}  // namespace oodml::figures
