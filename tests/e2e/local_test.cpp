#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

class LocalTest : public ::testing::Test {
 protected:
  void SetUp() override { make_fashion_mnist(folder_ / "benchmarks"); }

  std::vector<std::string> local(const std::string& state) { return local_command(folder_.path(), state); }

  TemporaryFolder folder_;
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

TEST_F(LocalTest, APlanTriesOneShortTrialOfEachRowAndLeavesNothingBehind) {
  const auto smoke = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {program("oodml"),      "plan", local("none")[2], "--smoke", "--benchmarks-root",
                                      folder_ / "benchmarks"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, {}, std::chrono::minutes(5));
  };
  const Output good = smoke({});
  ASSERT_EQ(good.exit_code, 0) << good.out << good.err;
  EXPECT_NE(good.out.find("ok      benchmark=fashion_mnist split=1 criterion=margin_distance ("), std::string::npos)
      << good.out;
  EXPECT_NE(good.out.find("ok      benchmark=fashion_mnist split=2 criterion=untrained ("), std::string::npos);
  EXPECT_NE(good.err.find("Cost of it: "), std::string::npos) << good.err;
  // Images that are there and damaged: what each trial would have ended with is said at once.
  for (const char* part : {"train-images-idx3", "t10k-images-idx3"}) {
    const auto file = folder_ / "benchmarks" / "fashion_mnist" / (std::string(part) + "-ubyte.gz");
    std::filesystem::remove(file);  // a link to the package's own
    std::ofstream(file) << "no images";
  }
  const Output bad = smoke({});
  EXPECT_EQ(bad.exit_code, 1) << bad.out << bad.err;
  EXPECT_NE(bad.out.find("failed  benchmark=fashion_mnist split=1 criterion=multisimilarity ("), std::string::npos)
      << bad.out;
  EXPECT_NE(bad.err.find("What they printed lies in "), std::string::npos) << bad.err;
}

TEST_F(LocalTest, AnInterruptAtAnyMomentOfTheStartStopsIt) {
  // Each later than the one before: while the sweep is read, services come up, it is submitted, trials run.
  for (int i = 0; i < 8; ++i) {
    const std::string state = "state-" + std::to_string(i);
    const auto log = folder_ / (state + ".txt");
    Process running(local(state), {.output = log});
    if (i > 2) {
      ASSERT_TRUE(wait_until([&] { return std::filesystem::exists(folder_ / state); }));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20 * i));
    running.signal(SIGINT);
    const int code = running.wait(std::chrono::minutes(1));
    EXPECT_TRUE(code == 130 || (i <= 2 && code == 128 + SIGINT)) << code << "\n" << read_text(log);
  }
  EXPECT_TRUE(processes_with(folder_.path()).empty()) << "nothing is left running";
}

TEST_F(LocalTest, ItsStateFolderIsReadWhileItRunsAfterAKillAndAfterItsEnd) {
  const auto read = [&](std::vector<std::string> words) {
    words.insert(words.begin(), program("oodml"));
    words.insert(words.end(), {"--state", folder_ / "state"});
    return run(words, {}, std::chrono::minutes(1));
  };
  EXPECT_EQ(read({"list"}).exit_code, 5) << "nothing was begun";
  {
    const auto log = folder_ / "killed.txt";
    Process running(local("state"), {.output = log});
    ASSERT_TRUE(wait_until([&] { return read({"show", "1"}).exit_code == 0; }, std::chrono::minutes(3)))
        << read_text(log);
    // A question meanwhile ends well, and says nothing of a folder where nothing runs.
    const Output live = read({"show", "1"});
    EXPECT_EQ(live.exit_code, 0) << live.err;
    running.signal(SIGKILL);
    running.wait(std::chrono::minutes(1));
  }
  const Output killed = read({"results", "1"});
  EXPECT_EQ(killed.exit_code, 0) << killed.err;
  EXPECT_NE(killed.out.find("Sweep 1 tiny"), std::string::npos) << killed.out;

  auto words = local("state");
  words.insert(words.end(), {"--metric", "nmi", "--by", "criterion", "-o", "csv"});
  const Output ended = run(words, {}, std::chrono::minutes(5));
  ASSERT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  EXPECT_EQ(read({"results", "tiny", "--metric", "nmi", "--by", "criterion", "-o", "csv"}).out, ended.out);
  EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 4) << "a head and a row a criterion: " << ended.out;
  const Output shown = read({"show", "trial", "1"});
  EXPECT_NE(shown.out.find("e_recall@1"), std::string::npos) << shown.out << shown.err;
  EXPECT_NE(shown.err.find("no oodml local is running there"), std::string::npos) << shown.err;
  EXPECT_EQ(read({"watch", "1", "--wait"}).exit_code, 0);
  EXPECT_NE(read({"logs", "1"}).out.find("done after"), std::string::npos);
  const Output figures = read({"logs", "--sweep", "1", "-o", "csv"});
  EXPECT_TRUE(figures.out.starts_with("trial,benchmark,split,criterion,seed,attempt,epoch,set,metric,value,time\n"))
      << figures.out;
  EXPECT_NE(figures.out.find(",2,test,e_recall@1,0."), std::string::npos) << figures.out;
  EXPECT_NE(read({"results", "tyni"}).err.find("did you mean 'tiny'?"), std::string::npos);
  EXPECT_TRUE(processes_with(folder_.path()).empty()) << "readers end with their command";
}

TEST_F(LocalTest, SplitAllOfAnOwnBenchmarkRunsWhatItsSplitFileHas) {
  std::filesystem::copy(folder_ / "benchmarks/fashion_mnist", folder_ / "benchmarks/clothes",
                        std::filesystem::copy_options::recursive);
  std::string text = read_text(folder_ / "benchmarks/clothes/splits.json");
  text.replace(text.find("fashion_mnist"), std::string("fashion_mnist").size(), "clothes");
  write_text(folder_ / "benchmarks/clothes/splits.json", text);
  write_text(
      folder_ / "all.yaml",
      "version: 1\nname: all\ntrial: {layout: idx, arch: small_conv_normalize, crop_size: 28, resize: 28, batch_size: 32, "
      "epochs: 1,\n  images_per_class: 20, criterion: multisimilarity, evaluate: {sets: [test], metrics: [e_recall@1]}}\n"
      "matrix: {benchmark: [clothes], split: all}\n");
  auto words = local("all");
  words[2] = folder_ / "all.yaml";
  words.insert(words.end(), {"-o", "csv"});
  const Output ended = run(words, {}, std::chrono::minutes(5));
  ASSERT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  for (const char* row : {"clothes,1,test", "clothes,2,test", "clothes,3,test", "clothes,4,test"}) {
    EXPECT_NE(ended.out.find(row), std::string::npos) << row << "\n" << ended.out;
  }
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
    ASSERT_TRUE(wait_until(
        [&] {
          return run({"/bin/sh", "-c",
                      "ls " + (folder_ / "state").string() + "/*/runs/*/*/results.json " +
                          (folder_ / "state").string() + "/runs/*/*/results.json"})
                     .out.size() > 1;
        },
        std::chrono::minutes(3)))
        << read_text(log);
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
