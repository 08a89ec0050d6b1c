#include <gtest/gtest.h>

#include "core/sweep/decimal.h"
#include "tests/core/sweep/bad_sweeps.h"

namespace oodml::sweep {
namespace {

/// The labels of the axis `key` with this range, and what a trial of it has.
std::string labels_of(const std::string& key, const std::string& range) {
  const auto plan = planned(one_with("matrix: {" + key + ": " + range + "}\n"));
  std::string text;
  for (const auto& trial : plan.trials) text += (text.empty() ? "" : " ") + trial.labels.at(key);
  return text;
}

TEST(DecimalTest, EachNumberHasOneTextThatIsExact) {
  const auto text = [](std::string_view written) { return shortest_text(decimal_of(written).value()); };
  EXPECT_EQ(text("0.10"), "0.1");
  EXPECT_EQ(text("1e-4"), "0.0001");
  EXPECT_EQ(text("0.00001"), "1e-5");
  EXPECT_EQ(text("-2.50e+3"), "-2500");
  EXPECT_EQ(text("3.16e-5"), "3.16e-5");
  EXPECT_EQ(text("-0"), "0");
  EXPECT_EQ(text("123456.789"), "123456.789");
  EXPECT_EQ(text("1e20"), "1e20");
  for (const char* none : {"", "-", ".", "e5", "1e", "1e999", "1x", "1.2.3", "inf", "0x10", "1234567890123456"}) {
    EXPECT_FALSE(decimal_of(none)) << none;
  }
}

TEST(NumberRangeTest, StepsAreExactDecimalsAndBothEndsAreWithThem) {
  EXPECT_EQ(labels_of("lr", "{from: 1, to: 9, step: 2}"), "1 3 5 7 9");
  EXPECT_EQ(labels_of("lr", "{from: 0.1, to: 0.7, step: 0.1}"), "0.1 0.2 0.3 0.4 0.5 0.6 0.7");
  EXPECT_EQ(labels_of("lr", "{from: 1e-5, to: 3e-5, step: 1e-5}"), "1e-5 2e-5 3e-5");
  EXPECT_EQ(labels_of("lr", "{from: 1, to: 10, step: 4}"), "1 5 9") << "the last is not above the end";
  EXPECT_EQ(labels_of("epochs", "{from: 10, to: 30, step: 10}"), "10 20 30");
}

TEST(NumberRangeTest, ACountSpacesEvenlyAndRoundsOnlyWhatIsNoShortDecimal) {
  EXPECT_EQ(labels_of("lr", "{from: 0, to: 1, count: 5}"), "0 0.25 0.5 0.75 1");
  EXPECT_EQ(labels_of("lr", "{from: 0, to: 1, count: 4, scale: linear}"), "0 0.333 0.667 1");
  EXPECT_EQ(labels_of("lr", "{from: 1000, to: 1010, count: 4}"), "1000 1003.33 1006.67 1010");
  EXPECT_EQ(labels_of("seed", "{from: 3, to: 9, count: 3}"), "3 6 9");
}

TEST(NumberRangeTest, ALogRangeHasThreeDigitsAndMoreWhereNeighboursAreNear) {
  EXPECT_EQ(labels_of("lr", "{from: 1e-5, to: 1e-3, count: 5, scale: log}"), "1e-5 3.16e-5 0.0001 0.000316 0.001");
  EXPECT_EQ(labels_of("batch_size", "{from: 16, to: 256, count: 5, scale: log}"), "16 32 64 128 256");
  EXPECT_EQ(labels_of("lr", "{from: 1, to: 1.1, count: 3, scale: log}"), "1 1.049 1.1");
}

TEST(NumberRangeTest, ARangeStandsAmongOtherEntriesAndForParametersToo) {
  EXPECT_EQ(labels_of("lr", "[5, {from: 1, to: 2, step: 1}, 1e-5]"), "5 1 2 1e-5");
  const auto plan =
      planned(sweep_of("trial: {benchmark: cub200, criterion: margin, miner: distance}\n"
                       "matrix: {criterion.beta: {from: 0.6, to: 1.2, count: 3}}\n"));
  ASSERT_EQ(plan.trials.size(), 3u);
  EXPECT_EQ(plan.trials[1].spec.values.number("criterion.beta"), 0.9) << "the double that 0.9 is";
  const auto by_hand =
      planned(sweep_of("trial: {benchmark: cub200, criterion: margin, miner: distance}\n"
                       "matrix: {criterion.beta: [0.6, 0.9, 1.2]}\n"));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(plan.trials[i].fingerprint, by_hand.trials[i].fingerprint);
}

TEST(NumberRangeTest, WhatIsNoRangeIsToldWithItsPlace) {
  const auto refuses = [](const std::string& range, const std::string& part) {
    expect_error(one_with("matrix: {lr: " + range + "}\n"), part);
  };
  refuses("{from: 1, to: 9}", "sweep.yaml:4:14: a range needs one of `count:` (how many numbers) and `step:`");
  refuses("{from: 1, to: 9, step: 1, count: 2}", "a range needs one of");
  refuses("{from: 1, count: 3}", "a range needs `to:`, as in {from: 1, to: 9, step: 2}");
  refuses("{to: 1, count: 3}", "a range needs `from:`");
  refuses("{from: 1, to: 9, setp: 2}", "sweep.yaml:4:31: unknown key of a range 'setp'; did you mean 'step'?");
  refuses("{from: 1, to: x, count: 3}", "sweep.yaml:4:28: `to:` of a range must be a number of at most 15 digits");
  refuses("{from: 1, to: '9', count: 3}", "`to:` of a range must be a number");
  refuses("{from: 9, to: 1, count: 3}", "the range from 9 to 1 is empty; `from:` is the smaller number");
  refuses("{from: 1, to: 9, step: 0}", "`step:` must be above 0, got '0'");
  refuses("{from: 1, to: 9, step: -1}", "`step:` must be above 0, got '-1'");
  refuses("{from: 1, to: 9, count: 1}", "`count:` of a range must be an integer from 2 to 100000, got '1'");
  refuses("{from: 1, to: 9, count: 3, scale: lug}", "`scale:` must be linear or log, got 'lug'");
  refuses("{from: 0, to: 9, count: 3, scale: log}", "a range with `scale: log` begins above 0, got 0");
  refuses("{from: 1, to: 9, step: 1, scale: log}", "takes `count:`, not `step:`");
  refuses("{from: 1, to: 1e20, step: 1e-9}", "too far apart");
  refuses("{from: 1, to: 1e9, step: 1}", "the axes have more than 100000 entries");
  refuses("{from: 1, to: 1.00000000000001, count: 1000}", "has no 1000 numbers that differ");
  refuses("{from: -2, to: 1, step: 1}", "lr must be 0 or more, got -2");
  expect_error(one_with("matrix: {epochs: {from: 1, to: 2, count: 3}}\n"), "epochs must be an integer");
  expect_error(one_with("matrix: {arch: {from: 1, to: 2, count: 3}}\n"),
               "axis arch takes no range: its values are no numbers");
}

}  // namespace
}  // namespace oodml::sweep
