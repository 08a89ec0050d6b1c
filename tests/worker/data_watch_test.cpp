#include "worker/data_watch.h"

#include <gtest/gtest.h>

#include "core/splits/split_file.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/log_lines.h"

namespace oodml::worker {
namespace {

using namespace std::chrono_literals;
using testing::wait_until;

class DataWatchTest : public ::testing::Test {
 protected:
  DataWatchTest() {
    std::filesystem::create_directories(folder_ / "benchmarks/birds/a");
    std::filesystem::create_directories(folder_ / "weights");
    write("benchmarks/birds/a/1.jpg", "x");
    write_split("a");
    write("weights/resnet50-imagenet.pth", "w");
  }
  void write(const std::string& name, const std::string& text) { testing::write_text(folder_ / name, text); }
  void write_split(const std::string& train) {
    write("benchmarks/birds/splits.json",
          splits::to_json({.benchmark = "birds", .splits = {{.id = "3", .train = {train}, .test = {"z"}}}}));
  }
  DataPlaces places() const { return {folder_ / "benchmarks", folder_ / "weights", folder_ / "hashes"}; }

  testing::TemporaryFolder folder_;
  SystemClock clock_;
};

TEST_F(DataWatchTest, SaysWhatIsThereAndSeesEachChange) {
  const DataWatch watch(places(), clock_, 10ms);
  ASSERT_TRUE(wait_until([&] { return watch.now().size() == 3; }));
  const job::DataStamps first = watch.now();
  EXPECT_TRUE(first.contains("images of birds"));
  EXPECT_TRUE(first.contains("weights resnet50-imagenet"));

  write_split("b");
  ASSERT_TRUE(wait_until([&] { return watch.now().at("split 3 of birds") != first.at("split 3 of birds"); }));
  EXPECT_EQ(watch.now().at("images of birds"), first.at("images of birds"));
  std::filesystem::remove(folder_ / "benchmarks/birds/a/1.jpg");
  ASSERT_TRUE(wait_until([&] { return watch.now().at("images of birds") != first.at("images of birds"); }));
  std::filesystem::remove_all(folder_ / "benchmarks/birds");
  ASSERT_TRUE(wait_until([&] { return watch.now().size() == 1; })) << "what is gone is not announced";
}

TEST_F(DataWatchTest, ProgramsArePartOfWhatThereIs) {
  write("run.sh", "one");
  DataPlaces with_program = places();
  with_program.programs = {{"reference", {.file = folder_ / "run.sh", .params = {}}}};
  const DataWatch watch(with_program, clock_, 10ms);
  ASSERT_TRUE(wait_until([&] { return watch.now().contains("program reference"); }));
  const std::string first = watch.now().at("program reference");
  write("run.sh", "another");
  EXPECT_TRUE(wait_until([&] { return watch.now().at("program reference") != first; }));
}

TEST_F(DataWatchTest, WhatCannotBeListedIsLeftToTheScansToTell) {
  const LogLines log;
  {
    const DataWatch watch({folder_ / "benchmarks", folder_ / "no_weights", folder_ / "hashes"}, clock_, 10ms);
    ASSERT_TRUE(wait_until([&] { return watch.now().size() == 2; }));
    const std::string first = watch.now().at("split 3 of birds");
    write_split("b");
    ASSERT_TRUE(wait_until([&] { return watch.now().at("split 3 of birds") != first; })) << "so it has looked twice";
  }
  EXPECT_EQ(log.count("cannot list"), 0u);
}

TEST_F(DataWatchTest, ARootThatIsNotThereYetIsLookedForAgain) {
  const DataWatch watch({folder_ / "later", {}, folder_ / "hashes"}, clock_, 10ms);
  EXPECT_TRUE(watch.now().empty());
  std::filesystem::rename(folder_ / "benchmarks", folder_ / "later");
  EXPECT_TRUE(wait_until([&] { return watch.now().size() == 2; }));
}

}  // namespace
}  // namespace oodml::worker
