#include "coordinator/store/common_settings.h"

#include <gtest/gtest.h>

#include "coordinator/store/schema.h"
#include "coordinator/store/trial_table.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::store {
namespace {

job::TrialSpec spec(std::int64_t seed, const std::string& criterion = "margin") {
  return {.values = {{"benchmark", std::string("cub200")},
                     {"criterion", criterion},
                     {"lr", 1e-5},
                     {"seed", seed},
                     {"split", std::string("default")}}};
}

class CommonSettingsTest : public ::testing::Test {
 protected:
  CommonSettingsTest() { EXPECT_TRUE(migrate(database, migrations()).ok()); }

  std::vector<TrialId> insert(const std::vector<job::TrialSpec>& specs) {
    job::SweepPlan plan{.name = "study"};
    for (const job::TrialSpec& one : specs) plan.trials.push_back({.spec = one});
    const auto common = store_common(database, common_text_of(plan));
    std::vector<TrialId> trials;
    for (const job::TrialSpec& one : specs)
      trials.push_back(
          insert_trial(database, one, "fingerprint " + std::to_string(++fingerprints_), from_millis(0), common));
    return trials;
  }
  std::string own(TrialId trial) {
    Rows rows = database.query("SELECT settings FROM trial_specs WHERE trial_id = ?", trial);
    return rows.next() ? rows.text(0) : "none";
  }
  std::int64_t shared_rows() {
    Rows rows = database.query("SELECT count(*) FROM common_settings");
    return rows.next() ? rows.integer(0) : -1;
  }

  oodml::testing::TemporaryFolder folder;
  Connection database{folder / "jobs.db", Access::kWrite};

 private:
  int fingerprints_ = 0;
};

TEST_F(CommonSettingsTest, ATrialStoresWhatItAloneSays) {
  const auto trials = insert({spec(0), spec(1), spec(2, "triplet")});
  EXPECT_EQ(own(trials[1]), "criterion \"margin\"\nseed 1\n");
  EXPECT_EQ(own(trials[2]), "criterion \"triplet\"\nseed 2\n");
  EXPECT_EQ(read_spec(database, trials[1]), spec(1));
  EXPECT_EQ(read_spec(database, trials[2]), spec(2, "triplet"));
}

TEST_F(CommonSettingsTest, ASingleTrialAndOnesThatHaveNothingInCommonStandAlone) {
  const auto single = insert({spec(0)});
  EXPECT_EQ(read_spec(database, single[0]), spec(0));
  const auto strangers = insert({{.values = {{"benchmark", std::string("a")}, {"split", std::string("b")}}}, spec(1)});
  EXPECT_EQ(read_spec(database, strangers[1]), spec(1));
}

TEST_F(CommonSettingsTest, EqualSweepsShareOneRow) {
  insert({spec(0), spec(1)});
  insert({spec(2), spec(3)});
  EXPECT_EQ(shared_rows(), 1);
}

TEST_F(CommonSettingsTest, OtherSettingsOfATrialCountAndMayLackSome) {
  const auto trials = insert({spec(0), spec(1)});
  job::TrialSpec changed = spec(1);
  changed.values.set("lr", 0.5);
  changed.values.set("gpu_memory_mib", std::int64_t{4096});
  replace_spec(database, trials[1], changed);
  EXPECT_EQ(read_spec(database, trials[1]), changed);
  EXPECT_EQ(own(trials[1]), "gpu_memory_mib 4096\nlr 0.5\nseed 1\n");
  changed.values.erase("lr");
  replace_spec(database, trials[1], changed);
  EXPECT_EQ(read_spec(database, trials[1]), changed);
  EXPECT_EQ(read_spec(database, trials[0]), spec(0)) << "nobody else's";
}

TEST_F(CommonSettingsTest, ARowThatNobodyNeedsGoes) {
  const auto trials = insert({spec(0), spec(1)});
  forget_unused(database, 1);
  EXPECT_EQ(shared_rows(), 1);
  database.execute("DELETE FROM trial_specs");
  forget_unused(database, 1);
  EXPECT_EQ(shared_rows(), 0);
}

TEST_F(CommonSettingsTest, SweepsOfEarlierVersionsAreStoredAnew) {
  const auto trials = insert({spec(0), spec(1)});
  for (const TrialId trial : trials) {
    const job::TrialSpec whole = read_spec(database, trial);
    database.execute("UPDATE trial_specs SET common = NULL WHERE trial_id = ?", trial);
    replace_spec(database, trial, whole);
    EXPECT_GT(own(trial).size(), 50u);
  }
  database.script(
      "INSERT INTO sweeps (id, name, source, axes, replicate_axis, metrics, priority, created) VALUES "
      "(1, 's', '', '[]', 'seed', '[]', 0, 0);"
      "INSERT INTO sweep_trials (sweep_id, position, trial_id, wish, labels) VALUES (1, 0, 1, 2, '{}'), (1, 1, 2, 2, '{}');");
  share_settings(database);
  EXPECT_EQ(own(trials[0]), "seed 0\n");
  EXPECT_EQ(read_spec(database, trials[0]), spec(0));
  EXPECT_EQ(read_spec(database, trials[1]), spec(1));
}

}  // namespace
}  // namespace oodml::coordinator::store
