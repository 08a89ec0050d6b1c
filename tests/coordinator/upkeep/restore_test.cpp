#include "coordinator/upkeep/restore.h"

#include <sys/stat.h>

#include <fstream>

#include "coordinator/store/database_copy.h"
#include "tests/coordinator/upkeep/upkeep_fixture.h"

namespace oodml::coordinator::testing {
namespace {

namespace fs = std::filesystem;

class RestoreTest : public UpkeepTest {
 protected:
  fs::path back_up() {
    const fs::path backup = folder / "backup.db";
    const Status status = store::copy_database(database, backup, [](store::CopyStep) { return true; });
    EXPECT_TRUE(status.ok()) << status.text();
    return backup;
  }
  Result<upkeep::Restored> restore(const fs::path& backup) {
    return upkeep::restore_database(backup, database, clock.now());
  }
  void damage(const fs::path& file) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4 * 4096);
    bytes << std::string(4 * 4096, 'x');
  }
};

TEST_F(RestoreTest, TheOldDatabaseStaysAsideAndOpens) {
  submit({.name = "kept"});
  const fs::path backup = back_up();
  submit({.name = "later", .seeds = {1}});
  service.reset();
  const auto restored = restore(backup);
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_EQ(restored->verified.sweeps, 1);
  open();
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u);
  submit({.name = "goes on"});
  const auto aside = open_service({.database = restored->aside, .read_only = true}, clock, plan_test_sweep);
  ASSERT_TRUE(aside) << aside.error().text();
  EXPECT_EQ((*aside)->sweeps().list({})->sweeps.size(), 2u);
  struct stat info{};
  ASSERT_EQ(::stat(database.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(RestoreTest, ADatabaseThatIsOwnedIsLeftAlone) {
  submit({});
  const fs::path backup = back_up();
  const auto refused = restore(backup);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.error().message().find("in use by another coordinator"), std::string::npos);
}

TEST_F(RestoreTest, ADamagedBackupIsRefusedAndTheDatabaseStays) {
  submit({.seeds = {0, 1, 2, 3}});
  const fs::path backup = back_up();
  service.reset();
  damage(backup);
  const auto refused = restore(backup);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kDataLoss) << refused.error().text();
  open();
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u);
  EXPECT_FALSE(fs::exists(database.string() + ".restored"));
}

TEST_F(RestoreTest, ADamagedDatabaseIsReplacedAndKept) {
  submit({});
  const fs::path backup = back_up();
  service.reset();
  std::ofstream(database, std::ios::trunc) << std::string(8192, 'x');
  std::ofstream(database.string() + "-wal") << "what was in its log";
  const auto restored = restore(backup);
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_TRUE(fs::exists(restored->aside));
  EXPECT_FALSE(fs::exists(database.string() + "-wal")) << "it is not the new one's";
  open();
  EXPECT_EQ(sweeps().list({})->sweeps.size(), 1u);
}

TEST_F(RestoreTest, WhatIsNoBackupIsSaidSo) {
  service.reset();
  EXPECT_EQ(restore(folder / "none").error().code(), StatusCode::kNotFound);
  std::ofstream(folder / "text") << std::string(8192, 'x');
  EXPECT_EQ(restore(folder / "text").error().code(), StatusCode::kDataLoss);
  std::ofstream(folder / "empty");
  EXPECT_EQ(restore(folder / "empty").error().code(), StatusCode::kFailedPrecondition);
}

TEST_F(RestoreTest, RowsThatDoNotAgreeAreFound) {
  submit({.seeds = {0, 1}});
  run_all();
  const fs::path backup = back_up();
  {
    store::Connection editor(backup, store::Access::kWrite);
    editor.script(
        "PRAGMA foreign_keys = OFF; DELETE FROM trial_specs WHERE trial_id = 1; DELETE FROM attempts;"
        "DELETE FROM sweeps;");
  }
  const auto found = store::verify_database(backup);
  ASSERT_TRUE(found) << found.error().text();
  std::string all;
  for (const std::string& problem : found->problems) all += problem + "\n";
  EXPECT_NE(all.find("1 trials have no settings"), std::string::npos) << all;
  EXPECT_NE(all.find("2 trials miss their newest attempt"), std::string::npos) << all;
  EXPECT_NE(all.find("rows of sweep_trials name rows of sweeps that are not there"), std::string::npos) << all;
}

}  // namespace
}  // namespace oodml::coordinator::testing
