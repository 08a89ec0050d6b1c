#include "tests/support/faulty_disk/power_cut.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

/// The probe's nine calls, ended by a kill after some of them, and the power goes.
class PowerCutTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  }

  /// What the file `part/fresh` or `part/file` holds after the first `calls` calls and power cuts with many seeds.
  std::set<std::string> left_after(int calls, const std::vector<std::string>& more = {}) {
    std::set<std::string> left;
    for (int seed = 0; seed < 30; ++seed) {
      const TemporaryFolder folder;
      FaultyDisk disk(folder / "rules");
      std::filesystem::create_directories(folder / "disk");
      std::vector<std::string> rules = {"record path=/disk/", "kill path=/disk/ after=" + std::to_string(calls)};
      rules.insert(rules.begin(), more.begin(), more.end());
      disk.set(rules);
      PowerCut power(disk, folder / "disk", "/disk/");
      const auto probe =
          std::filesystem::path(program("oodml")).parent_path().parent_path() / "tests" / "faulty_disk_probe";
      run({probe, folder / "disk"}, {.environment = disk.environment()});
      power.strike(static_cast<std::uint64_t>(seed));
      std::string found = "no file";
      for (const char* name : {"fresh", "file"}) {
        const auto path = folder / "disk" / "part" / name;
        if (std::filesystem::exists(path)) found = std::string(name) + " " + read_text(path);
      }
      left.insert(found);
    }
    return left;
  }
};

TEST_F(PowerCutTest, WhatWasNotSyncedMayBeThereOrNot) {
  // mkdir, open, write, pwrite: two writes into one sector, neither synced, nor the name.
  const auto left = left_after(4);
  EXPECT_TRUE(left.contains("no file"));
  EXPECT_TRUE(left.contains("fresh "));
  EXPECT_TRUE(left.contains("fresh 0123456789"));
  EXPECT_TRUE(left.contains("fresh 0123456789abcdefghij"));
  EXPECT_TRUE(left.contains("fresh " + std::string(10, '\0') + "abcdefghij"));
}

TEST_F(PowerCutTest, WhatWasSyncedIsThereButItsNameOnlyWithItsFolder) {
  // ... ftruncate, fsync, rename: the bytes are certain, the names are not.
  const auto left = left_after(7);
  EXPECT_EQ(left, (std::set<std::string>{"no file", "fresh 0123456789abcde", "file 0123456789abcde"}));
}

TEST_F(PowerCutTest, ALyingSyncKeepsNothing) {
  const auto left = left_after(7, {"lie calls=fsync path=fresh"});
  EXPECT_TRUE(left.contains("file ") || left.contains("fresh "));
  EXPECT_TRUE(left.contains("no file"));
}

}  // namespace
}  // namespace oodml::testing
