#include "coordinator/cli/output/table.h"

#include <gtest/gtest.h>

#include "coordinator/cli/output/progress_bar.h"

namespace oodml::cli {
namespace {

Table sample() {
  Table table(
      {{"ID", Align::kRight}, {"NAME", Align::kLeft, Overflow::kShorten}, {"NOTE", Align::kLeft, Overflow::kKeep, 1}});
  table.add({"7", "a-rather-long-sweep-name", "first"});
  table.add({"12", "b", ""});
  return table;
}

TEST(TableTest, ColumnsAreAlignedAndNoLineEndsInSpaces) {
  EXPECT_EQ(sample().text({}),
            "ID  NAME                      NOTE\n"
            " 7  a-rather-long-sweep-name  first\n"
            "12  b\n");
}

TEST(TableTest, ANarrowTerminalShortensFirstAndLeavesOutColumnsNext) {
  EXPECT_EQ(sample().text({.width = 30}),
            "ID  NAME                 NOTE\n"
            " 7  a-rather-long-swee…  first\n"
            "12  b\n");
  EXPECT_EQ(sample().text({.utf8 = false, .width = 20}),
            "ID  NAME\n"
            " 7  a-rather-long...\n"
            "12  b\n");
  EXPECT_EQ(sample().left_out({.width = 20}), std::vector<std::string>{"NOTE"});
}

TEST(TableTest, WrappedCellsTakeSeveralLines) {
  Table table({{"KEY"}, {"HELP", Align::kLeft, Overflow::kWrap}});
  table.add({"beta", "initial boundary between positive and negative"});
  EXPECT_EQ(table.text({.width = 26}),
            "KEY   HELP\n"
            "beta  initial boundary\n"
            "      between positive and\n"
            "      negative\n");
}

TEST(TableTest, ATitleMayHaveTwoLines) {
  Table table({{"criterion"}, {"nmi\nbest", Align::kRight}});
  table.add({"margin", "65.23"});
  EXPECT_EQ(table.text({}),
            "             nmi\n"
            "criterion   best\n"
            "margin     65.23\n");
}

TEST(TableTest, ControlCharactersOfOthersNeverReachTheTerminal) {
  Table table({{"NOTE"}});
  table.add(
      {"a\x1b[2Jb\nc\xC2\x9B"
       "d"});
  EXPECT_EQ(table.text({}), "NOTE\na [2Jb c d\n");
}

TEST(TextTest, DurationsReadAsPeopleSayThem) {
  EXPECT_EQ(duration_text(4), "4 s");
  EXPECT_EQ(duration_text(125), "2 min 05 s");
  EXPECT_EQ(duration_text(3 * 3600 + 600), "3 h 10 min");
  EXPECT_EQ(duration_text(100 * 3600), "4 d 4 h");
  EXPECT_EQ(duration_text(-1), "");
}

TEST(TextTest, WordsLongerThanTheLineAreCut) {
  EXPECT_EQ(wrapped("abcdefgh ij", 5), (std::vector<std::string>{"abcde", "fgh", "ij"}));
  EXPECT_EQ(wrapped("", 5), std::vector<std::string>{""});
}

TEST(ProgressBarTest, PartsAddUpToTheWidth) {
  const BarParts parts{.succeeded = 5, .failed = 1, .running = 1.5, .total = 10};
  EXPECT_EQ(progress_bar(parts, 12, {.utf8 = false}), "[#####x>...]");
  EXPECT_EQ(progress_bar(parts, 10, {}), "███████▌░░");
  EXPECT_EQ(display_width(progress_bar(parts, 37, {})), 37u);
}

TEST(ProgressBarTest, OnlyAFinishedSweepFillsTheBarAndOneFailureIsSeen) {
  EXPECT_EQ(progress_bar({.succeeded = 999, .total = 1000}, 12, {.utf8 = false}), "[#########.]");
  EXPECT_EQ(progress_bar({.succeeded = 500, .failed = 1, .total = 1000}, 12, {.utf8 = false}), "[#####x....]");
  EXPECT_EQ(progress_bar({.succeeded = 10, .total = 10}, 4, {}), "████");
  EXPECT_EQ(progress_bar({.total = 0}, 6, {.utf8 = false}), "[....]");
}

TEST(StyleTest, WithoutColourNothingIsAdded) {
  EXPECT_EQ(Style{}.paint(Colour::kRed, "x"), "x");
  EXPECT_EQ(Style{.colour = true}.paint(Colour::kRed, "x"), "\x1b[31mx\x1b[0m");
}

}  // namespace
}  // namespace oodml::cli
