// Results that know their data: what lies on a worker's disk changes after trials have run on it. The core is
// scripted_trial, whose figures depend on the split's entry and the images as a network's do.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/splits/split_file.h"
#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using nlohmann::json;

class ChangedDataTest : public ::testing::Test {
 protected:
  ChangedDataTest() : cluster_(folder_.path(), "{}") {
    for (int i = 0; i < 480; ++i) {
      const auto folder = birds() / ("class" + std::to_string(i / 40));
      std::filesystem::create_directories(folder);
      write_text(folder / (std::to_string(i) + ".jpg"), "pixels");
    }
    write_splits(0);
  }

  std::filesystem::path birds() const { return folder_.path() / "benchmarks" / "birds"; }

  /// Ids 1, 2 and 3; `shift` makes other splits of the same ids.
  void write_splits(int shift) {
    splits::SplitFile file{.benchmark = "birds", .splits = {}};
    for (int id = 1; id <= 3; ++id) {
      file.splits.push_back({.id = std::to_string(id),
                             .train = {"class" + std::to_string((id + shift) % 12)},
                             .test = {"class11"},
                             .fid = 10.0 * id + shift});
    }
    write_text(birds() / "splits.json", splits::to_json(file));
  }

  std::string sweep(int seeds, const std::string& more = "") {
    write_text(folder_ / "sweep.yaml",
               "version: 1\nname: faults\n"
               "trial: {layout: image_folder, arch: small_conv_normalize, embed_dim: 16, crop_size: 28, resize: 28,\n"
               "        batch_size: 8, epochs: 2, evaluate: {sets: [test], metrics: [e_recall@1]}" +
                   more +
                   "}\n"
                   "matrix: {benchmark: [birds], split: [1, 2, 3], criterion: [multisimilarity], seed: {count: " +
                   std::to_string(seeds) + "}}\n");
    return folder_ / "sweep.yaml";
  }

  /// The hashes that the worker has announced, of birds.
  json announced() {
    const json workers = json::parse(cluster_.oodml({"workers", "-o", "json"}).out, nullptr, false);
    return workers.is_object() && !workers.at("workers").empty() ? workers.at("workers").at(0).at("data")
                                                                 : json::object();
  }
  void await_change_of(const json& before) {
    ASSERT_TRUE(wait_until([&] { return announced().size() == before.size() && announced() != before; }));
  }
  /// Runs the sweep of so many seeds to its end; returns what is announced.
  json run_first(int seeds) {
    cluster_.start_coordinator();
    cluster_.start_worker("first", 3);
    EXPECT_TRUE(wait_until([&] { return announced().size() >= 4; })) << cluster_.worker_log("first");
    EXPECT_EQ(cluster_.oodml({"submit", sweep(seeds)}).exit_code, 0);
    EXPECT_TRUE(cluster_.all_succeed());
    return announced();
  }
  std::string table(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"results", "faults", "--by", "split,seed", "-o", "csv"};
    words.insert(words.end(), more.begin(), more.end());
    return cluster_.oodml(words).out;
  }

  TemporaryFolder folder_;
  Cluster cluster_;
};

TEST_F(ChangedDataTest, OtherSplitsUnderTheSameIdsAreRefusedThenRunAgainOrNamed) {
  const json before = run_first(1);
  const std::string old_table = table();
  write_splits(5);
  await_change_of(before);

  const Output refused = cluster_.oodml({"submit", sweep(1)});
  EXPECT_EQ(refused.exit_code, 6) << refused.out;
  EXPECT_NE(refused.err.find("split 2 of birds (1 result)"), std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("images of birds"), std::string::npos) << "the images are the same: " << refused.err;
  const Output planned = cluster_.oodml({"plan", sweep(1)});
  EXPECT_NE(planned.out.find("A submission would be refused: 3 results"), std::string::npos) << planned.out;

  // One more seed would average two FIDs as one: refused, and named where it is asked for.
  EXPECT_EQ(cluster_.oodml({"submit", sweep(2)}).exit_code, 6);
  const Output reused = cluster_.oodml({"submit", sweep(2), "--reuse"});
  ASSERT_EQ(reused.exit_code, 0) << reused.err;
  EXPECT_NE(reused.out.find("Note: 3 shared results of other data than there is now"), std::string::npos) << reused.out;
  ASSERT_TRUE(cluster_.all_succeed());
  const Output mixed = cluster_.oodml({"results", "faults", "--by", "split"});
  EXPECT_NE(mixed.out.find("Note: split=1 mixes 2 versions of split 1 of birds"), std::string::npos) << mixed.out;
  const Output score = cluster_.oodml({"results", "faults", "--by", "criterion"});
  EXPECT_NE(score.out.find("mixes 2 versions of split 3 of birds"), std::string::npos) << score.out;

  // One split again, then all: new figures, the old ones in the trials' history, and nothing is mixed any more.
  const Output some =
      cluster_.oodml({"submit", sweep(2), "--rerun", "--filter", "split=1", "--filter", "seed=0", "--reuse"});
  ASSERT_EQ(some.exit_code, 0) << some.err;
  EXPECT_NE(some.out.find("1 run again"), std::string::npos) << some.out;
  ASSERT_TRUE(cluster_.all_succeed());
  const Output all = cluster_.oodml({"submit", sweep(1), "--rerun"});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  ASSERT_TRUE(cluster_.all_succeed());
  EXPECT_NE(table(), old_table);
  EXPECT_EQ(cluster_.oodml({"results", "faults", "--by", "criterion"}).out.find("mixes"), std::string::npos);
  const Output shown = cluster_.oodml({"show", "trial", "2"});
  EXPECT_NE(shown.out.find("Earlier result, of attempt 1"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("split 2 of birds"), std::string::npos) << shown.out;
  cluster_.stop();
  for (const auto& [trial, ends] : outcomes(cluster_.database())) {
    for (const std::string& end : ends) EXPECT_EQ(end, "succeeded") << "trial " << trial;
  }
}

TEST_F(ChangedDataTest, DeletedImagesAreRefused) {
  const json before = run_first(1);
  for (int i = 0; i < 120; ++i) {
    std::filesystem::remove(birds() / ("class" + std::to_string(i / 40)) / (std::to_string(i) + ".jpg"));
  }
  await_change_of(before);
  const Output refused = cluster_.oodml({"submit", sweep(1)});
  EXPECT_EQ(refused.exit_code, 6) << refused.out;
  EXPECT_NE(refused.err.find("images of birds (3 results)"), std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("split 1"), std::string::npos) << refused.err;
  EXPECT_EQ(cluster_.oodml({"submit", sweep(1, ", lr: 1.0e-4")}).exit_code, 0) << "other trials are new";
  ASSERT_TRUE(cluster_.all_succeed());
  cluster_.stop();
}

TEST_F(ChangedDataTest, ATrialThatWasUnderWayWhenItsDataChangedBeginsAfresh) {
  write_text(folder_ / "benchmarks/script.json", R"({"common": {"step_millis": 300}})");
  cluster_.start_coordinator();
  cluster_.start_worker("first", 3);
  ASSERT_EQ(cluster_.oodml({"submit", sweep(1)}).exit_code, 0);
  ASSERT_TRUE(wait_until([&] {
    const auto shown = cluster_.trials();
    return std::ranges::all_of(shown, &ShownTrial::has_recall);
  }));
  ASSERT_EQ(cluster_.oodml({"pause", "faults"}).exit_code, 0);
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"paused"}) == 3; }));
  write_splits(5);
  write_text(folder_ / "benchmarks/script.json", "{}");
  ASSERT_EQ(cluster_.oodml({"resume", "faults"}).exit_code, 0);
  ASSERT_TRUE(cluster_.all_succeed());
  const std::string resumed = table();
  cluster_.stop();
  for (const auto& [trial, ends] : outcomes(cluster_.database())) {
    EXPECT_EQ(ends, (std::vector<std::string>{"preempted", "succeeded"})) << "trial " << trial;
  }
  // As a run of the new splits that nothing happened to.
  TemporaryFolder other;
  std::filesystem::copy(folder_ / "benchmarks", other / "benchmarks", std::filesystem::copy_options::recursive);
  Cluster calm(other.path(), "{}");
  calm.start_coordinator();
  calm.start_worker("calm", 3);
  ASSERT_EQ(calm.oodml({"submit", sweep(1)}).exit_code, 0);
  ASSERT_TRUE(calm.all_succeed());
  EXPECT_EQ(calm.oodml({"results", "faults", "--by", "split,seed", "-o", "csv"}).out, resumed);
  calm.stop();
}

class PauseTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(PauseTest, PausedTrialsGoOnFromTheirCheckpointWithTheSameFigures) {
  Cluster cluster(folder_.path(), R"({"common": {"step_millis": 500}})");
  cluster.start_with(faults_sweep(3), 2);
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[0].has_recall && cluster.trials()[1].has_recall; }));
  const Output paused = cluster.oodml({"pause", "faults"});
  EXPECT_EQ(paused.exit_code, 0) << paused.err;
  ASSERT_TRUE(wait_until([&] { return cluster.count({"paused"}) == 3; })) << "running ones stop";
  EXPECT_EQ(cluster.oodml({"resume", "faults"}).exit_code, 0);
  ASSERT_TRUE(cluster.all_succeed());
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(3)));
  cluster.stop();
  const auto ends = outcomes(cluster.database());
  EXPECT_EQ(ends.at(1), (std::vector<std::string>{"preempted", "succeeded"}));
  EXPECT_EQ(ends.at(3), std::vector<std::string>{"succeeded"}) << "it waited when it was paused";
}

TEST_F(PauseTest, AfterRunningLetsThemFinish) {
  Cluster cluster(folder_.path(), R"({"common": {"step_millis": 200}})");
  cluster.start_with(faults_sweep(3), 2);
  ASSERT_TRUE(wait_until([&] { return cluster.count({"running"}) == 2; }));
  const Output paused = cluster.oodml({"pause", "faults", "--after-running"});
  EXPECT_NE(paused.out.find("Paused 1 trial of"), std::string::npos) << paused.out << paused.err;
  ASSERT_TRUE(wait_until([&] { return cluster.count({"succeeded"}) == 2; }));
  EXPECT_EQ(cluster.count({"paused"}), 1);
  EXPECT_EQ(cluster.oodml({"resume", "faults"}).exit_code, 0);
  ASSERT_TRUE(cluster.all_succeed());
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(3)));
  cluster.stop();
  for (const auto& [trial, ends] : outcomes(cluster.database())) EXPECT_EQ(ends.size(), 1u) << "trial " << trial;
}

}  // namespace
}  // namespace oodml::testing
