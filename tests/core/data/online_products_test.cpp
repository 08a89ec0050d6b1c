#include <gtest/gtest.h>

#include <fstream>

#include "core/data/benchmark.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;
const std::string kHeader = "image_id class_id super_class_id path\n";

/// A small archive whose two info files can be replaced.
class OnlineProductsTest : public ::testing::Test {
 protected:
  OnlineProductsTest() {
    for (const char* file :
         {"bicycle_final/900_0.JPG", "bicycle_final/900_1.JPG", "bicycle_final/100_0.JPG", "fan_final/500_0.JPG"}) {
      folder_.write(std::string("images/") + file, "");
    }
    write_info("train",
               "1 2 1 bicycle_final/900_1.JPG\n2 2 1 bicycle_final/900_0.JPG\n3 1 1 bicycle_final/100_0.JPG\n");
    write_info("test", "4 11319 5 fan_final/500_0.JPG\n");
  }

  void write_info(const std::string& set, const std::string& records, const std::string& header = kHeader) {
    folder_.write("Info_Files/Ebay_" + set + ".txt", header + records);
  }
  Result<std::shared_ptr<const Benchmark>> open() {
    return open_benchmark("online_products", "online_products", folder_.path());
  }
  /// The message when the second line of Ebay_train.txt is `line`.
  std::string refusal(std::string_view line) {
    std::ofstream(folder_.path() / "Info_Files/Ebay_train.txt") << kHeader << "1 2 1 bicycle_final/900_1.JPG\n"
                                                                << line << '\n';
    const auto benchmark = open();
    EXPECT_FALSE(benchmark) << line;
    return benchmark ? "" : benchmark.error().message();
  }

  testing::TemporaryFolder folder_;
};

TEST_F(OnlineProductsTest, ClassesFollowTheirIdsAndImagesTheirLines) {
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  const Benchmark& benchmark = **opened;
  EXPECT_EQ(benchmark.default_train, (Names{"100", "900"}));
  EXPECT_EQ(benchmark.default_test, (Names{"500"}));
  ASSERT_EQ(benchmark.classes.size(), 3U);
  EXPECT_EQ(benchmark.classes[1].name, "900");
  EXPECT_TRUE(benchmark.source->name(benchmark.classes[1].images[0]).ends_with("bicycle_final/900_1.JPG"));
}

TEST_F(OnlineProductsTest, InfoFilesMayLieBesideTheImagesWithWindowsLineEnds) {
  std::filesystem::remove_all(folder_.path() / "Info_Files");
  folder_.write("Ebay_train.txt", kHeader + "1 1 1 bicycle_final/900_0.JPG\r\n");
  folder_.write("Ebay_test.txt", kHeader + "1 2 5 fan_final/500_0.JPG");
  EXPECT_TRUE(open());
}

TEST_F(OnlineProductsTest, BlankLinesAreNoneAndIdsMayBeLarge) {
  write_info("train", "\n1 1000000000 1 bicycle_final/900_1.JPG\n \n\r\n3 1 1 bicycle_final/100_0.JPG\n\n\n",
             "\xEF\xBB\xBF\n" + kHeader);
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ((*opened)->default_train, (Names{"100", "900"}));
  EXPECT_EQ((*opened)->classes.back().id, 1'000'000'000);
  write_info("train", "\n\n1 2 bicycle_final/900_1.JPG\n");
  EXPECT_NE(open().error().message().find("Ebay_train.txt:4: wants image_id"), std::string::npos) << "as editors count";
  write_info("train", "\n", "\n");
  EXPECT_NE(open().error().message().find("Ebay_train.txt:1: wants the header line"), std::string::npos);
}

TEST_F(OnlineProductsTest, TheOfficialArchiveHasEverythingAtItsRoot) {
  std::filesystem::rename(folder_.path() / "Info_Files/Ebay_train.txt", folder_.path() / "Ebay_train.txt");
  std::filesystem::rename(folder_.path() / "Info_Files/Ebay_test.txt", folder_.path() / "Ebay_test.txt");
  for (const char* category : {"bicycle_final", "fan_final"}) {
    std::filesystem::rename(folder_.path() / "images" / category, folder_.path() / category);
  }
  std::filesystem::remove(folder_.path() / "images");
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ((*opened)->source->name(0), (folder_.path() / "bicycle_final/100_0.JPG").string());
}

TEST_F(OnlineProductsTest, CategoriesAreSuperclassesInTheOrderOfTheLines) {
  write_info("train", "1 2 9 bicycle_final/900_1.JPG\n2 2 9 bicycle_final/900_0.JPG\n3 1 9 bicycle_final/100_0.JPG\n");
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  const Benchmark& benchmark = **opened;
  ASSERT_EQ(benchmark.superclasses.size(), 2U);
  EXPECT_EQ(benchmark.superclasses[0].id, 9);
  EXPECT_EQ(benchmark.superclasses[1].name, "fan_final");
  EXPECT_EQ(benchmark.classes[0].superclass, 9);
  EXPECT_EQ(benchmark.classes[2].superclass, 5);
  EXPECT_EQ(benchmark.sample_cut, SampleCut::kFirst);
  EXPECT_TRUE(benchmark.notes.empty());
}

TEST_F(OnlineProductsTest, ASuperclassOfTwoFoldersIsNoted) {
  write_info("test", "4 11319 1 fan_final/500_0.JPG\n");
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  ASSERT_EQ((*opened)->notes.size(), 1U);
  EXPECT_NE((*opened)->notes[0].find("Ebay_test.txt:2: superclass 1 is folder fan_final here and bicycle_final before"),
            std::string::npos);
}

TEST_F(OnlineProductsTest, ImagesThatNoInfoFileNamesAreReported) {
  folder_.write("images/fan_final/501_0.JPG", "");
  folder_.write("images/fan_final/notes.txt", "");
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  const Benchmark& benchmark = **opened;
  EXPECT_EQ(benchmark.skipped, (Names{"fan_final/501_0.JPG: not in the info files"}));
}

TEST_F(OnlineProductsTest, HostileLinesAreNamedWithTheirReason) {
  EXPECT_NE(refusal("2 2 1").find("Ebay_train.txt:3: wants image_id class_id super_class_id path"), std::string::npos);
  EXPECT_NE(refusal("2  2 1 bicycle_final/900_0.JPG").find(":3: wants image_id"), std::string::npos);
  EXPECT_NE(refusal("2 -2 1 bicycle_final/900_0.JPG").find(":3: ids are integers from 1"), std::string::npos);
  EXPECT_NE(refusal("2 0 1 bicycle_final/900_0.JPG").find(":3: ids are integers from 1 on"), std::string::npos);
  EXPECT_NE(refusal("1 2 1 bicycle_final/900_0.JPG").find(":3: image id 1 is also that of line 2"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/900_0.JPG extra").find(":3: wants image_id"), std::string::npos);
  EXPECT_NE(refusal("2 99999999999999999999 1 bicycle_final/900_0.JPG").find(":3: ids are integers from 1"),
            std::string::npos);
  EXPECT_NE(refusal("2 2 1 ../900_0.JPG").find(":3: the path leaves its folder"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/../../etc/900_0.JPG").find(":3: the path leaves its folder"),
            std::string::npos);
  EXPECT_NE(refusal("2 2 1 /etc/900_0.JPG").find(":3: the path is absolute"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 900_0.JPG").find(":3: the path is not <category>/<file>"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/900.JPG").find(":3: the file is not <item>_<k>"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/\xFF_0.JPG").find("\\xff_0.JPG"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/900_1.JPG").find(":3: the path is there twice"), std::string::npos);
}

TEST_F(OnlineProductsTest, ClassesAreOfOneKindOnly) {
  EXPECT_NE(refusal("2 2 5 bicycle_final/900_0.JPG").find(":3: class 2 is in superclass 5 here and in 1 at "),
            std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/100_0.JPG").find(":3: class 2 has item 100 here and 900 at "),
            std::string::npos);
  EXPECT_NE(
      refusal("2 2 1 fan_final/900_0.JPG").find(":3: class 2 is in folder fan_final here and in bicycle_final at "),
      std::string::npos);
  EXPECT_NE(refusal("2 7 1 bicycle_final/900_0.JPG").find(":3: item 900 belongs to class 2 and to class 7"),
            std::string::npos);
  write_info("train", "1 2 1 bicycle_final/900_1.JPG\n");
  write_info("test", "2 2 1 bicycle_final/900_0.JPG\n");
  EXPECT_NE(open().error().message().find("Ebay_test.txt:2: class 2 is in both info files"), std::string::npos);
}

TEST_F(OnlineProductsTest, TheHeaderLineIsNotTakenForGranted) {
  write_info("train", "1 2 1 bicycle_final/900_1.JPG\n", "");
  EXPECT_NE(open().error().message().find("Ebay_train.txt:1: wants the header line"), std::string::npos);
}

TEST_F(OnlineProductsTest, MissingFilesAreCountedAndNamed) {
  std::filesystem::remove(folder_.path() / "images/fan_final/500_0.JPG");
  const auto opened = open();
  EXPECT_EQ(opened.error().code(), StatusCode::kNotFound);
  EXPECT_NE(opened.error().message().find("1 of 4 files"), std::string::npos);
  EXPECT_NE(opened.error().message().find("fan_final/500_0.JPG"), std::string::npos);
}

}  // namespace
}  // namespace oodml::data
