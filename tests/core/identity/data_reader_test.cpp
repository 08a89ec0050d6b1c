#include "core/identity/data_reader.h"

#include <gtest/gtest.h>

#include "core/identity/weights_file.h"
#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::identity {
namespace {

using testing::write_text;

class DataReaderTest : public ::testing::Test {
 protected:
  DataReaderTest() {
    std::filesystem::create_directories(folder_ / "birds/a");
    std::filesystem::create_directories(folder_ / "cars/b");
    std::filesystem::create_directories(folder_ / "weights");
    write_text(folder_ / "birds/a/1.jpg", "x");
    write_text(folder_ / "cars/b/1.jpg", "xy");
    write_splits("splits.json", {split("1", {"a"}), split("2", {"c"})});
  }
  static splits::Split split(const std::string& id, std::vector<std::string> train) {
    return {.id = id, .train = std::move(train), .test = {"z"}};
  }
  void write_splits(const std::string& name, std::vector<splits::Split> list) {
    write_text(folder_ / "birds" / name, splits::to_json({.benchmark = "birds", .splits = std::move(list)}));
  }
  job::DataStamps of_trial(const TrialReads& reads) {
    return DataReader({}, clock_).of_trial(reads, folder_.path(), folder_ / "weights");
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
};

std::vector<std::string> names(const job::DataStamps& stamps) {
  std::vector<std::string> names;
  for (const auto& [what, hash] : stamps) names.push_back(what);
  return names;
}

TEST_F(DataReaderTest, ATrialDependsOnWhatItReadsAlone) {
  write_text(folder_ / "weights/resnet50-imagenet.pth", "w");
  write_text(folder_ / "weights/resnet50-mine.pth", "w");
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(of_trial({.benchmark = "birds"})), Names{"images of birds"});
  EXPECT_EQ(
      names(of_trial({.benchmark = "birds", .split = "2", .test_benchmark = "cars", .weights = "resnet50-imagenet"})),
      (Names{"images of birds", "images of cars", "split 2 of birds", "weights resnet50-imagenet"}));
}

TEST_F(DataReaderTest, AnotherSplitOrIdDoesNotConcernATrialAndItsOwnDoes) {
  const TrialReads reads{.benchmark = "birds", .split = "2"};
  const auto before = of_trial(reads);
  write_splits("splits.json", {split("7", {"q"}), split("2", {"c"})});
  EXPECT_EQ(of_trial(reads), before);
  write_splits("splits.json", {split("2", {"d"})});
  EXPECT_NE(of_trial(reads), before);
  write_splits("splits.json", {split("1", {"a"})});
  EXPECT_EQ(names(of_trial(reads)), std::vector<std::string>{"images of birds"}) << "unknown, and the trial will fail";
}

TEST_F(DataReaderTest, ASplitFileOfItsOwnIsNotTheBenchmarks) {
  write_splits("other.json", {split("2", {"c"})});
  const auto stamps = of_trial({.benchmark = "birds", .split = "2", .split_file = "other.json"});
  EXPECT_TRUE(stamps.contains("split 2 of birds in other.json"));
  EXPECT_FALSE(stamps.contains("split 2 of birds"));
}

TEST_F(DataReaderTest, AWholeBenchmarkHasEveryIdAndAgreesWithItsTrials) {
  DataReader reader({}, clock_);
  job::DataStamps all;
  reader.add_benchmark("birds", folder_ / "birds", all);
  EXPECT_EQ(names(all), (std::vector<std::string>{"images of birds", "split 1 of birds", "split 2 of birds"}));
  for (const auto& [what, hash] : of_trial({.benchmark = "birds", .split = "2"})) EXPECT_EQ(all.at(what), hash) << what;
  write_splits("splits.json", {split("1", {"b"}), split("2", {"c"})});
  job::DataStamps later;
  reader.add_benchmark("birds", folder_ / "birds", later);
  EXPECT_NE(later.at("split 1 of birds"), all.at("split 1 of birds"));
  EXPECT_EQ(later.at("split 2 of birds"), all.at("split 2 of birds"));
}

TEST_F(DataReaderTest, WhatCannotBeReadHasNoStamp) {
  write_text(folder_ / "birds/splits.json", "{ torn");
  EXPECT_EQ(names(of_trial({.benchmark = "birds", .split = "2", .weights = "none-here"})),
            std::vector<std::string>{"images of birds"});
  EXPECT_TRUE(of_trial({.benchmark = "nowhere"}).empty());
}

TEST_F(DataReaderTest, SafetensorsComeBeforeOtherFilesOfTheSameWeights) {
  for (const char* name : {"r-a.pt", "r-a.safetensors", "r-b.pth.tar", "notes.txt"}) {
    write_text(folder_ / "weights" / name, name);
  }
  EXPECT_EQ(weights_file(folder_ / "weights", "r-a")->filename(), "r-a.safetensors");
  EXPECT_FALSE(weights_file(folder_ / "weights", "r-c"));
  EXPECT_EQ(weights_file(folder_ / "weights", "r-b")->filename(), "r-b.pth.tar");
}

}  // namespace
}  // namespace oodml::identity
