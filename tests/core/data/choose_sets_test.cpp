#include "core/data/choose_sets.h"

#include <gtest/gtest.h>

#include "tests/core/pickle/pickle_text.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;

Benchmark benchmark_of(const Names& train, const Names& test) {
  Benchmark benchmark;
  benchmark.name = "mine";
  benchmark.default_train = train;
  benchmark.default_test = test;
  for (const auto* names : {&train, &test}) {
    for (const std::string& name : *names) benchmark.classes.push_back({.name = name, .images = {}});
  }
  return benchmark;
}

class ChooseSetsTest : public ::testing::Test {
 protected:
  ChooseSetsTest() {
    folder_.write("splits.json", R"({"version": 1, "benchmark": "mine", "splits": {
        "1": {"train": ["a", "b", "c"], "test": ["d"], "fid": 2.5, "split_train": ["a", "c"], "split_val": ["b"]},
        "2": {"train": ["d"], "test": ["a", "x", "y"], "fid": null}}})");
  }
  Result<ChosenSets> choose(SetRequest request) {
    request.split_file = folder_.path() / "splits.json";
    return choose_sets(benchmark_, request);
  }

  testing::TemporaryFolder folder_;
  Benchmark benchmark_ = benchmark_of({"a", "b"}, {"c", "d"});
};

TEST_F(ChooseSetsTest, DefaultIsTheBenchmarksOwnRule) {
  const ChosenSets sets = *choose({});
  EXPECT_EQ(sets.train, (Names{"a", "b"}));
  EXPECT_EQ(sets.test, (Names{"c", "d"}));
  EXPECT_TRUE(sets.val.empty());
}

TEST_F(ChooseSetsTest, AnIdReadsTheSplitFile) {
  const ChosenSets plain = *choose({.split = "1"});
  EXPECT_EQ(plain.train, (Names{"a", "b", "c"}));
  EXPECT_EQ(plain.fid, 2.5);
  const ChosenSets validated = *choose({.split = "1", .validation = "split"});
  EXPECT_EQ(validated.train, (Names{"a", "c"}));
  EXPECT_EQ(validated.val, (Names{"b"}));
  EXPECT_EQ(validated.test, (Names{"d"}));
}

TEST_F(ChooseSetsTest, APublishedPickleServesAsWell) {
  folder_.write("cars196_splits.pkl", pickled::small_split_file());
  const auto sets = choose_sets(benchmark_, {.split = "1", .split_file = folder_.path() / "cars196_splits.pkl"});
  ASSERT_TRUE(sets) << sets.error().message();
  EXPECT_EQ(sets->train, (Names{"a", "b"}));
  EXPECT_EQ(sets->test, (Names{"c", "d"}));
  EXPECT_EQ(sets->fid, 8.5);
}

TEST_F(ChooseSetsTest, UnknownIdsAreAnsweredWithTheKnownOnes) {
  EXPECT_EQ(choose({.split = "7"}).error().code(), StatusCode::kNotFound) << "another copy of the file may have it";
  EXPECT_NE(choose({.split = "7"}).error().message().find("unknown split '7' of mine; known: default, 1, 2"),
            std::string::npos);
}

TEST_F(ChooseSetsTest, AllClassesThatAreNotOnDiskAreNamed) {
  EXPECT_EQ(choose({.split = "2"}).error(),
            Status(StatusCode::kNotFound, (folder_.path() / "splits.json").string() +
                                              ": splits.2 names 2 classes that benchmark mine does not have on disk: x "
                                              "(test[1]), y (test[2])"));
}

TEST_F(ChooseSetsTest, ARefusalOfASplitNamesItsFile) {
  const std::string file = (folder_.path() / "splits.json").string() + ": ";
  for (const SetRequest& request : {SetRequest{.split = "2"}, SetRequest{.split = "2", .validation = "split"},
                                    SetRequest{.split = "1", .validation = "classes", .validation_fraction = 0.99}}) {
    const auto refused = choose(request);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().message().starts_with(file)) << refused.error().message();
  }
}

TEST_F(ChooseSetsTest, ValidationByClassesTakesTheLastOnes) {
  Names train;
  for (int i = 0; i < 10; ++i) train.push_back("t" + std::to_string(i));
  benchmark_ = benchmark_of(train, {"z"});
  const auto kept = [&](double fraction) {
    return choose({.validation = "classes", .validation_fraction = fraction})->train.size();
  };
  EXPECT_EQ(kept(0.2), 8U);
  EXPECT_EQ(kept(0.25), 7U);
  EXPECT_EQ(kept(0.9), 1U);
  EXPECT_EQ(kept(0.3), 7U);
  EXPECT_EQ(choose({.validation = "classes", .validation_fraction = 0.2})->val, (Names{"t8", "t9"}));
}

TEST_F(ChooseSetsTest, TheShareKeptIsThatOfTheReferences) {
  EXPECT_EQ(share_kept(98, 0.2), 78);
  EXPECT_EQ(share_kept(11318, 0.2), 9054);
  EXPECT_EQ(share_kept(90, 0.3), 62);  // 90 * 0.7 is a little less than 63
  EXPECT_EQ(share_kept(10, 0.9), 1);
  EXPECT_EQ(share_kept(0, 0.2), 0);
}

TEST_F(ChooseSetsTest, ValidationBySamplesSharesTheClasses) {
  const ChosenSets sets = *choose({.split = "1", .validation = "samples"});
  EXPECT_EQ(sets.val, sets.train);
  EXPECT_TRUE(sets.cuts_samples);
  EXPECT_FALSE(choose({.split = "1"})->cuts_samples);
}

/// Six training classes of two superclasses as in SOP; ids ascend as the names do.
Benchmark products() {
  Benchmark benchmark = benchmark_of({"a", "b", "c", "d", "e", "f"}, {"y", "z"});
  benchmark.superclasses = {{2, "fan_final"}, {1, "bicycle_final"}};  // in the order of the lines
  const std::vector<std::int64_t> superclasses = {1, 1, 2, 1, 2, 1, 2, 2};
  for (std::size_t i = 0; i < benchmark.classes.size(); ++i) {
    benchmark.classes[i].id = static_cast<std::int64_t>(i) + 1;
    benchmark.classes[i].superclass = superclasses[i];
  }
  return benchmark;
}

TEST_F(ChooseSetsTest, ByDefaultSopIsCutWithinEachSuperclass) {
  benchmark_ = products();
  const ChosenSets sets = *choose({.validation = "classes", .validation_fraction = 0.25});
  EXPECT_EQ(sets.train, (Names{"c", "a", "b", "d"}));  // int(2 * 0.75) of superclass 2, int(4 * 0.75) of superclass 1
  EXPECT_EQ(sets.val, (Names{"e", "f"}));
}

TEST_F(ChooseSetsTest, LastClassesTakeNoNoticeOfSuperclasses) {
  benchmark_ = products();
  const ChosenSets sets = *choose({.validation = "last_classes", .validation_fraction = 0.25});
  EXPECT_EQ(sets.train, (Names{"a", "b", "c", "d"}));  // int(6 * 0.75)
  EXPECT_EQ(sets.val, (Names{"e", "f"}));
}

TEST_F(ChooseSetsTest, ASplitOfSopIsOrderedByClassIdAndCutAsAWhole) {
  folder_.write("splits.json", R"({"version": 1, "benchmark": "mine", "splits": {"1":
      {"train": ["f", "a", "z", "c"], "test": ["y", "b"], "fid": 1.0, "split_train": ["z", "a"], "split_val": ["f", "c"]}}})");
  benchmark_ = products();
  const auto read = [&](const std::string& validation) {
    return *choose_sets(benchmark_, {.split = "1",
                                     .split_file = folder_.path() / "splits.json",
                                     .validation = validation,
                                     .validation_fraction = 0.5});
  };
  EXPECT_EQ(read("none").train, (Names{"a", "c", "f", "z"}));
  EXPECT_EQ(read("none").test, (Names{"b", "y"}));
  EXPECT_EQ(read("split").train, (Names{"a", "z"}));
  EXPECT_EQ(read("split").val, (Names{"c", "f"}));
  EXPECT_EQ(read("classes").train, (Names{"a", "c"}));
  EXPECT_EQ(read("classes").val, (Names{"f", "z"}));
}

TEST_F(ChooseSetsTest, SetsThatWouldBeEmptyAreRefused) {
  EXPECT_NE(choose({.validation = "split"}).error().message().find("has no validation lists"), std::string::npos);
  EXPECT_NE(
      choose({.validation = "classes", .validation_fraction = 0.99}).error().message().find("no class for training"),
      std::string::npos);
  benchmark_ = benchmark_of({}, {"a"});
  EXPECT_NE(choose({}).error().message().find("no class for training"), std::string::npos);
}

TEST_F(ChooseSetsTest, AMissingSplitFileIsNamed) {
  std::filesystem::remove(folder_.path() / "splits.json");
  const auto sets = choose({.split = "1"});
  EXPECT_EQ(sets.error().code(), StatusCode::kNotFound);
  EXPECT_NE(sets.error().message().find("splits.json"), std::string::npos);
}

}  // namespace
}  // namespace oodml::data
