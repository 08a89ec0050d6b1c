#include "core/train/checkpoint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::train {
namespace {

constexpr const char* kTrial = "aaaaaaaaaaaaaaaaaaaaaaaa";

Snapshot snapshot(std::int64_t epoch, std::int64_t step = 0, std::int64_t evaluated = -2) {
  Snapshot made;
  made.state.epoch = epoch;
  made.state.step = step;
  made.state.evaluated = evaluated == -2 ? epoch : evaluated;
  made.state.loss_sum = 0.1 + 0.2;
  made.state.history = {{1, "train", "embeds", "loss", 1.0 / 3.0}, {1, "test", "embeds", "nmi", std::nan("")}};
  made.network = {{"w", torch::full({2}, static_cast<double>(epoch))}};
  made.optimizer = {{"0.0.step", torch::ones({})}};
  made.extras = {{"keys.queue", torch::full({2, 3}, 0.25)}};
  return made;
}

class CheckpointTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(store().prepare().ok()); }
  CheckpointStore store(std::int64_t keep = 1) const { return {run_dir_.path(), kTrial, keep}; }
  std::string write(const Snapshot& state, std::int64_t keep = 1) {
    const auto written = store(keep).write(state);
    EXPECT_TRUE(written.has_value()) << written.error().message();
    return written->path;
  }
  std::optional<Snapshot> newest() {
    auto read = read_newest_checkpoint(run_dir_.path(), kTrial, [&](std::string text) { warnings_.push_back(text); });
    EXPECT_TRUE(read.has_value()) << read.error().message();
    return std::move(*read);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(run_dir_ / "checkpoints")) {
      found.push_back(entry.path().filename().string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  testing::TemporaryFolder run_dir_;
  std::vector<std::string> warnings_;
};

TEST_F(CheckpointTest, OneOfOtherDataIsNotGoneOnFrom) {
  const job::Identity old_data{.results_version = 1, .program = "0.1", .data = "images of birds=1;split 3 of birds=2"};
  const CheckpointStore of_old_data(run_dir_.path(), kTrial, 2, old_data);
  ASSERT_TRUE(of_old_data.prepare().ok());
  ASSERT_TRUE(of_old_data.write(snapshot(1, 0)));
  const auto found_by = [&](const job::Identity& identity) {
    warnings_.clear();
    auto read =
        read_newest_checkpoint(run_dir_.path(), kTrial, [&](std::string text) { warnings_.push_back(text); }, identity);
    EXPECT_TRUE(read) << read.error().text();
    return read && read->has_value();
  };
  EXPECT_TRUE(found_by(old_data));
  EXPECT_TRUE(found_by({})) << "nothing is known of the data now";
  job::Identity now = old_data;
  now.program = "0.2";
  EXPECT_TRUE(found_by(now)) << "another program may give the same numbers";
  now.data = "images of birds=1;split 3 of birds=7";
  EXPECT_FALSE(found_by(now));
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_NE(warnings_[0].find("split 3 of birds changed since"), std::string::npos) << warnings_[0];
  now = old_data;
  now.results_version = 2;
  EXPECT_FALSE(found_by(now));
  // A run that began afresh leaves nothing of the old one behind its own checkpoint.
  const CheckpointStore of_now(run_dir_.path(), kTrial, 1, now);
  ASSERT_TRUE(of_now.write(snapshot(1, 0)));
  EXPECT_TRUE(found_by(now));
  EXPECT_FALSE(found_by(old_data));
}

TEST_F(CheckpointTest, ReadsBackWhatWasWrittenBitForBit) {
  EXPECT_EQ(write(snapshot(3, 17)), "checkpoints/0003-000017");
  const auto read = newest();
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->state.epoch, 3);
  EXPECT_EQ(read->state.step, 17);
  EXPECT_EQ(read->state.loss_sum, 0.1 + 0.2);
  ASSERT_EQ(read->state.history.size(), 2U);
  EXPECT_EQ(read->state.history[0].value, 1.0 / 3.0);
  EXPECT_TRUE(std::isnan(read->state.history[1].value));
  EXPECT_TRUE(read->network.at("w").equal(torch::full({2}, 3.0)));
  EXPECT_EQ(read->optimizer.size(), 1U);
  EXPECT_TRUE(read->extras.at("keys.queue").equal(torch::full({2, 3}, 0.25)));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(CheckpointTest, ProgressDecidesWhichIsNewest) {
  write(snapshot(3, 0, 2), 9);  // stopped in the evaluation after epoch 3
  EXPECT_EQ(newest()->state.evaluated, 2);
  write(snapshot(3), 9);
  EXPECT_EQ(newest()->state.evaluated, 3);
  write(snapshot(3, 1), 9);
  EXPECT_EQ(newest()->state.step, 1);
  write(snapshot(12), 9);
  EXPECT_EQ(newest()->state.epoch, 12);
  EXPECT_EQ(names(), (std::vector<std::string>{"0003", "0003-000000", "0003-000001", "0012"}));
}

TEST_F(CheckpointTest, OnlyTheNewestAreKept) {
  for (std::int64_t epoch = 1; epoch <= 5; ++epoch) write(snapshot(epoch), 2);
  EXPECT_EQ(names(), (std::vector<std::string>{"0004", "0005"}));
}

TEST_F(CheckpointTest, TheFutureOfAnOlderCheckpointIsRemoved) {
  for (std::int64_t epoch = 1; epoch <= 3; ++epoch) write(snapshot(epoch), 3);
  write(snapshot(2, 5), 3);
  EXPECT_EQ(names(), (std::vector<std::string>{"0001", "0002", "0002-000005"}));
}

TEST_F(CheckpointTest, ADamagedOneIsPassedOverWithAWarning) {
  write(snapshot(1), 3);
  write(snapshot(2), 3);
  write(snapshot(3), 3);
  {
    std::fstream file(run_dir_ / "checkpoints" / "0003" / "network.safetensors", std::ios::in | std::ios::out);
    file.seekp(-1, std::ios::end);
    file.put('\x7f');
  }
  std::filesystem::remove(run_dir_ / "checkpoints" / "0002" / "manifest.json");
  EXPECT_EQ(newest()->state.epoch, 1);
  ASSERT_EQ(warnings_.size(), 2U);
  EXPECT_NE(warnings_[0].find("network.safetensors does not have its checksum"), std::string::npos) << warnings_[0];
}

TEST_F(CheckpointTest, AnUnfinishedOneIsNeverReadAndIsCleanedUp) {
  std::filesystem::create_directories(run_dir_ / "checkpoints" / ".unfinished-0009");
  EXPECT_FALSE(newest().has_value());
  EXPECT_TRUE(warnings_.empty());
  ASSERT_TRUE(store().prepare().ok());
  EXPECT_TRUE(names().empty());
}

TEST_F(CheckpointTest, AnotherTrialsIsRefused) {
  write(snapshot(1));
  const auto read = read_newest_checkpoint(run_dir_.path(), "bbbbbbbbbbbbbbbb", [](std::string) {});
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code(), StatusCode::kFailedPrecondition);
}

TEST_F(CheckpointTest, AFolderWithoutCheckpointsHasNone) {
  EXPECT_FALSE(newest().has_value());
  EXPECT_FALSE(read_newest_checkpoint("/nonexistent", kTrial, [](std::string) {})->has_value());
}

TEST_F(CheckpointTest, TheSamePlaceIsReplaced) {
  write(snapshot(1));
  EXPECT_EQ(write(snapshot(1)), "checkpoints/0001");
  EXPECT_EQ(names(), (std::vector<std::string>{"0001"}));
}

TEST(RunStateTest, WhatIsNoStateIsDataLoss) {
  for (const char* text : {"", "{}", "[1]", R"({"epoch": "x"})"}) {
    EXPECT_EQ(parse_run_state(text).error().code(), StatusCode::kDataLoss) << text;
  }
}

TEST(RunStateTest, VectorsReadBackAndTheNewestReplacesItsElder) {
  RunState state;
  replace(state.vectors, {1, "test", "embeds", "rho_spectrum@0", {0.75, 0.25}});
  replace(state.vectors, {1, "train", "embeds", "rho_spectrum@0", {1.0}});
  replace(state.vectors, {2, "test", "embeds", "rho_spectrum@0", {0.5, 0.5}});
  const auto read = parse_run_state(to_json(state));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->vectors, state.vectors);
  ASSERT_EQ(read->vectors.size(), 2U);
  EXPECT_EQ(read->vectors.back().epoch, 2);
}

}  // namespace
}  // namespace oodml::train
