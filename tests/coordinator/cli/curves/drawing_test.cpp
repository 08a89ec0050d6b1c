#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "coordinator/cli/curves/chart.h"
#include "coordinator/cli/curves/sweep_chart.h"
#include "coordinator/cli/curves/ticks.h"
#include "coordinator/cli/curves/trial_chart.h"
#include "coordinator/cli/watch/screen.h"
#include "tests/coordinator/cli/curves/curve_samples.h"
#include "tests/coordinator/cli/samples.h"

namespace oodml::cli::curves {
namespace {

using Lines = std::vector<std::string>;

constexpr double kHole = std::numeric_limits<double>::quiet_NaN();
const Style kAscii{.utf8 = false};

Panel rising() { return {.title = "nmi, %", .curves = {{.epochs = {0, 1, 2, 3}, .values = {10, 20, 30, 40}}}}; }

TEST(CurveTicksTest, StepsAreOneTwoOrFiveTimesAPowerOfTen) {
  EXPECT_DOUBLE_EQ(round_step(10, 10), 1.0);
  EXPECT_DOUBLE_EQ(round_step(10.1, 10), 2.0);
  EXPECT_DOUBLE_EQ(round_step(37, 4), 10.0);
  EXPECT_DOUBLE_EQ(round_step(0.09, 2), 0.05);
  EXPECT_DOUBLE_EQ(round_step(6, 1), 10.0);
}

TEST(CurveTicksTest, AScaleHasAtLeastTwoNumbers) {
  EXPECT_EQ(ticks_for({11, 19}, 2).at, (std::vector<double>{12, 14, 16, 18}));
  EXPECT_EQ(ticks_for({-1, 1}, 4).at, (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
  EXPECT_GE(ticks_for({1e-12, 3e-12}, 1).at.size(), 2u);
  const Range rounded = with_extent({1.0, std::nextafter(1.0, 2.0)}, 0.1);  // the mean of equal values
  EXPECT_EQ(ticks_for(rounded, 2).at, (std::vector<double>{0.9, 1.0, 1.1}));
}

TEST(CurveTicksTest, NumbersHaveTheDecimalsThatTellNeighboursApart) {
  EXPECT_EQ(tick_text(0.5, 0.5), "0.5");
  EXPECT_EQ(tick_text(80, 2), "80");
  EXPECT_EQ(tick_text(0.1 + 0.2, 0.05), "0.30");
  EXPECT_EQ(tick_text(2e6, 1e6), "2e+06");
  EXPECT_EQ(tick_text(3e-7, 1e-7), "3e-07");
}

TEST(CurveCanvasTest, BrailleDotsStandWhereUnicodeHasThem) {
  Canvas canvas(2, 1, Form::kBraille);
  EXPECT_EQ(canvas.lines({}), Lines{"  "});
  canvas.dot(0, 0, 0);
  canvas.dot(1, 3, 0);
  canvas.dot(4, 0, 0);  // outside
  canvas.dot(-1, 2, 0);
  EXPECT_EQ(canvas.lines({}), Lines{"⢁ "});
  canvas.line(2, 0, 3, 3, 0);
  EXPECT_EQ(canvas.lines({}), Lines{"⢁⢣"});
}

TEST(CurveCanvasTest, TheCurveDrawnLastGivesColourAndMark) {
  Canvas canvas(4, 1, Form::kMarks);
  canvas.line(0, 0, 3, 0, 0);
  canvas.line(2, 0, 3, 0, 1);
  EXPECT_EQ(canvas.lines({}), Lines{"**oo"});
  EXPECT_EQ(canvas.lines({.colour = true}), Lines{"\x1b[36m**\x1b[0m\x1b[33moo\x1b[0m"});
}

TEST(CurvePanelTest, ACurveStandsBesideItsScaleAndAboveItsEpochs) {
  const Lines expected = {
      "nmi, %",
      "40+                 ****",
      "  |          *******    ",
      "20+    ******           ",
      "  |****                 ",
      "  ++------+-----+------+",
      "   0      1     2      3",
  };
  EXPECT_EQ(panel_lines(rising(), {0, 3}, 24, 7, Form::kMarks, kAscii), expected);
}

TEST(CurvePanelTest, BrailleHasEightDotsACharacter) {
  const Lines expected = {
      "nmi, %",
      "40┤                ⣀⠤⠔⠒⠉",
      "  │          ⢀⣀⠤⠒⠊⠉     ",
      "20┤     ⣀⡠⠤⠒⠉⠁          ",
      "  │⣀⠤⠔⠊⠉                ",
      "  └┬──────┬─────┬──────┬",
      "   0      1     2      3",
  };
  EXPECT_EQ(panel_lines(rising(), {0, 3}, 24, 7, Form::kBraille, {}), expected);
}

TEST(CurvePanelTest, NoLineBridgesAHoleAndAPointAloneIsSeen) {
  const Panel panel{.title = "loss",
                    .curves = {{.epochs = {1, 2, 3, 4, 5, 6}, .values = {4, 3, kHole, 3, HUGE_VAL, 0}}}};
  const Lines marks = {
      "loss",
      "4+**                    ",
      "2+  ***        *        ",
      " |                      ",
      "0+                     *",
      " +----+--------+-------+",
      "      2        4       6",
  };
  EXPECT_EQ(panel_lines(panel, {1, 6}, 24, 7, Form::kMarks, kAscii), marks);
  const Lines dots = {
      "loss",
      "4┤⠉⠒⠤⣀                  ",
      "2┤    ⠉        ⠛        ",
      " │                      ",
      "0┤                     ⣤",
      " └────┬────────┬───────┬",
      "      2        4       6",
  };
  EXPECT_EQ(panel_lines(panel, {1, 6}, 24, 7, Form::kBraille, {}), dots);
}

TEST(CurvePanelTest, OneEpochAndOneValueAreAPointInTheMiddle) {
  const Panel panel{.title = "nmi", .curves = {{.epochs = {4}, .values = {50}}}};
  const Lines expected = {
      "nmi",
      "55+                     ",
      "50+          *          ",
      "  |                     ",
      "45+                     ",
      "  ++---------+---------+",
      "   3         4         5",
  };
  EXPECT_EQ(panel_lines(panel, epochs_of({panel}), 24, 7, Form::kMarks, kAscii), expected);
}

TEST(CurvePanelTest, WhatHasNoFigureSaysSo) {
  const Panel panel{.title = "val:nmi", .curves = {{.epochs = {4}, .values = {kHole}}}};
  EXPECT_EQ(panel_lines(panel, {1, 4}, 24, 7, Form::kMarks, kAscii),
            (Lines{"val:nmi", "", "", "  no figures yet", "", "", ""}));
}

TEST(CurveChartTest, NeverHigherOrWiderThanTheTerminalAndWhatHasNoRoomIsNamed) {
  Chart chart{.heading = "Sweep 3 smoke: running", .names = {"margin, n 2/2", "a-long-name-of-a-row, n 2/2"}};
  for (const char* title : {"loss", "nmi, %", "e_recall@1, %", "mAP_c, %", "f1, %"}) {
    Panel panel = rising();
    panel.title = title;
    chart.panels.push_back(panel);
  }
  for (const std::size_t rows : {2, 9, 12, 23, 50}) {
    for (const std::size_t columns : {30, 79, 120, 200}) {
      for (const Form form : {Form::kBraille, Form::kMarks}) {
        const Lines lines = chart_lines(chart, {columns, rows}, form, {.colour = true});
        EXPECT_LE(lines.size(), rows);
        for (const std::string& line : lines) EXPECT_LE(painted_width(line), columns) << line;
      }
    }
  }
  const Lines two = chart_lines(chart, {79, 23}, Form::kMarks, kAscii);
  EXPECT_EQ(two.back(), "No room for e_recall@1, %; mAP_c, %; f1, %: choose with --metric, or use a");
  const Lines all = chart_lines(chart, {}, Form::kMarks, kAscii);
  EXPECT_EQ(std::ranges::count_if(all, [](const auto& line) { return line.ends_with(", %"); }), 4);
}

TEST(CurveChartTest, PanelsStandBesideEachOtherWhereThereIsRoom) {
  Chart chart{.heading = "Trial 7", .panels = {rising(), rising()}};
  const Lines lines = chart_lines(chart, {112, 8}, Form::kMarks, kAscii);
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_EQ(lines[1], "nmi, %" + std::string(51, ' ') + "nmi, %");
  EXPECT_TRUE(lines[7].ends_with("      0                1               2                3")) << lines[7];
}

TEST(CurveChartTest, BrailleNeedsColoursWhereCurvesShareAPanel) {
  Chart chart{.panels = {rising()}};
  EXPECT_EQ(form_for(chart, {}, false), Form::kBraille);
  EXPECT_EQ(form_for(chart, {}, true), Form::kMarks);
  EXPECT_EQ(form_for(chart, kAscii, false), Form::kMarks);
  chart.panels[0].curves.push_back(chart.panels[0].curves[0]);
  EXPECT_EQ(form_for(chart, {}, false), Form::kMarks);
  EXPECT_EQ(form_for(chart, {.colour = true}, false), Form::kBraille);
}

TEST(CurveChartTest, APictureHasTheSameNumbers) {
  Chart chart{.heading = "Trial 7", .names = {"train", "test"}, .panels = {rising()}};
  chart.panels[0].curves[0].number = 1;
  chart.panels[0].curves[0].values[2] = HUGE_VAL;
  const figures::Figure figure = picture_of(chart, "trial");
  EXPECT_EQ(figure.name, "trial");
  ASSERT_EQ(figure.panels.size(), 1u);
  EXPECT_EQ(figure.panels[0].title, "nmi, %");
  EXPECT_EQ(figure.panels[0].x.high, 3.0);
  const figures::Series& series = figure.panels[0].series[0];
  EXPECT_EQ(series.name, "test");
  EXPECT_EQ(series.colour, 1);
  EXPECT_EQ(series.y[1], 20.0);
  EXPECT_TRUE(std::isnan(series.y[2]));  // gnuplot knows no infinite place
}

}  // namespace
}  // namespace oodml::cli::curves
