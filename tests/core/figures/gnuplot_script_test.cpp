#include "core/figures/gnuplot_script.h"

#include <gtest/gtest.h>

#include "core/figures/panel_script.h"
#include "tests/core/figures/sample_figures.h"

namespace oodml::figures {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(GnuplotScriptTest, SizeIsThatOfAllPanels) {
  const std::string script = gnuplot_script(every_kind());
  EXPECT_TRUE(has(script, "size 16.80cm, 18.00cm"));
  EXPECT_TRUE(has(script, "set multiplot layout 3, 2\n"));
  EXPECT_TRUE(has(script, "numbers = 'every_kind.csv'\n"));
}

TEST(PanelScriptTest, AxesRulesAndSeries) {
  const std::string script = panel_script(curves(), 3);
  EXPECT_TRUE(has(script, "set yrange [40:80]\n"));
  EXPECT_TRUE(has(script, "set xrange [*:*]\n"));
  EXPECT_TRUE(has(script, "set arrow from first 50, graph 0 to first 50, graph 1 nohead"));
  EXPECT_TRUE(has(script, "strcol(1) eq '3.0'"));
  EXPECT_TRUE(has(script, "title 'S2SD'"));
}

TEST(PanelScriptTest, ErrorBarsAreDrawnWhereThereAreEnds) {
  Panel panel = curves();
  EXPECT_TRUE(has(panel_script(panel, 0), "with vectors nohead"));
  for (Series& series : panel.series) series.low = series.high = {};
  EXPECT_FALSE(has(panel_script(panel, 0), "with vectors nohead"));
}

TEST(PanelScriptTest, AnEmptyPanelSaysSo) { EXPECT_TRUE(has(panel_script({.title = "none"}, 0), "nothing to draw")); }

TEST(PanelScriptTest, QuotesEndNoText) {
  EXPECT_EQ(quoted("it's"), "'it''s'");
  EXPECT_EQ(quoted("a\nb\\"), "'a b\\'");
}

}  // namespace
}  // namespace oodml::figures
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
