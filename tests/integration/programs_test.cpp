// Programs of people's own as trials, with the real services: tests/support/programs/reference.py beside scripted
// trials of the core, killed, drained to another machine, edited, and asked for what they do not take.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;

/// A row of the core and one of the program, whose recall halves with each epoch.
std::string mixed(const std::string& params) {
  return R"(version: 1
name: faults
trial:
  benchmark: fashion_mnist
  arch: small_conv_normalize
  embed_dim: 16
  crop_size: 28
  resize: 28
  batch_size: 8
  epochs: 3
  evaluate: {sets: [test], metrics: [e_recall@1]}
matrix:
  criterion:
    - multisimilarity
    - theirs: {program: reference, params: {)" +
         params + R"(}}
  seed: {count: 1}
)";
}

class ProgramsTest : public ::testing::Test {
 protected:
  ProgramsTest() : cluster_(folder_.path(), "{}") {
    fs::copy_file(source("tests/support/programs/reference.py"), script_);
    fs::permissions(script_, fs::perms::owner_all);
  }
  WorkerExtras with_program() const { return {.options = {"--program", "reference=" + script_.string()}}; }
  bool prints(const std::string& worker, const std::string& text) const {
    std::error_code error;
    for (const auto& file : fs::recursive_directory_iterator(cluster_.state(worker) / "runs", error)) {
      if (file.path().filename() == "log.txt" && read_text(file.path()).find(text) != std::string::npos) return true;
    }
    return false;
  }
  /// The line of the program's row: its recall after three epochs.
  void expect_figures(const std::string& table) const {
    EXPECT_NE(table.find("theirs,0,"), std::string::npos) << table;
    EXPECT_NE(table.find("0.125"), std::string::npos) << table;
    EXPECT_NE(table.find("multisimilarity,0,"), std::string::npos) << table;
  }

  TemporaryFolder folder_;
  const fs::path script_ = folder_ / "reference.py";
  Cluster cluster_;
};

TEST_F(ProgramsTest, ARowOfAProgramStandsInTheTableOfTheCoreAlthoughItWasKilled) {
  cluster_.start_with(mixed("do: crash"), 2, with_program());
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"backoff"}) == 1; })) << cluster_.worker_log("first");
  cluster_.skip_backoff();
  ASSERT_TRUE(cluster_.all_succeed());
  expect_figures(cluster_.table());
  const Output shown = cluster_.oodml({"show", "trial", "2"});
  EXPECT_NE(shown.out.find("reference"), std::string::npos) << shown.out;
  cluster_.stop();
  EXPECT_EQ(outcomes(cluster_.database()).at(2), (Ends{"crashed", "succeeded"}));
}

TEST_F(ProgramsTest, ADrainedOneGoesOnElsewhereFromWhatWasUploaded) {
  cluster_.start_with(mixed("do: wait"), 2, with_program());
  ASSERT_TRUE(wait_until([&] { return prints("first", "waiting"); })) << cluster_.worker_log("first");
  cluster_.worker("first").signal(SIGTERM);
  EXPECT_EQ(cluster_.worker("first").wait(), 0) << cluster_.worker_log("first");
  fs::remove_all(cluster_.state("first"));
  cluster_.start_worker("second", 2, with_program());
  ASSERT_TRUE(cluster_.all_succeed());
  expect_figures(cluster_.table());
  EXPECT_FALSE(prints("second", "waiting")) << "the second epoch was done on the first worker";
}

TEST_F(ProgramsTest, AnEditedProgramIsSeenAsChangedDataAre) {
  cluster_.start_with(mixed("do: train"), 2, with_program());
  ASSERT_TRUE(cluster_.all_succeed());
  write_text(script_, read_text(script_) + "# another version\n");
  write_text(folder_ / "again.yaml", mixed("do: train"));
  Output again;
  ASSERT_TRUE(wait_until([&] {
    again = cluster_.oodml({"submit", folder_ / "again.yaml"});
    return again.exit_code != 0;
  })) << again.out;
  EXPECT_NE(again.err.find("program reference (1 result)"), std::string::npos) << again.err;
}

TEST_F(ProgramsTest, WhatTheProgramDoesNotTakeIsRefusedAndOneThatNobodyHasIsWaitedFor) {
  write_text(script_.string() + ".keys", "lr: number\ndo: text\n");
  cluster_.start_coordinator();
  cluster_.submit(mixed("do: train"));
  cluster_.start_worker("plain", 2);
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"succeeded"}) == 1; }));
  ASSERT_TRUE(wait_until([&] {
    return cluster_.oodml({"show", "faults"}).out.find("no program reference (has none)") != std::string::npos;
  })) << cluster_.oodml({"show", "faults"}).out;
  cluster_.start_worker("first", 1, with_program());
  ASSERT_TRUE(cluster_.all_succeed());
  write_text(folder_ / "bad.yaml", mixed("depth: 3"));
  const Output refused = cluster_.oodml({"submit", folder_ / "bad.yaml"});
  EXPECT_EQ(refused.exit_code, 2) << refused.err;
  EXPECT_NE(refused.err.find("program reference has no parameter 'depth'. It takes: do (text), lr (number)"),
            std::string::npos)
      << refused.err;
}

}  // namespace
}  // namespace oodml::testing
