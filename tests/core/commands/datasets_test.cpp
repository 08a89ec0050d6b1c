#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/core/pickle/pickle_text.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using Words = std::vector<std::string>;

/// Small benchmarks in the layouts of the published ones; images are empty files, which listing does not open.
class DatasetsListTest : public ::testing::Test {
 protected:
  DatasetsListTest() {
    for (const char* name : {"002.Crow/b.jpg", "002.Crow/a.jpg", "001.Gull/c.jpg", "010.Tern/d.jpg", "010.Tern/._d.jpg",
                             "004.Loon/e.jpg", "004.Loon/e.txt"}) {
      touch(std::string("cub200/images/") + name);
    }
    for (const char* name : {"smart fortwo/1.jpg", "Audi S4/1.jpg", "BMW M3/1.jpg", "audi tt/1.jpg"}) {
      touch(std::string("cars196/images/") + name);
    }
    for (const char* name : {"fan_final/50_0.JPG", "fan_final/50_1.JPG", "mug_final/9_0.JPG", "mug_final/8_0.JPG"}) {
      touch(std::string("online_products/images/") + name);
    }
    const std::string header = "image_id class_id super_class_id path\n";
    write_text(root_ / "online_products/Ebay_train.txt",
               header + "1 2 5 fan_final/50_1.JPG\n2 2 5 fan_final/50_0.JPG\n3 1 8 mug_final/9_0.JPG\n");
    write_text(root_ / "online_products/Ebay_test.txt", header + "4 3 8 mug_final/8_0.JPG\n");
  }

  void touch(const std::string& name) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    write_text(root_ / name, "");
  }
  Output list(const std::string& benchmark, Words more = {}, const std::string& of = "oodml-core") const {
    more.insert(more.begin(), {program(of), "datasets", "list", "--benchmark", benchmark, "--root", root_.path()});
    return run(more, {.environment = {{"OODML_CACHE", root_ / "cache"}}});
  }
  /// "label path" of each line, paths below the benchmark's images.
  std::string listed(const std::string& benchmark, const Words& more = {}) const {
    const Output output = list(benchmark, more);
    EXPECT_EQ(output.exit_code, 0) << output.err;
    std::string text = output.out;
    const std::string prefix = "\t" + (root_ / (benchmark + "/images/")).string();
    for (std::size_t at = text.find(prefix); at != text.npos; at = text.find(prefix, at))
      text.replace(at, prefix.size(), " ");
    return text;
  }

  TemporaryFolder root_;
};

TEST_F(DatasetsListTest, StdoutHasLabelTabPathAndNothingElse) {
  const Output output = list("cub200");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const std::string images = (root_ / "cub200/images/").string();
  EXPECT_EQ(output.out,
            "0\t" + images + "001.Gull/c.jpg\n1\t" + images + "002.Crow/a.jpg\n1\t" + images + "002.Crow/b.jpg\n");
  EXPECT_NE(output.err.find("3 images of 2 classes, set train of split default"), std::string::npos) << output.err;
  EXPECT_NE(output.err.find("2 files were not taken for images"), std::string::npos) << output.err;
  EXPECT_NE(output.err.find("e.txt: not a .jpg"), std::string::npos) << output.err;
  EXPECT_NE(output.err.find("the published one has 200 classes with 11788 images"), std::string::npos) << output.err;
}

TEST_F(DatasetsListTest, EmptyClassFoldersAndClassesOfOneImageAreToldAndFailNothing) {
  std::filesystem::create_directories(root_ / "cub200/images/003.Hollow");
  touch("cub200/images/@eaDir/f.jpg");
  const Output output = list("cub200", {"--set", "all"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  EXPECT_NE(output.err.find("1 class folders have no images and are no classes: 003.Hollow"), std::string::npos)
      << output.err;
  EXPECT_NE(
      output.err.find("3 classes of the all set have one image only, which no query of its class can find: 001.Gull"),
      std::string::npos)
      << output.err;
  EXPECT_NE(output.err.find("5 images of 4 classes"), std::string::npos) << output.err;
  EXPECT_EQ(list("cub200").exit_code, 0);
}

TEST_F(DatasetsListTest, EveryLayoutHasItsOwnOrderAndDefaultRule) {
  EXPECT_EQ(listed("cub200", {"--set", "test"}), "0 004.Loon/e.jpg\n1 010.Tern/d.jpg\n");
  EXPECT_EQ(listed("cars196", {"--set", "all"}),
            "0 Audi S4/1.jpg\n1 BMW M3/1.jpg\n2 audi tt/1.jpg\n3 smart fortwo/1.jpg\n");
  EXPECT_EQ(listed("online_products"), "0 mug_final/9_0.JPG\n1 fan_final/50_1.JPG\n1 fan_final/50_0.JPG\n");
  EXPECT_EQ(listed("online_products", {"--set", "test"}), "0 mug_final/8_0.JPG\n");
  EXPECT_EQ(listed("online_products", {"--set", "super"}),
            "0 fan_final/50_1.JPG\n0 fan_final/50_0.JPG\n1 mug_final/9_0.JPG\n");
}

TEST_F(DatasetsListTest, ASplitFileOfEitherFormNumbersItsClasses) {
  using namespace pickled;
  write_text(root_ / "mine.json", R"({"version": 1, "benchmark": "cars196", "splits": {"a": {"train": ["smart fortwo",
      "Audi S4", "audi tt"], "test": ["BMW M3"], "fid": 1.5, "split_train": ["smart fortwo", "audi tt"],
      "split_val": ["Audi S4"]}}})");
  const Words split = {"--split", root_ / "mine.json", "--id", "a"};
  const auto with = [&](Words more) {
    more.insert(more.end(), split.begin(), split.end());
    return listed("cars196", more);
  };
  EXPECT_EQ(with({}), "0 smart fortwo/1.jpg\n1 Audi S4/1.jpg\n2 audi tt/1.jpg\n");
  EXPECT_EQ(with({"--validation", "split"}), "0 smart fortwo/1.jpg\n1 audi tt/1.jpg\n");
  EXPECT_EQ(with({"--set", "val"}), "0 Audi S4/1.jpg\n");
  EXPECT_EQ(with({"--set", "val", "--validation", "classes"}), "0 audi tt/1.jpg\n");

  for (const char* name : {"a", "b", "c", "d"}) touch(std::string("pets/") + name + "/1.png");
  write_text(root_ / "pets_splits.pkl", small_split_file());
  EXPECT_NE(
      list("pets", {"--layout", "image_folder", "--split", root_ / "pets_splits.pkl", "--id", "1", "--set", "test"})
          .out.find("/pets/c/1.png\n1\t"),
      std::string::npos);
}

TEST_F(DatasetsListTest, SamplesPartTheImagesOfEachClass) {
  for (int i = 0; i < 6; ++i) {
    touch("cub200/images/001.Gull/" + std::to_string(i) + ".jpg");
    touch("cub200/images/002.Crow/" + std::to_string(i) + ".jpg");
  }
  // Of 7: int(7 * 0.8) = 5 of linspace(0, 6, 5) = 0, 1.5, 3, 4.5, 6, halves to even: 0 2 3 4 6. Of 8:
  // 0 1.4 2.8 4.2 5.6 7.
  EXPECT_EQ(listed("cub200", {"--validation", "samples", "--set", "val"}),
            "0 001.Gull/1.jpg\n0 001.Gull/5.jpg\n1 002.Crow/2.jpg\n1 002.Crow/5.jpg\n");
}

TEST_F(DatasetsListTest, JsonNamesTheClasses) {
  const auto cub = nlohmann::json::parse(list("cub200", {"-o", "json"}).out);
  EXPECT_EQ(cub.at("images"), 3);
  EXPECT_EQ(cub.at("classes").at(1).at("name"), "002.Crow");
  EXPECT_EQ(cub.at("classes").at(1).at("short_name"), "Crow");
  EXPECT_EQ(cub.at("classes").at(1).at("images").size(), 2U);
  const auto sop = nlohmann::json::parse(list("online_products", {"-o", "json"}).out);
  EXPECT_EQ(sop.at("classes").at(1).at("class_id"), 2);
  EXPECT_EQ(sop.at("classes").at(1).at("superclass_id"), 5);
}

TEST_F(DatasetsListTest, TheBenchmarksOwnFolderServesAsRootAndOodmlHandsOver) {
  const Output direct =
      run({program("oodml"), "datasets", "list", "--benchmark", "cub200", "--root", root_ / "cub200", "--set", "test"});
  EXPECT_EQ(direct.exit_code, 0) << direct.err;
  EXPECT_EQ(direct.out, list("cub200", {"--set", "test"}).out);
}

TEST_F(DatasetsListTest, WrongWordsSayWhatWouldDo) {
  struct Case {
    std::string benchmark;
    Words words;
    std::string message;
    int exit_code = 2;
  };
  write_text(root_ / "some.json", R"({"version": 1, "benchmark": "cars196", "splits": {"a": {"train": ["BMW M3"],
      "test": ["Audi S4", "gone"], "fid": null}}})");
  const std::vector<Case> cases = {
      {"mine", {}, "is not in the catalogue; say how its folder is read"},
      {"fashion_mnist", {}, "no such folder; layout idx expects train-images-idx3-ubyte", 5},
      {"cub200", {"--set", "dev"}, "dev"},
      {"cub200", {"--set", "val"}, "no set val without validation: split, classes or samples"},
      {"cub200", {"--set", "super"}, "has no superclasses"},
      {"cub200", {"--id", "3"}, "splits.json", 5},
      {"cars196", {"--split", root_ / "some.json"}, "say which of them with --id"},
      {"cars196", {"--split", root_ / "some.json", "--id", "b"}, "unknown split 'b' of cars196; known: default, a", 5},
      {"cars196",
       {"--split", root_ / "some.json", "--id", "a"},
       "some.json: splits.a names 1 classes that benchmark cars196 does not have on disk: gone (test[1])",
       5},
  };
  for (const auto& [benchmark, words, message, exit_code] : cases) {
    const Output output = list(benchmark, words);
    EXPECT_EQ(output.exit_code, exit_code) << message;
    EXPECT_EQ(output.out, "") << message;
    EXPECT_NE(output.err.find(message), std::string::npos) << output.err;
  }
  write_text(root_ / "online_products/Ebay_test.txt",
             "image_id class_id super_class_id path\n4 3 8 ../../etc/8_0.JPG\n");
  const Output hostile = list("online_products");
  EXPECT_EQ(hostile.exit_code, 2);
  EXPECT_NE(hostile.err.find("Ebay_test.txt:2: the path leaves its folder"), std::string::npos) << hostile.err;
}

TEST_F(DatasetsListTest, AFileThatComesLaterIsListedWhateverIsRemembered) {
  const std::string before = listed("cars196");
  touch("cars196/images/Audi S4/0.jpg");
  EXPECT_EQ(listed("cars196"), "0 Audi S4/0.jpg\n" + before);
}

}  // namespace
}  // namespace oodml::testing
