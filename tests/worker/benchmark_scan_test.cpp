#include "worker/benchmark_scan.h"

#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/log_lines.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;
using testing::write_text;

TEST(BenchmarkScanTest, EverySubfolderIsABenchmarkWithTheIdsOfItsSplitFile) {
  TemporaryFolder root;
  fs::create_directories(root / "cub200/images");
  fs::create_directories(root / "fashion_mnist");
  fs::create_directories(root / "empty_mount_point");
  fs::create_directories(root / ".cache");
  write_text(root / "readme.txt", "no benchmark");
  write_text(root / "fashion_mnist/splits.json",
             R"({"version": 1, "splits": {"1": {"train": ["a"], "fid": null}, "2": {}, "10": {}}})");
  BenchmarkScan scan(root.path());
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cub200", {}}, {"fashion_mnist", {"1", "2", "10"}}}));
}

TEST(BenchmarkScanTest, SeesWhatHasChangedSince) {
  TemporaryFolder root;
  BenchmarkScan scan(root.path());
  EXPECT_TRUE(scan().empty());
  fs::create_directories(root / "cars196");
  EXPECT_TRUE(scan().empty()) << "nothing is in it yet";
  fs::create_directories(root / "cars196/images");
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {}}}));
  write_text(root / "cars196/splits.json", R"({"splits": {"1": {}}})");
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {"1"}}}));
  fs::remove(root / "cars196/splits.json");
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {}}}));
}

TEST(BenchmarkScanTest, ADamagedSplitFileOffersNoIds) {
  TemporaryFolder root;
  fs::create_directories(root / "cars196");
  write_text(root / "cars196/splits.json", R"({"splits": {"1": {)");
  BenchmarkScan scan(root.path());
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {}}}));
}

TEST(BenchmarkScanTest, AMissingRootHasNoBenchmarksAndIsToldOnce) {
  const LogLines log;
  BenchmarkScan scan("/no/such/folder");
  EXPECT_TRUE(scan().empty());
  EXPECT_TRUE(scan().empty());
  EXPECT_EQ(log.count("cannot list the benchmarks"), 1u);
}

TEST(BenchmarkScanTest, WhatCannotBeAnnouncedIsToldOnceAndByName) {
  TemporaryFolder root;
  fs::create_directories(root / "caf\xC3\xA9/images");
  fs::create_directories(root / "@eaDir/images");
  fs::create_directories(root / "birds");
  write_text(root / "birds/splits.json", R"({"splits": {"1": {}, "caf\u00e9": {}}})");
  const LogLines log;
  BenchmarkScan scan(root.path());
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"birds", {}}}));
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"birds", {}}}));
  EXPECT_EQ(log.count("birds/splits.json: splits: 'caf\xC3\xA9' is no split id; wants 1 to 64 of"), 1u);
  EXPECT_EQ(log.count("folder is not offered as a benchmark"), 1u);
  EXPECT_EQ(log.count("@eaDir"), 0u);
}

TEST(BenchmarkScanTest, APublishedPickleOffersItsIdsAsATrialFindsIt) {
  TemporaryFolder root;
  fs::create_directories(root / "cars196");
  write_text(root / "cars196/cars196_splits.pkl", std::string("\x80\x03}(K\x01}K\x02}u.", 12));
  BenchmarkScan scan(root.path());
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {"1", "2"}}}));
  write_text(root / "cars196/splits.json", R"({"splits": {"7": {}}})");
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {"7"}}}));
}

}  // namespace
}  // namespace oodml::worker
