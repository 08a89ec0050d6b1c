#include "core/figures/shared_legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/words.h"
#include "core/figures/script_text.h"

namespace oodml::figures {
namespace {

constexpr double kLineCm = 0.34, kCharacterCm = 0.115, kSampleCm = 1.0;

struct Entry {
  std::string name;
  int line_type = 1;
  Series::Mark mark = Series::Mark::kLine;
  bool dashed = false;
};

std::vector<Entry> entries_of(const Figure& figure) {
  std::vector<Entry> entries;
  for (const Panel& panel : figure.panels) {
    for (std::size_t i = 0; i < panel.series.size(); ++i) {
      const Series& series = panel.series[i];
      if (series.name.empty() || std::ranges::find(entries, series.name, &Entry::name) != entries.end()) continue;
      entries.push_back(
          {series.name, 1 + (series.colour >= 0 ? series.colour : static_cast<int>(i)), series.mark, series.dashed});
    }
  }
  return entries;
}

std::size_t columns_of(const std::vector<Entry>& entries, double width_cm) {
  std::size_t longest = 0;
  for (const Entry& entry : entries) longest = std::max(longest, entry.name.size());
  const double one = kSampleCm + kCharacterCm * static_cast<double>(longest);
  return std::clamp<std::size_t>(static_cast<std::size_t>(0.95 * width_cm / one), 1,
                                 std::max<std::size_t>(entries.size(), 1));
}

std::string entry_script(const Entry& entry) {
  const char* style = entry.mark == Series::Mark::kPoints  ? "points"
                      : entry.mark == Series::Mark::kBars  ? "boxes fillstyle solid 0.75"
                      : entry.mark == Series::Mark::kLine  ? "lines"
                      : entry.mark == Series::Mark::kSteps ? "lines"
                                                           : "linespoints";
  return fmt::format("keyentry with {} linetype {}{} title {}", style, entry.line_type,
                     entry.dashed ? " dashtype 2" : "", quoted(entry.name));
}

}  // namespace

double shared_legend_cm(const Figure& figure, double width_cm) {
  if (!figure.shared_legend) return 0.0;
  const std::vector<Entry> entries = entries_of(figure);
  if (entries.empty()) return 0.0;
  const std::size_t columns = columns_of(entries, width_cm);
  return 0.15 + kLineCm * std::ceil(static_cast<double>(entries.size()) / static_cast<double>(columns));
}

std::string shared_legend_script(const Figure& figure, double width_cm, double share) {
  const std::vector<Entry> entries = entries_of(figure);
  std::vector<std::string> plots = {"NaN notitle"};
  for (const Entry& entry : entries) plots.push_back(entry_script(entry));
  return fmt::format(
      "\n# the legend\nset origin 0, 0\nset size noratio 1, {:.4f}\n"
      "set title ''; set xlabel ''; set ylabel ''; set y2label ''; unset arrow; unset label; unset border\n"
      "unset xtics; unset ytics; unset y2tics; unset logscale; unset grid\n"
      "set lmargin 0; set rmargin 0; set tmargin 0; set bmargin 0\n"
      "set key center center horizontal Left reverse maxcols {} samplen 1.5 spacing 0.9 font small\n"
      "plot [0:1] [0:1] {}\n",
      share, columns_of(entries, width_cm), joined(plots, ", \\\n     "));
}

}  // namespace oodml::figures
