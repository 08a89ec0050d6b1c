#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "coordinator/store/verification.h"
#include "core/base/sha256.h"
#include "tests/coordinator/upkeep/upkeep_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class SnapshotsTest : public UpkeepTest {
 protected:
  /// A copy that is whole, by its id.
  std::string ready() {
    auto piece = upkeep().read_snapshot("", 0);
    EXPECT_TRUE(piece) << piece.error().text();
    if (!piece) return "";
    const std::string id = piece->id;
    while (piece && piece->bytes == 0) piece = upkeep().read_snapshot(id, 0);
    EXPECT_TRUE(piece) << piece.error().text();
    return id;
  }
  /// All of it, into a file.
  std::filesystem::path read_all(const std::string& name) {
    const std::string id = ready();
    std::string bytes, sha256;
    for (;;) {
      const auto piece = upkeep().read_snapshot(id, std::ssize(bytes));
      if (!piece) {
        ADD_FAILURE() << piece.error().text();
        break;
      }
      if (piece->data.empty()) break;
      bytes += piece->data;
      sha256 = piece->sha256;
    }
    EXPECT_EQ(sha256, sha256_hex(bytes));
    std::ofstream(folder / name, std::ios::binary) << bytes;
    return folder / name;
  }
  std::vector<std::string> files_beside() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const std::string name = entry.path().filename().string();
      if (name.find("snapshot") != std::string::npos) names.push_back(name);
    }
    return names;
  }
};

TEST_F(SnapshotsTest, ACopyIsAWholeDatabaseAndOpens) {
  submit({.seeds = {0, 1, 2}});
  run_all();
  const std::filesystem::path copy = read_all("copy.db");
  const auto found = store::verify_database(copy);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_TRUE(found->problems.empty()) << found->problems.front();
  EXPECT_EQ(found->trials, 3);
  EXPECT_EQ(found->results, 9);
  EXPECT_FALSE(std::filesystem::exists(copy.string() + "-wal")) << "it is read without a log";
  const auto shown = open_service({.database = copy, .read_only = true}, clock, plan_test_sweep);
  ASSERT_TRUE(shown) << shown.error().text();
  EXPECT_EQ((*shown)->sweeps().results({.sweep = {.name = "study"}})->n, 3);
}

TEST_F(SnapshotsTest, ACopyMadeWhileOthersWriteIsOfOneMoment) {
  submit({.seeds = {0}});
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1; !stop; ++i) {
      Answer<SubmitView> answer;
      sweeps().submit(TestSweep{.name = "s" + std::to_string(i), .seeds = {2 * i, 2 * i + 1}}.text(), "", {},
                      answer.reply());
      EXPECT_TRUE(answer.get());
    }
  });
  for (int i = 0; i < 3; ++i) {
    const auto found = store::verify_database(read_all("copy.db"));
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_TRUE(found->problems.empty()) << found->problems.front();
    EXPECT_EQ(found->trials, 2 * found->sweeps - 1) << "a submission is in it as a whole or not at all";
  }
  stop = true;
  writer.join();
}

TEST_F(SnapshotsTest, NothingOfACopyStaysOnceItWasReadOrNobodyAsksForIt) {
  submit({});
  read_all("copy.db");
  EXPECT_TRUE(files_beside().empty());
  const std::string id = ready();
  EXPECT_TRUE(files_beside().empty()) << "it has no name any more";
  advance(59s);
  EXPECT_TRUE(upkeep().read_snapshot(id, 0));
  advance(59s);
  EXPECT_TRUE(upkeep().read_snapshot(id, 0)) << "asking keeps it";
  advance(61s);
  EXPECT_EQ(upkeep().read_snapshot(id, 0).error().code(), StatusCode::kNotFound);
}

TEST_F(SnapshotsTest, AThirdAtOnceIsRefused) {
  submit({});
  const std::string first = ready();
  const std::string second = ready();
  EXPECT_EQ(upkeep().read_snapshot("", 0).error().code(), StatusCode::kResourceExhausted);
  const std::int64_t end = upkeep().read_snapshot(first, 0)->bytes;
  EXPECT_FALSE(upkeep().read_snapshot(first, end + 1)) << "behind its end";
  EXPECT_TRUE(upkeep().read_snapshot(first, end)->data.empty());
  EXPECT_EQ(upkeep().read_snapshot(first, 0).error().code(), StatusCode::kNotFound) << "its end was read";
  EXPECT_TRUE(upkeep().read_snapshot("", 0));
}

TEST_F(SnapshotsTest, WhatAKilledProcessLeftIsRemovedByTheNext) {
  service.reset();
  std::ofstream(database.string() + ".snapshot-0123456789abcdef0123456789abcdef") << "half";
  open();
  EXPECT_TRUE(files_beside().empty());
}

TEST_F(SnapshotsTest, AServiceThatOnlyShowsADatabaseMakesNoCopy) {
  submit({});
  const auto shown = open_service({.database = database, .read_only = true}, clock, plan_test_sweep);
  ASSERT_TRUE(shown);
  EXPECT_EQ((*shown)->upkeep().read_snapshot("", 0).error().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ((*shown)->upkeep().stats()->trials, 1);
}

}  // namespace
}  // namespace oodml::coordinator::testing
