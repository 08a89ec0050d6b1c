#include <gtest/gtest.h>

#include <fstream>

#include "core/data/benchmark.h"
#include "tests/core/data/sample_files.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;
const std::string kHeader = "image_id class_id super_class_id path\n";

/// A small archive whose two info files can be replaced.
class OnlineProductsTest : public testing::Test {
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

  TemporaryFolder folder_;
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

TEST_F(OnlineProductsTest, HostileLinesAreNamedWithTheirReason) {
  EXPECT_NE(refusal("2 2 1").find("Ebay_train.txt:3: wants image_id class_id super_class_id path"), std::string::npos);
  EXPECT_NE(refusal("2  2 1 bicycle_final/900_0.JPG").find(":3: wants image_id"), std::string::npos);
  EXPECT_NE(refusal("2 -2 1 bicycle_final/900_0.JPG").find(":3: ids are integers from 1"), std::string::npos);
  EXPECT_NE(refusal("2 99999999999 1 bicycle_final/900_0.JPG").find(":3: ids are integers from 1"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 ../900_0.JPG").find(":3: the path leaves its folder"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/../../etc/900_0.JPG").find(":3: the path leaves its folder"),
            std::string::npos);
  EXPECT_NE(refusal("2 2 1 /etc/900_0.JPG").find(":3: the path is absolute"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 900_0.JPG").find(":3: the path is not <category>/<file>"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/900.JPG").find(":3: the file is not <item>_<k>"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/\xFF_0.JPG").find("\\xff_0.JPG"), std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/900_1.JPG").find(":3: the path is there twice"), std::string::npos);
  EXPECT_NE(refusal("").find(":3: wants image_id"), std::string::npos);
}

TEST_F(OnlineProductsTest, ClassesAreOfOneKindOnly) {
  EXPECT_NE(refusal("2 2 5 bicycle_final/900_0.JPG").find(":3: class 2 is in superclass 5 here and in 1 at "),
            std::string::npos);
  EXPECT_NE(refusal("2 2 1 bicycle_final/100_0.JPG").find(":3: class 2 has item 100 here and 900 at "),
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
