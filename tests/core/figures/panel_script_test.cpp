#include "core/figures/panel_script.h"

#include <gtest/gtest.h>

#include "core/figures/gnuplot_script.h"
#include "core/figures/script_text.h"
#include "tests/core/figures/sample_figures.h"

namespace oodml::figures {
namespace {

constexpr PaperSize kSize{8.4, 6.0};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(GnuplotScriptTest, SizeIsThatOfAllPanels) {
  const std::string script = gnuplot_script(every_kind());
  EXPECT_TRUE(has(script, "size 16.80cm, 18.00cm"));
  EXPECT_TRUE(has(script, "set multiplot layout 3, 2\n"));
  EXPECT_TRUE(has(script, "numbers = 'every_kind.csv'\n"));
}

TEST(PanelScriptTest, AxesRulesAndSeries) {
  const std::string script = panel_script(curves(), 3, kSize);
  EXPECT_TRUE(has(script, "set yrange [40:80]\n"));
  EXPECT_TRUE(has(script, "set xlabel 'FID'\n"));
  EXPECT_TRUE(has(script, "set arrow from first 50, graph 0 to first 50, graph 1 nohead"));
  EXPECT_TRUE(has(script, "strcol(1) eq '3.0'"));
  EXPECT_TRUE(has(script, "title 'S2SD'"));
}

TEST(PanelScriptTest, PointsOfAnotherSizeSaySo) {
  Panel panel = curves();
  EXPECT_FALSE(has(panel_script(panel, 0, kSize), "pointsize"));
  panel.series[0].point_size = 0.5;
  EXPECT_TRUE(has(panel_script(panel, 0, kSize), " pointsize 0.25 "));
}

TEST(PanelScriptTest, ErrorBarsAreDrawnWhereThereAreEnds) {
  Panel panel = curves();
  EXPECT_TRUE(has(panel_script(panel, 0, kSize), "with vectors nohead"));
  for (Series& series : panel.series) series.low = series.high = {};
  EXPECT_FALSE(has(panel_script(panel, 0, kSize), "with vectors nohead"));
}

TEST(PanelScriptTest, ASeriesWithoutAPlaceIsNotPlotted) {
  Panel panel{.series = {{.name = "none", .x = {1, 2}, .y = {NAN, NAN}}}};
  EXPECT_TRUE(has(panel_script(panel, 0, kSize), "nothing to draw")) << "gnuplot fails on it";
  panel.series[0].y[1] = 3;
  EXPECT_FALSE(has(panel_script(panel, 0, kSize), "nothing to draw"));
}

TEST(PanelScriptTest, AnEmptyPanelSaysSo) {
  EXPECT_TRUE(has(panel_script({.title = "none"}, 0, kSize), "nothing to draw"));
}

TEST(PanelScriptTest, QuotesEndNoText) {
  EXPECT_EQ(quoted("it's"), "'it''s'");
  EXPECT_EQ(quoted("a\nb\\"), "'a b\\'");
}

}  // namespace
}  // namespace oodml::figures
