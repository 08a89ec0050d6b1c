#include <gtest/gtest.h>
#include <signal.h>

#include "tests/e2e/programs.h"

namespace oodml::testing {
namespace {

class LocalTest : public ::testing::Test {
 protected:
  void SetUp() override { make_fashion_mnist(folder_ / "benchmarks"); }

  std::vector<std::string> local(const std::string& state) {
    return {program("oodml"), "local", source("tests/e2e/tiny.yaml"), "--state", folder_ / state, "--benchmarks-root",
            folder_ / "benchmarks", "--slots", "2", "--threads-per-slot", "1"};
  }

  TempDir folder_;
};

TEST_F(LocalTest, SweepRunsWithoutAServiceAndTwiceGivesTheSameTable) {
  auto words = local("first");
  words.insert(words.end(), {"-o", "csv"});
  const Output first = run(words, {}, std::chrono::minutes(5));
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  EXPECT_NE(first.out.find("margin_distance"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("e_recall@1"), std::string::npos) << first.out;
  words = local("second");
  words.insert(words.end(), {"-o", "csv"});
  const Output second = run(words, {}, std::chrono::minutes(5));
  EXPECT_EQ(first.out, second.out) << "the same trials give the same bits";
  EXPECT_TRUE(processes_with(folder_.path()).empty()) << "nothing is left running";
}

TEST_F(LocalTest, EveryKindOfMethodEndsWithItsFigures) {
  auto words = local("kinds");
  words[2] = source("tests/e2e/kinds.yaml");
  words.insert(words.end(), {"-o", "csv"});
  const Output ended = run(words, {}, std::chrono::minutes(5));
  ASSERT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  EXPECT_NE(ended.out.find("e_recall@1/Combined_discriminative_shared_selfsimilarity_intra-0.5-1.5-1.5-1.5"),
            std::string::npos)
      << ended.out;
  EXPECT_EQ(ended.out.find("nan"), std::string::npos) << ended.out;
}

TEST_F(LocalTest, ChangedSplitsAreRefusedThenRunAgain) {
  auto words = local("state");
  words.insert(words.end(), {"--set", "epochs=1", "-o", "csv"});
  const Output first = run(words, {}, std::chrono::minutes(5));
  ASSERT_EQ(first.exit_code, 0) << first.out << first.err;
  EXPECT_EQ(run(words, {}, std::chrono::minutes(5)).out, first.out) << "nothing has changed, nothing is trained";

  // In split 1 a training class and a test class change places.
  const auto file = folder_ / "benchmarks/fashion_mnist/splits.json";
  const std::string text = read_text(file);
  const std::size_t end = text.find("\"2\":");
  ASSERT_NE(end, std::string::npos) << text;
  std::string changed;
  for (std::size_t i = 0; i < end;) {
    const bool sandal = text.compare(i, 8, "\"sandal\"") == 0, sneaker = text.compare(i, 9, "\"sneaker\"") == 0;
    changed += sandal ? "\"sneaker\"" : sneaker ? "\"sandal\"" : text.substr(i, 1);
    i += sandal ? 8 : sneaker ? 9 : 1;
  }
  write_text(file, changed + text.substr(end));

  const Output refused = run(words, {}, std::chrono::minutes(5));
  EXPECT_EQ(refused.exit_code, 6) << refused.out;
  EXPECT_NE(refused.err.find("split 1 of fashion_mnist (3 results)"), std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("split 2"), std::string::npos) << refused.err;
  words.push_back("--rerun");
  const Output again = run(words, {}, std::chrono::minutes(5));
  ASSERT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_NE(again.out, first.out);
  words.pop_back();
  EXPECT_EQ(run(words, {}, std::chrono::minutes(5)).out, again.out) << "the new results are those of the data now";
}

TEST_F(LocalTest, InterruptedSweepGoesOnWhereItStopped) {
  {
    const auto log = folder_ / "interrupted.txt";
    Process running(local("state"), {.output = log});
    // The first trial has ended: its attempt folder holds the final results.
    ASSERT_TRUE(wait_until([&] {
      return run({"/bin/sh", "-c", "ls " + (folder_ / "state").string() + "/*/runs/*/*/results.json " +
                                       (folder_ / "state").string() + "/runs/*/*/results.json"}).out.size() > 1;
    }, std::chrono::minutes(3))) << read_text(log);
    running.signal(SIGINT);
    EXPECT_EQ(running.wait(std::chrono::minutes(2)), 130) << read_text(log);
    EXPECT_TRUE(processes_with(folder_.path()).empty());
  }
  auto words = local("state");
  words.insert(words.end(), {"-o", "csv"});
  const Output resumed = run(words, {}, std::chrono::minutes(5));
  ASSERT_EQ(resumed.exit_code, 0) << resumed.out << resumed.err;
  words = local("undisturbed");
  words.insert(words.end(), {"-o", "csv"});
  EXPECT_EQ(resumed.out, run(words, {}, std::chrono::minutes(5)).out);
}

}  // namespace
}  // namespace oodml::testing
