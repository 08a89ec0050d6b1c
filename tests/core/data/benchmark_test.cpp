#include "core/data/benchmark.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/catalogue/catalogue.h"
#include "core/data/select_classes.h"
#include "tests/core/images/webp_samples.h"
#include "tests/support/temporary_folder.h"

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
  testing::TemporaryFolder folder;
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
  testing::TemporaryFolder folder;
  folder.write("images/001.A/a.jpg", "");
  folder.write("images/1.B/a.jpg", "");
  const auto benchmark = open_benchmark("cub200", "cub200", folder.path());
  ASSERT_FALSE(benchmark);
  EXPECT_NE(benchmark.error().message().find("001.A and 1.B have the same number"), std::string::npos);
}

TEST(Cars196Test, ClassesComeInOrderOfBytesWithCapitalsFirst) {
  testing::TemporaryFolder folder;
  for (const char* name : {"smart fortwo", "Volvo XC90", "Acura TL"})
    folder.write(std::string("images/") + name + "/1.jpg", "");
  EXPECT_EQ(names_of(**open_benchmark("cars196", "cars196", folder.path())),
            (Names{"Acura TL", "Volvo XC90", "smart fortwo"}));
}

TEST(ImageFolderTest, OnlyImagesAreTakenAndTheRestIsReported) {
  testing::TemporaryFolder folder;
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

TEST(ImageFolderTest, WhatSystemsLeaveBehindIsNoClassAndIsReported) {
  testing::TemporaryFolder folder;
  for (const char* file :
       {"a/1.png", "b/1.png", "@eaDir/a.jpg", "__MACOSX/a.jpg", ".ipynb_checkpoints/1-checkpoint.png", "a/@eaDir/1.png",
        "a/Thumbs.db", "a/.DS_Store", "desktop.ini"}) {
    folder.write(file, "");
  }
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  EXPECT_EQ(names_of(*benchmark), (Names{"a", "b"}));
  EXPECT_EQ(files_of(*benchmark, 0), (Names{"1.png"}));
  ASSERT_EQ(benchmark->skipped.size(), 6U);  // all but desktop.ini, which is not asked for
  const auto reports = [&](const std::string& text) {
    return std::ranges::any_of(benchmark->skipped, [&](const auto& one) { return one.ends_with(text); });
  };
  EXPECT_TRUE(reports("/@eaDir: kept by a NAS"));
  EXPECT_TRUE(reports("/__MACOSX: the side files of macOS in an archive"));
  EXPECT_TRUE(reports("a/Thumbs.db: kept by Windows"));
}

TEST(ImageFolderTest, AClassFolderWithoutImagesIsNoneAndHalfOfTheOthersTrain) {
  testing::TemporaryFolder folder;
  for (const char* file : {"a/1.png", "b/notes.txt", "c/1.png", "d/1.png", "e/1.png"}) folder.write(file, "");
  std::filesystem::create_directories(folder.path() / "A");
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  EXPECT_EQ(names_of(*benchmark), (Names{"a", "c", "d", "e"}));
  EXPECT_EQ(benchmark->default_train, (Names{"a", "c"}));
  EXPECT_EQ(benchmark->default_test, (Names{"d", "e"}));
  EXPECT_EQ(benchmark->empty_classes, (Names{"A", "b"}));
}

TEST(ImageFolderTest, WhereNoFolderHasAnImageTheMessageSaysWhatLiesInThem) {
  testing::TemporaryFolder folder;
  folder.write("a/1.heic", "");
  folder.write("b/1.gif", "");
  EXPECT_NE(open_benchmark("mine", "image_folder", folder.path())
                .error()
                .message()
                .find("no images in its 2 class folders; 2 files were not taken: "),
            std::string::npos);
}

TEST(OpenBenchmarkTest, AnArchiveThatWasUnpackedOneFolderTooDeepIsPointedOut) {
  testing::TemporaryFolder folder;
  folder.write("CUB_200_2011/images/001.A/1.jpg", "");
  folder.write("__MACOSX/images/1.jpg", "");
  const std::string refused = open_benchmark("cub200", "cub200", folder.path()).error().message();
  EXPECT_TRUE(
      refused.ends_with("expects images/<number>.<Name>/*.jpg; CUB_200_2011/images is there, one folder too deep"))
      << refused;
}

TEST(Cars196Test, TheOfficialArchiveIsAnsweredWithTheCommandThatTakesItApart) {
  testing::TemporaryFolder folder;
  folder.write("car_ims/000001.jpg", "");
  folder.write("cars_annos.mat", "MATLAB 5.0 MAT-file");
  const auto refused = open_benchmark("cars196", "cars196", folder.path()).error();
  EXPECT_EQ(refused.code(), StatusCode::kNotFound);
  const std::size_t start = refused.message().find("python3 -c \"");
  ASSERT_NE(start, std::string::npos) << refused.message();
  const std::string command = refused.message().substr(start, refused.message().find("]\"", start) + 2 - start);
  std::ifstream readme(std::string(std::getenv("OODML_SOURCE")) + "/core/data/README.md");
  const std::string text((std::istreambuf_iterator<char>(readme)), {});
  EXPECT_NE(text.find("    " + command + "\n"), std::string::npos) << "core/data/README.md has: " << command;
}

TEST(ImageFolderTest, AnImagesFolderIsPreferred) {
  testing::TemporaryFolder folder;
  folder.write("images/x/1.png", "");
  folder.write("other/1.png", "");
  EXPECT_EQ(names_of(**open_benchmark("mine", "image_folder", folder.path())), (Names{"x"}));
}

TEST(ImageFolderTest, ClassNamesAreUtf8AndFileNamesAreShownEscaped) {
  testing::TemporaryFolder folder;
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
  testing::TemporaryFolder empty;
  EXPECT_EQ(open_benchmark("mine", "image_folder", empty.path()).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(open_benchmark("cars196", "cars196", empty.path()).error().code(), StatusCode::kNotFound);
  EXPECT_NE(open_benchmark("x", "tar", empty.path()).error().message().find("known: cub200, cars196"),
            std::string::npos);
}

TEST(OpenBenchmarkTest, AnArchiveInPlaceOfAFolderIsCalledByItsName) {
  testing::TemporaryFolder folder;
  folder.write("photos", "PK\3\4");
  EXPECT_EQ(
      open_benchmark("photos", "image_folder", folder.path() / "photos").error().message(),
      "benchmark photos in " + (folder.path() / "photos").string() +
          ": is a ZIP archive, not a folder; layout image_folder expects <class>/* or images/<class>/*, images as "
          ".jpg, .jpeg, .png or .webp");
}

TEST(OpenBenchmarkTest, ImagesWithoutClassFoldersAreNamed) {
  testing::TemporaryFolder folder;
  folder.write("1.jpg", "");
  EXPECT_NE(open_benchmark("mine", "image_folder", folder.path())
                .error()
                .message()
                .find("no classes; 1 files were not taken: " + (folder.path() / "1.jpg").string() +
                      ": an image outside the class folders"),
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
  testing::TemporaryFolder folder;
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
  testing::TemporaryFolder folder;
  folder.write("a/1.png", "");
  std::filesystem::create_directory(folder.path() / "hollow");
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  const auto refused = select_classes(*benchmark, {"x", "a", "hollow", "y"}, 0);
  EXPECT_EQ(refused.error(),
            Status(StatusCode::kNotFound,
                   "benchmark mine lacks 3 of the 4 classes asked for; not on disk: x, y; without images: hollow"));
}

TEST(BenchmarkTest, FoldersTakeWebpFiles) {
  const testing::TemporaryFolder folder;
  folder.write("a/1.webp", images::webp_samples().front().file);
  folder.write("a/2.WEBP", images::webp_samples().back().file);
  const auto benchmark = *open_benchmark("mine", "image_folder", folder.path());
  ASSERT_EQ(benchmark->classes.at(0).images.size(), 2U);
  EXPECT_TRUE(benchmark->source->load(1));
  EXPECT_TRUE(benchmark->skipped.empty());
}

}  // namespace
}  // namespace oodml::data
