#include "core/split_creation/progression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "core/split_creation/progression_csv.h"
#include "core/split_creation/published_runs.h"
#include "tests/core/split_creation/plain_shift.h"

namespace oodml::split_creation {
namespace {

using testing::clustered_points;
using Numbers = std::vector<std::int64_t>;

Numbers range(std::int64_t first, std::int64_t last) {
  Numbers numbers(static_cast<std::size_t>(last - first));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

void quiet(std::string_view, double) {}

/// From the first `n` of the points as training classes.
Progression shifted(const torch::Tensor& means, std::int64_t n, const ProgressionOptions& options) {
  auto progression = shift_split(means, range(0, n), range(n, means.size(0)), options, quiet);
  EXPECT_TRUE(progression) << progression.error().message();
  return progression ? *std::move(progression) : Progression();
}

std::vector<Entry> of_run(const Progression& progression, Entry::Run run) {
  std::vector<Entry> entries;
  std::ranges::copy_if(progression.entries, std::back_inserter(entries), [&](const Entry& e) { return e.run == run; });
  return entries;
}

void expect_same(const std::vector<Entry>& entries, const std::vector<testing::PlainEntry>& wanted) {
  ASSERT_EQ(entries.size(), wanted.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].key(), wanted[i].key);
    EXPECT_EQ(entries[i].train, wanted[i].train) << wanted[i].key;
    EXPECT_EQ(entries[i].test, wanted[i].test) << wanted[i].key;
    EXPECT_NEAR(entries[i].fid, wanted[i].fid, 1e-5 * std::max(1.0, wanted[i].fid)) << wanted[i].key;
  }
}

/// Every run against the algorithm written down word by word.
void expect_plain(const torch::Tensor& means, std::int64_t n, const ProgressionOptions& options) {
  const Progression progression = shifted(means, n, options);
  const Numbers train = range(0, n), test = range(n, means.size(0));
  testing::PlainState state{train, test, train, test};
  const auto forward = testing::plain_swaps(means, state, options.forward, false);
  expect_same(of_run(progression, Entry::Run::kForward), forward);
  if (options.stale_removal_names) {
    state.train_names = forward.back().train;
    state.test_names = forward.back().test;
  }
  auto removal = testing::plain_removal(means, state, options.removal);
  const auto recorded = of_run(progression, Entry::Run::kRemoval);
  if (!progression.notes.empty()) removal.resize(std::min(removal.size(), recorded.size()));
  expect_same(recorded, removal);

  testing::PlainState start{train, test, train, test};
  auto inverse = testing::plain_swaps(means, start, options.inverse, true);
  if (!inverse.empty()) inverse.erase(inverse.begin());
  std::ranges::reverse(inverse);
  expect_same(of_run(progression, Entry::Run::kInverse), inverse);
}

TEST(ProgressionTest, EveryRunIsTheAlgorithmWordByWord) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    expect_plain(clustered_points(40, 60, 5, seed), 20,
                 {.forward = {8, 2, 5}, .removal = {6, 2, 5}, .inverse = {6, 2, 12}});
    expect_plain(clustered_points(41, 4, 3, seed), 20,
                 {.forward = {6, 3, 4}, .removal = {4, 3, 4}, .inverse = {5, 1, 0}});
    expect_plain(clustered_points(30, 9, 3, seed), 11,
                 {.forward = {5, 8, 3}, .removal = {2, 2, 1}, .inverse = {4, 10, 10}});
  }
}

TEST(ProgressionTest, ExactFormMakesTheSameSplits) {
  const auto means = clustered_points(30, 8, 4, 5);
  ProgressionOptions options{.forward = {8, 2, 5}, .removal = {5, 2, 5}, .inverse = {4, 2, 8}};
  const Progression cheap = shifted(means, 15, options);
  options.form = FidForm::kExact;
  const Progression exact = shifted(means, 15, options);
  ASSERT_EQ(cheap.entries.size(), exact.entries.size());
  for (std::size_t i = 0; i < cheap.entries.size(); ++i) {
    EXPECT_EQ(cheap.entries[i].train, exact.entries[i].train);
    EXPECT_NEAR(cheap.entries[i].fid, exact.entries[i].fid, 1e-4);
  }
}

// docs/quirks.md#split-creation, S3, in both settings.
TEST(ProgressionTest, RemovalStartsFromAlignedNamesUnlessParityIsAskedFor) {
  const auto means = clustered_points(40, 60, 5, 4);
  ProgressionOptions options{.forward = {4, 2, 5}, .removal = {6, 2, 5}, .inverse = {}};
  const Progression aligned = shifted(means, 20, options);
  options.stale_removal_names = true;
  const Progression stale = shifted(means, 20, options);
  const auto last = of_run(aligned, Entry::Run::kForward).back();
  const auto first_aligned = of_run(aligned, Entry::Run::kRemoval).front();
  const auto first_stale = of_run(stale, Entry::Run::kRemoval).front();
  EXPECT_NE(first_aligned.train, last.train);
  EXPECT_EQ(first_stale.train, last.train);
  EXPECT_EQ(first_stale.test, last.test);
  EXPECT_EQ(first_stale.fid, first_aligned.fid);  // of the same features
  expect_plain(means, 20, options);
}

// docs/splits.md#invariants
TEST(ProgressionTest, OneIterationRecordsTheGivenSplit) {
  const auto means = clustered_points(10, 4, 2, 1);
  const Progression progression = shifted(means, 5, {.forward = {1, 2, 2}, .removal = {}, .inverse = {}});
  ASSERT_EQ(progression.entries.size(), 1U);
  EXPECT_EQ(progression.entries[0].key(), "0");
  EXPECT_EQ(progression.entries[0].train, range(0, 5));
  EXPECT_EQ(progression.entries[0].test, range(5, 10));
}

TEST(ProgressionTest, SwapsKeepSizesAndUnionAndRaiseTheDistance) {
  const auto means = clustered_points(60, 30, 6, 9);
  const Progression progression = shifted(means, 30, {.forward = {10, 1, 5}, .removal = {}, .inverse = {10, 1, 20}});
  ASSERT_EQ(progression.entries.size(), 19U);  // the start once
  for (const Entry& entry : progression.entries) {
    EXPECT_EQ(entry.train.size(), 30U);
    Numbers all = entry.train;
    all.insert(all.end(), entry.test.begin(), entry.test.end());
    std::ranges::sort(all);
    EXPECT_EQ(all, range(0, 60));
  }
  EXPECT_EQ(progression.entries.front().key(), "-9");
  EXPECT_LT(progression.entries.front().fid, progression.entries[9].fid);
  EXPECT_GT(progression.entries.back().fid, 1.5 * progression.entries[9].fid);
}

TEST(ProgressionTest, RemovalEndsWithANoteWhenTheClassesRunOut) {
  const auto means = clustered_points(16, 6, 2, 3);
  const Progression progression = shifted(means, 8, {.forward = {3, 1, 3}, .removal = {200, 1, 3}, .inverse = {}});
  ASSERT_EQ(progression.notes.size(), 1U);
  EXPECT_TRUE(progression.notes[0].starts_with("the removal run ended after ")) << progression.notes[0];
  EXPECT_EQ(std::min(progression.entries.back().train.size(), progression.entries.back().test.size()), 3U);
}

TEST(ProgressionTest, TheSameInputGivesTheSameBits) {
  const auto means = clustered_points(30, 5, 3, 6);
  const ProgressionOptions options{.forward = {9, 2, 5}, .removal = {6, 2, 5}, .inverse = {5, 2, 9}};
  const auto text = [&] {
    return progression_csv(shifted(means, 15, options).entries, {0}, range(0, 15), range(15, 30));
  };
  EXPECT_EQ(text(), text());
}

TEST(ProgressionTest, WhatCannotBeRunIsRefused) {
  const auto means = clustered_points(10, 4, 2, 1);
  const auto refusal = [&](const ProgressionOptions& options, std::int64_t n) {
    const auto progression = shift_split(means, range(0, n), range(n, 10), options, quiet);
    EXPECT_FALSE(progression);
    return progression ? "" : progression.error().message();
  };
  EXPECT_EQ(refusal({.forward = {3, 6, 2}, .removal = {}, .inverse = {}}, 5),
            "forward run: 6 pairs an iteration, but the smaller set has 5 classes; accepted are 1 to 5");
  EXPECT_EQ(refusal({.forward = {3, 1, 2}, .removal = {}, .inverse = {3, 1, 5}}, 5),
            "inverse run: a history of 5 positions, but the smaller set has 5 classes; accepted are 0 to 4");
  EXPECT_EQ(refusal({.forward = {}, .removal = {3, 1, 1}, .inverse = {3, 1, 1}}, 5),
            "the removal run goes on from the forward run, which has no iterations");
  EXPECT_NE(refusal({.forward = {}, .removal = {}, .inverse = {}}, 5).find("no iterations"), std::string::npos);
  EXPECT_EQ(refusal({.forward = {3, 1, 0}, .removal = {}, .inverse = {}}, 9),
            "a split needs at least two classes in each set");
}

TEST(ProgressionTest, CsvHasALineAnEntry) {
  const std::vector<Entry> entries = {
      {.run = Entry::Run::kInverse, .swaps = 2, .train = {0, 1}, .test = {2, 3}, .fid = 1.25},
      {.run = Entry::Run::kRemoval, .swaps = 4, .train = {0, 3}, .test = {1}, .fid = 7}};
  EXPECT_EQ(progression_csv(entries, {1}, {0, 1}, {2, 3}),
            "run,key,swaps,fid,train,test,moved_to_test,moved_to_train,removed,id\n"
            "inverse,-2,2,1.25,2,2,0,0,0,\n"
            "removal,R4,4,7,2,1,1,1,1,1\n");
}

TEST(PublishedRunsTest, AreThoseOfTheTable) {
  const auto cub = published_runs("cub200", 100);
  EXPECT_EQ(cub.forward.iterations, 25);
  EXPECT_EQ(cub.removal.iterations, 35);
  EXPECT_EQ(cub.inverse.iterations, 15);
  EXPECT_EQ(cub.forward.swaps, 2);
  EXPECT_EQ(cub.inverse.history, 30);
  EXPECT_EQ(published_runs("cars196", 98).inverse.iterations, 0);
  const auto sop = published_runs("online_products", 11316);
  EXPECT_EQ(sop.forward.iterations, 20);
  EXPECT_EQ(sop.removal.swaps, 1000);
  EXPECT_EQ(sop.removal.iterations, 30);
  const auto few = published_runs("fashion_mnist", 5);
  EXPECT_EQ(few.forward.swaps, 1);
  EXPECT_EQ(few.inverse.history, 2);
}

}  // namespace
}  // namespace oodml::split_creation
