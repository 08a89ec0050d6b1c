#include "core/data/benchmark.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/catalogue/catalogue.h"
#include "tests/core/data/sample_files.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;

Names names_of(const Benchmark& benchmark) {
  Names names;
  for (const ImageClass& known : benchmark.classes) names.push_back(known.name);
  return names;
}

Names files_of(const Benchmark& benchmark, std::size_t index) {
  Names files;
  for (const std::int64_t image : benchmark.classes.at(index).images) {
    files.push_back(std::filesystem::path(benchmark.source->name(image)).filename().string());
  }
  return files;
}

TEST(Cub200Test, ClassesFollowTheirNumbersAndHalfOfThemTrain) {
  TemporaryFolder folder;
  for (const char* name : {"010.Tern", "2.Crow", "001.Albatross"})
    folder.write(std::string("images/") + name + "/b.jpg", "");
  folder.write("images/2.Crow/a.JPG", "");
  folder.write("images/notes/a.jpg", "");
  const auto benchmark = *open_benchmark("cub200", "cub200", folder.path());
  EXPECT_EQ(names_of(*benchmark), (Names{"001.Albatross", "2.Crow", "010.Tern"}));
  EXPECT_EQ(files_of(*benchmark, 1), (Names{"a.JPG", "b.jpg"}));
  EXPECT_EQ(benchmark->default_train, (Names{"001.Albatross"}));
  EXPECT_EQ(benchmark->default_test, (Names{"2.Crow", "010.Tern"}));
  ASSERT_EQ(benchmark->skipped.size(), 1U);
  EXPECT_NE(benchmark->skipped[0].find("notes: not a class folder"), std::string::npos);
}

TEST(Cub200Test, TwoFoldersOfOneNumberAreRefused) {
  TemporaryFolder folder;
  folder.write("images/001.A/a.jpg", "");
  folder.write("images/1.B/a.jpg", "");
  const auto benchmark = open_benchmark("cub200", "cub200", folder.path());
  ASSERT_FALSE(benchmark);
  EXPECT_NE(benchmark.error().message().find("001.A and 1.B have the same number"), std::string::npos);
}

TEST(Cars196Test, ClassesComeInOrderOfBytesWithCapitalsFirst) {
  TemporaryFolder folder;
  for (const char* name : {"smart fortwo", "Volvo XC90", "Acura TL"})
    folder.write(std::string("images/") + name + "/1.jpg", "");
  EXPECT_EQ(names_of(**open_benchmark("cars196", "cars196", folder.path())),
            (Names{"Acura TL", "Volvo XC90", "smart fortwo"}));
}

TEST(ImageFolderTest, OnlyImagesAreTakenAndTheRestIsReported) {
  TemporaryFolder folder;
  for (const char* file : {"a/1.png", "a/2.JPEG", "a/._1.png", "a/.hidden.png", "a/list.txt", "a/inner/3.png",
                           "b/4.jpg", ".git/x.png", "stray.png", "splits.json"}) {
    folder.write(file, "");
  }
  ASSERT_EQ(mkfifo((folder.path() / "b/pipe.jpg").c_str(), 0600), 0);
  std::filesystem::create_symlink("nowhere", folder.path() / "b/link.jpg");
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  EXPECT_EQ(names_of(*benchmark), (Names{"a", "b"}));
  EXPECT_EQ(files_of(*benchmark, 0), (Names{"1.png", "2.JPEG"}));
  EXPECT_EQ(files_of(*benchmark, 1), (Names{"4.jpg"}));
  EXPECT_EQ(benchmark->skipped.size(), 8U);  // all but splits.json
}

TEST(ImageFolderTest, AnImagesFolderIsPreferred) {
  TemporaryFolder folder;
  folder.write("images/x/1.png", "");
  folder.write("other/1.png", "");
  EXPECT_EQ(names_of(**open_benchmark("mine", "image_folder", folder.path())), (Names{"x"}));
}

TEST(ImageFolderTest, ClassNamesAreUtf8AndFileNamesAreShownEscaped) {
  TemporaryFolder folder;
  folder.write("caf\xC3\xA9/\xFF\n.png", "");
  const auto benchmark = open_benchmark("mine", "image_folder", folder.path());
  ASSERT_TRUE(benchmark) << benchmark.error().message();
  EXPECT_NE((*benchmark)->source->name(0).find("caf\xC3\xA9/\\xff\\x0a.png"), std::string::npos);
  EXPECT_NE((*benchmark)->source->load(0).error().message().find("\\xff\\x0a.png"), std::string::npos);

  folder.write("caf\xE9/1.png", "");
  const auto refused = open_benchmark("mine", "image_folder", folder.path());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("caf\\xe9: class names are UTF-8"), std::string::npos);
}

TEST(OpenBenchmarkTest, AMissingFolderIsNamedWithWhatTheLayoutExpects) {
  const auto missing = open_benchmark("cub200", "cub200", "/nonexistent/cub200");
  EXPECT_EQ(missing.error().code(), StatusCode::kNotFound);
  EXPECT_EQ(
      missing.error().message(),
      "benchmark cub200 in /nonexistent/cub200: no such folder; layout cub200 expects images/<number>.<Name>/*.jpg");
  TemporaryFolder empty;
  EXPECT_EQ(open_benchmark("mine", "image_folder", empty.path()).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(open_benchmark("cars196", "cars196", empty.path()).error().code(), StatusCode::kNotFound);
  EXPECT_NE(open_benchmark("x", "tar", empty.path()).error().message().find("known: cub200, cars196"),
            std::string::npos);
}

TEST(OpenBenchmarkTest, KnowsTheLayoutsOfTheCatalogue) {
  for (const std::string& layout : catalogue::find_trial_key("layout")->choices) {
    const auto missing = open_benchmark("mine", layout, "/nonexistent");
    EXPECT_EQ(missing.error().code(), layout == "default" ? StatusCode::kInvalidArgument : StatusCode::kNotFound)
        << layout;
  }
}

TEST(SelectClassesTest, LabelsFollowTheNamesAskedFor) {
  TemporaryFolder folder;
  for (const char* file : {"a/1.png", "a/2.png", "b/3.png", "c/4.png", "c/5.png", "c/6.png"}) folder.write(file, "");
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  const auto dataset = *select_classes(*benchmark, {"c", "a"}, 2);
  ASSERT_EQ(dataset->samples.size(), 4U);
  EXPECT_EQ(dataset->class_names, (Names{"c", "a"}));
  EXPECT_EQ(dataset->by_class, (std::vector<std::vector<std::int64_t>>{{0, 1}, {2, 3}}));
  EXPECT_EQ(dataset->samples[0].image, 3);
  EXPECT_EQ(dataset->samples[2].image, 0);
  EXPECT_EQ(dataset->samples[3].label, 1);
}

TEST(SelectClassesTest, AllMissingAndAllEmptyClassesAreNamed) {
  TemporaryFolder folder;
  folder.write("a/1.png", "");
  std::filesystem::create_directory(folder.path() / "hollow");
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  const auto refused = select_classes(*benchmark, {"x", "a", "hollow", "y"}, 0);
  EXPECT_EQ(refused.error(),
            Status(StatusCode::kNotFound,
                   "benchmark mine lacks 3 of the 4 classes asked for; not on disk: x, y; without images: hollow"));
}

}  // namespace
}  // namespace oodml::data
