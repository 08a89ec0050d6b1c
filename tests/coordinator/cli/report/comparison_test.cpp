#include "coordinator/cli/report/comparison.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/coordinator/cli/report/document_parts.h"

namespace oodml::cli::report {
namespace {

Contestant contestant(const std::string& name, bool is_baseline, const std::map<Measured, double>& values) {
  return {.method = name, .is_baseline = is_baseline, .values = values};
}

TEST(ComparisonTest, IsBySeedOverThePlacesThatBothHave) {
  const Contestant method =
      contestant("a", false, {{{"1", 0}, 0.7}, {{"2", 0}, 0.9}, {{"1", 1}, 0.8}, {{"9", 5}, 0.1}});
  const Contestant baseline =
      contestant("b", true, {{{"1", 0}, 0.6}, {{"2", 0}, 0.6}, {{"1", 1}, 0.6}, {{"2", 1}, NAN}});
  const statistics::PairedDifference difference = difference_by_seed(method, baseline);
  EXPECT_EQ(difference.n, 2U);  // seed 0: 0.8 - 0.6; seed 1: 0.8 - 0.6
  EXPECT_NEAR(difference.mean, 0.2, 1e-15);
}

TEST(ComparisonTest, TableSaysDifferenceIntervalAndP) {
  // differences 0.01 0.02 0.03: sd 0.01, t = 2 sqrt(3) = 3.4641, p = 0.0742 (scipy.stats.ttest_1samp); +-0.024841;
  // all signs alike: 2 of 8 choices are as far
  const Contest contest = {.cells = {"CUB"},
                           .unit = kPercent,
                           .methods = {contestant("b", true, {{{"", 0}, 0.5}, {{"", 1}, 0.5}, {{"", 2}, 0.5}}),
                                       contestant("a", false, {{{"", 0}, 0.51}, {{"", 1}, 0.52}, {{"", 2}, 0.53}})}};
  Section section;
  add_comparison(section, "d", {"benchmark"}, {contest}, "b");
  ASSERT_EQ(section.tables.size(), 1U);
  EXPECT_EQ(section.tables[0].heading, (Row{"benchmark", "method", "difference", "95 % t", "p (t)", "p (signs)", "n"}));
  EXPECT_EQ(section.tables[0].rows,
            (std::vector<Row>{{"CUB", "a", "+2.00", "[-0.48, 4.48]", "0.0742", "0.2500", "3"}}));
  EXPECT_TRUE(section.missing.empty());
}

TEST(ComparisonTest, WhatCannotBeComparedIsSaid) {
  const Contest one_seed = {
      .cells = {"CUB"},
      .unit = kPercent,
      .methods = {contestant("b", true, {{{"", 0}, 0.5}}), contestant("a", false, {{{"", 0}, 0.6}})}};
  const Contest without = {.cells = {"SOP"}, .unit = kPercent, .methods = {contestant("a", false, {{{"", 0}, 0.6}})}};
  Section section;
  add_comparison(section, "d", {"benchmark"}, {one_seed, without}, "b");
  EXPECT_EQ(section.tables.at(0).rows, (std::vector<Row>{{"CUB", "a", "+10.00", "-", "-", "1.0000", "1"}}));
  ASSERT_EQ(section.missing.size(), 2U);
  EXPECT_EQ(section.missing[0], "b has no values of SOP");
  EXPECT_EQ(section.missing[1], "with a single seed in common a difference has no interval and no p value");
}

TEST(ComparisonTest, AnUnknownBaselineIsAnsweredWithThoseThatAre) {
  Section section;
  add_comparison(section, "d", {"benchmark"},
                 {{.cells = {"CUB"}, .unit = kPercent, .methods = {contestant("a", false, {})}}}, "c");
  EXPECT_TRUE(section.tables.empty());
  EXPECT_EQ(section.missing, (std::vector<std::string>{"no method 'c' (--baseline) to compare with; there are a"}));
}

}  // namespace
}  // namespace oodml::cli::report
