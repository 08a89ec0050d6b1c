#include "core/split_creation/choose_entries.h"

#include <gtest/gtest.h>

namespace oodml::split_creation {
namespace {

using Places = std::vector<std::size_t>;

Entry entry(Entry::Run run, std::int64_t swaps, double fid) {
  return {.run = run, .swaps = swaps, .train = {0}, .test = {1}, .fid = fid};
}

/// -2 (10), 0 (20), 2 (32), 4 (50), R0 (51), R2 (60)
const std::vector<Entry> kEntries = {entry(Entry::Run::kInverse, 2, 10), entry(Entry::Run::kForward, 0, 20),
                                     entry(Entry::Run::kForward, 2, 32), entry(Entry::Run::kForward, 4, 50),
                                     entry(Entry::Run::kRemoval, 0, 51), entry(Entry::Run::kRemoval, 2, 60)};

template <typename T>
std::string message(const Result<T>& result) {
  EXPECT_FALSE(result);
  return result ? "" : result.error().message();
}

TEST(ChooseEntriesTest, KeysKeepTheirOrder) {
  EXPECT_EQ(entries_of_keys(kEntries, {"R2", "-2", "0"}).value(), (Places{5, 0, 1}));
  EXPECT_NE(message(entries_of_keys(kEntries, {"6"})).find("no entry '6' was recorded; there are -2, 0 to 4, R0 to R2"),
            std::string::npos);
  EXPECT_EQ(message(entries_of_keys(kEntries, {"0", "0"})), "key '0' is there twice");
}

TEST(ChooseEntriesTest, EveryWantedFidTakesTheNearest) {
  EXPECT_EQ(entries_of_fids(kEntries, {58, 11, 30}).value(), (Places{0, 2, 5}));
  EXPECT_NE(message(entries_of_fids(kEntries, {19, 21})).find("are both nearest to entry 0 (20"), std::string::npos);
  EXPECT_NE(message(entries_of_fids(kEntries, {99})).find("no split has a FID near 99"), std::string::npos);
}

TEST(ChooseEntriesTest, SpreadEntriesCoverTheRangeAndKeepTheStart) {
  EXPECT_EQ(spread_entries(kEntries, 3).value(), (Places{1, 2, 5}));  // 10 gives way to the start, 20
  EXPECT_EQ(spread_entries(kEntries, 6).value(), (Places{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(spread_entries(kEntries, 1).value(), (Places{1}));
  EXPECT_NE(message(spread_entries(kEntries, 7)).find("7 splits are wanted, but 6 entries"), std::string::npos);
}

}  // namespace
}  // namespace oodml::split_creation
