#include "worker/benchmark_scan.h"

#include <gtest/gtest.h>

#include "tests/support/process.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;
using testing::write_text;
using Ids = std::vector<std::string>;

TEST(BenchmarkScanTest, EverySubfolderIsABenchmarkWithTheIdsOfItsSplitFile) {
  TempDir root;
  fs::create_directories(root / "cub200/images");
  fs::create_directories(root / "fashion_mnist");
  fs::create_directories(root / ".cache");
  write_text(root / "readme.txt", "no benchmark");
  write_text(root / "fashion_mnist/splits.json", R"({"version": 1, "splits": {"1": {"train": ["a"], "fid": null}, "2": {}, "10": {}}})");
  BenchmarkScan scan(root.path());
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cub200", {}}, {"fashion_mnist", {"1", "2", "10"}}}));
}

TEST(BenchmarkScanTest, SeesWhatHasChangedSince) {
  TempDir root;
  BenchmarkScan scan(root.path());
  EXPECT_TRUE(scan().empty());
  fs::create_directories(root / "cars196");
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {}}}));
  write_text(root / "cars196/splits.json", R"({"splits": {"1": {}}})");
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {"1"}}}));
  fs::remove(root / "cars196/splits.json");
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {}}}));
}

TEST(BenchmarkScanTest, ADamagedSplitFileOffersNoIds) {
  TempDir root;
  fs::create_directories(root / "cars196");
  write_text(root / "cars196/splits.json", R"({"splits": {"1": {)");
  BenchmarkScan scan(root.path());
  EXPECT_EQ(scan(), (std::vector<job::BenchmarkOnDisk>{{"cars196", {}}}));
}

TEST(BenchmarkScanTest, AMissingRootHasNoBenchmarks) {
  BenchmarkScan scan("/no/such/folder");
  EXPECT_TRUE(scan().empty());
}

TEST(ParseSplitIdsTest, TakesOnlyTheKeysDirectlyBelowSplits) {
  const auto ids = parse_split_ids(
      R"({"before": {"x": {"y": 1}}, "splits": {"1": {"test_episodes": {"2": {"0": {"splits": {"9": 1}}}}}, "b": [{"z": 1}]},
          "after": {"w": {}}, "list": [{"splits": {"q": {}}}]})");
  ASSERT_TRUE(ids.has_value()) << ids.error().message();
  EXPECT_EQ(*ids, (Ids{"1", "b"}));
}

TEST(ParseSplitIdsTest, SaysWhatIsMissing) {
  EXPECT_EQ(parse_split_ids(R"({"ids": {}})").error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(parse_split_ids(R"({"splits": [1, 2]})").value_or(Ids{}), Ids{});
  EXPECT_FALSE(parse_split_ids(std::string(100'000, '[')).has_value());
}

}  // namespace
}  // namespace oodml::worker
