// What a figure becomes as a script; draw_test.cpp lets gnuplot draw it.

#include "core/figures/gnuplot_script.h"

#include <gtest/gtest.h>

#include "core/figures/shared_legend.h"
#include "tests/core/figures/sample_figures.h"

namespace oodml::figures {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

Figure two_panels() {
  Figure figure{.name = "two", .columns = 2, .panels = {curves(), curves()}, .shared_legend = true};
  figure.panels[1].series.push_back({.name = "DiVA", .x = {1}, .y = {2}, .colour = 6});
  return figure;
}

TEST(GnuplotScriptTest, ASharedLegendHasEachNameOnceBelowThePanels) {
  const std::string script = gnuplot_script(two_panels());
  EXPECT_EQ(count(script, "keyentry"), 3u);
  EXPECT_EQ(count(script, "keyentry with linespoints linetype 7 title 'DiVA'"), 1u);
  EXPECT_EQ(count(script, "set key"), 1u) << "panels have none of their own";
}

TEST(GnuplotScriptTest, TheFigureGrowsByItsLegend) {
  EXPECT_EQ(shared_legend_cm({.panels = {curves()}}, 8.4), 0.0);
  EXPECT_EQ(shared_legend_cm({.panels = {{}}, .shared_legend = true}, 8.4), 0.0);
  const double one_line = shared_legend_cm(two_panels(), 16.8);
  EXPECT_GT(one_line, 0.3);
  EXPECT_GT(shared_legend_cm(two_panels(), 3.0), one_line) << "names take more lines where there is less room";
}

TEST(GnuplotScriptTest, BarsStandAlongNumbersLeavingAFifthBetweenThem) {
  Panel panel{.y = {.low = 0.0},
              .series = {{.name = "removed", .mark = Series::Mark::kBars, .x = {8, 3, 5}, .y = {1, 2, 3}}}};
  const std::string script = gnuplot_script({.name = "bars", .panels = {panel}});
  EXPECT_NE(script.find("boxxyerror"), std::string::npos);
  EXPECT_NE(script.find("-0.8):("), std::string::npos) << script;
}

}  // namespace
}  // namespace oodml::figures
