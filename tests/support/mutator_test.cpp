#include "tests/support/mutator.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace oodml::testing {
namespace {

const Corpus kCorpus = {{"first seed 12", "second seed 7"}, {"WORD"}};

TEST(MutatorTest, EveryInputIsAFunctionOfItsNumber) {
  std::set<std::string> seen;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const std::string input = damaged(kCorpus, number);
    EXPECT_EQ(input, damaged(kCorpus, number));
    seen.insert(input);
  }
  EXPECT_GT(seen.size(), 500u);
}

TEST(MutatorTest, WordsNumbersAndOtherSeedsComeIn) {
  int words = 0, numbers = 0, others = 0;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const std::string input = damaged(kCorpus, 2 * number);  // all from the first seed
    words += input.find("WORD") != input.npos;
    numbers += input.find("9223372036854775807") != input.npos;
    others += input.find("second") != input.npos;
  }
  EXPECT_GT(words, 10);
  EXPECT_GT(numbers, 2);
  EXPECT_GT(others, 0);
}

TEST(MutatorTest, AnEmptySeedIsDamagedToo) {
  bool grown = false;
  for (std::uint64_t number = 0; number < 20; ++number)
    grown = grown || damaged({{""}, {"x"}}, number).starts_with("x");
  EXPECT_TRUE(grown);
}

TEST(FuzzRunTest, SeedsComeFirstAndUnharmed) {
  std::vector<std::string> inputs;
  fuzz(kCorpus, [&](const std::string& input, std::uint64_t) { inputs.push_back(input); }, 3);
  ASSERT_EQ(inputs.size(), 2 + fuzz_inputs(3));
  EXPECT_EQ(inputs[0], kCorpus.seeds[0]);
  EXPECT_EQ(inputs[1], kCorpus.seeds[1]);
  EXPECT_EQ(inputs[4], damaged(kCorpus, 4));
}

TEST(FuzzRunDeathTest, ACrashNamesItsInput) {
  const auto crash_at_three = [](const std::string&, std::uint64_t number) {
    if (number == 3) std::abort();
  };
  EXPECT_DEATH(fuzz(kCorpus, crash_at_three, 10), "OODML_FUZZ_ONLY=3");
}

}  // namespace
}  // namespace oodml::testing
