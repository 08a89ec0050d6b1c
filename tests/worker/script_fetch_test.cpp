// Trials that come with code, through the whole of a worker.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/sha256.h"
#include "tests/worker/lease_loop_fixture.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

class ScriptFetchTest : public LeaseLoopTest {
 protected:
  ScriptFetchTest() : cache_(*ScriptCache::open(folder_ / "scripts", 1000)) { options_.slot.scripts = cache_.get(); }

  /// With the same file for both uses.
  static job::LeasedTrial with_code(std::int64_t id, const std::string& name = "losses/net.pt") {
    job::LeasedTrial trial = testing::leased_trial(id);
    for (const char* use : {"arch", "criterion"}) {
      trial.scripts.push_back({.use = use, .file = name, .sha256 = sha256_hex("code"), .bytes = 4});
    }
    return trial;
  }
  void put_on_shelf(const std::string& text) {
    coordinator_.with_files([&](testing::FileShelf& shelf) { shelf.contents[sha256_hex("code")] = text; });
  }
  fs::path run_of(const job::LeasedTrial& trial) const {
    return options_.slot.trial.runs / trial.fingerprint / "attempt-1";
  }
  std::string message(const job::LeasedTrial& trial) { return coordinator_.ended(trial.lease)->message; }

  std::unique_ptr<ScriptCache> cache_;
};

TEST_F(ScriptFetchTest, ItsProcessFindsTheFilesByTheirNamesWhileItRuns) {
  put_on_shelf("code");
  const job::LeasedTrial trial = with_code(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  const auto command = launcher_.spec(0).command;
  const auto root = std::ranges::find(command, "--scripts-root");
  ASSERT_NE(root, command.end());
  EXPECT_EQ(*(root + 1), run_of(trial) / "scripts");
  EXPECT_NE(std::ranges::find(command, "--allow-scripts"), command.end());
  EXPECT_EQ(testing::read_text(run_of(trial) / "scripts/losses/net.pt"), "code");
  launcher_.child(0)->say(job::Done{3});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), job::Outcome::kSucceeded);
  EXPECT_FALSE(fs::exists(run_of(trial) / "scripts"));
  EXPECT_TRUE(fs::exists(folder_ / "scripts" / sha256_hex("code"))) << "for the next one";
}

TEST_F(ScriptFetchTest, AWorkerThatRunsNoCodeRefusesWhatItIsGivenAllTheSame) {
  options_.slot.scripts = nullptr;
  const job::LeasedTrial trial = with_code(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), job::Outcome::kMachine);
  EXPECT_NE(message(trial).find("--allow-scripts"), std::string::npos) << message(trial);
  EXPECT_EQ(launcher_.launched(), 0u);
}

TEST_F(ScriptFetchTest, WhatIsNotWhatWasPromisedIsNotRun) {
  put_on_shelf("evil");
  const job::LeasedTrial other = with_code(1), climbing = with_code(2, "../../net.pt");
  coordinator_.queue(other);
  start();
  ASSERT_TRUE(ended(other));
  EXPECT_EQ(outcome(other), job::Outcome::kInfrastructure);
  EXPECT_NE(message(other).find("hash"), std::string::npos) << message(other);
  put_on_shelf("code");
  coordinator_.queue(climbing);
  ASSERT_TRUE(ended(climbing));
  EXPECT_EQ(outcome(climbing), job::Outcome::kBadConfiguration);
  EXPECT_EQ(launcher_.launched(), 0u);
}

TEST_F(ScriptFetchTest, ATrialThatIsCancelledMeanwhileIsNotWaitedFor) {
  coordinator_.with_files([](testing::FileShelf& shelf) { shelf.refusal = unavailable("the store is away"); });
  const job::LeasedTrial trial = with_code(1);
  coordinator_.queue(trial);
  coordinator_.direct(trial.lease, job::Directive::kCancel);
  start();
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), job::Outcome::kCancelled);
}

}  // namespace
}  // namespace oodml::worker
