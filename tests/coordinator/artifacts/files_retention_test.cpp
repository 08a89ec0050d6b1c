#include "tests/coordinator/artifacts/files_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::FileKind;
using job::Outcome;
using Paths = std::vector<std::string>;

/// Files of trials are let go of two days after their end.
class FilesRetentionTest : public FilesTest {
 protected:
  void SetUp() override {
    service.reset();
    auto opened = open_service({.database = database,
                                .retention = {.artifacts = std::chrono::days(2)},
                                .disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }},
                               clock, plan_test_sweep);
    ASSERT_TRUE(opened) << opened.error().text();
    service = *std::move(opened);
    sweep = submit({.name = "study"}).sweep;
    connect("a");
    lease = acquire("a").lease;
  }
  /// Uploads and publishes a file whose content is its path.
  void leave(const std::string& path, FileKind kind) {
    ASSERT_TRUE(put(lease, path).ok());
    ASSERT_TRUE(publish(lease, {file(path, path, kind, 1)}).ok());
  }
  void leave_all() {
    leave("checkpoints/0001-000010/network.safetensors", FileKind::kCheckpoint);
    leave("last/network.safetensors", FileKind::kLast);
    leave("log.txt", FileKind::kLog);
    leave("results.json", FileKind::kResults);
    leave("CSV_Logs/loss.csv", FileKind::kCsv);
    leave("tensorboard/events", FileKind::kTensorboard);
  }
  void pass(Duration time) {
    advance(time);
    for (int i = 0; i < 10; ++i) {
      service->tick();
      drain();
    }
  }

  SweepId sweep;
  job::Lease lease;
};

TEST_F(FilesRetentionTest, OldTrialsKeepTheirBestNetworkResultsAndLog) {
  leave_all();
  leave("best/network.safetensors", FileKind::kBest);
  pass(std::chrono::days(5));
  EXPECT_EQ(paths(lease.trial).size(), 7u) << "it still runs";
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  pass(std::chrono::hours(47));
  EXPECT_EQ(paths(lease.trial).size(), 7u) << "not yet";
  pass(std::chrono::hours(2));
  EXPECT_EQ(paths(lease.trial), (Paths{"1:best/network.safetensors", "1:log.txt", "1:results.json"}));
  EXPECT_EQ(artifacts().list({.trial = lease.trial})->files_gone, 4);
  EXPECT_EQ(artifacts().list({.sweep = {.id = sweep}})->files_gone, 4);
  const auto stats = service->upkeep().stats();
  ASSERT_TRUE(stats) << stats.error().text();
  EXPECT_EQ(stats->contents, 3);
  ASSERT_EQ(stats->retention.size(), 4u);
  EXPECT_TRUE(stats->retention[2].starts_with(
      "files: all but best networks, results and logs go 2 days after a trial's end; so far of 1 trials, by 4 files, "))
      << stats->retention[2];
}

TEST_F(FilesRetentionTest, TheLastNetworkStaysWhereThereIsNoBestOne) {
  leave_all();
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  pass(std::chrono::days(3));
  EXPECT_EQ(paths(lease.trial), (Paths{"1:last/network.safetensors", "1:log.txt", "1:results.json"}));
}

TEST_F(FilesRetentionTest, WhatComesLaterGoesInItsTurn) {
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  pass(std::chrono::days(3));
  leave("CSV_Logs/loss.csv", FileKind::kCsv);
  EXPECT_EQ(paths(lease.trial).size(), 1u) << "from a worker that was away";
  pass(std::chrono::hours(2));
  EXPECT_TRUE(paths(lease.trial).empty());
  EXPECT_EQ(artifacts().list({.trial = lease.trial})->files_gone, 1);
}

TEST_F(FilesRetentionTest, StatsCountWhatProcessesPrinted) {
  ASSERT_TRUE(uploads().append_output(lease, 0, "epoch 1\n", false));
  EXPECT_GE(service->upkeep().stats()->output_bytes, 8);
}

}  // namespace
}  // namespace oodml::coordinator::testing
