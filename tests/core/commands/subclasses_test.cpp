#include <gtest/gtest.h>

#include <algorithm>

#include "core/images/decode.h"
#include "tests/core/trial/tiny_trial.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder));
  }
  std::ranges::sort(files);
  return files;
}

class SubclassesTest : public ::testing::Test {
 protected:
  Output divide(const std::string& output, std::vector<std::string> more = {}, const std::string& arch = "small_conv",
                const std::string& layout = "image_folder") {
    std::vector<std::string> words = {program("oodml-core"),
                                      "subclasses",
                                      "--benchmark",
                                      "tiny",
                                      "--benchmarks-root",
                                      tiny_.places().benchmarks_root,
                                      "--layout",
                                      layout,
                                      "--output",
                                      folder_ / output,
                                      "--arch",
                                      arch,
                                      "--resize",
                                      "18",
                                      "--crop-size",
                                      "16"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  TinyTrial tiny_;
  TemporaryFolder folder_;
};

TEST_F(SubclassesTest, EveryImageIsInOneClassOfItsOwnPixelForPixel) {
  const Output divided = divide("fine", {"--per-class", "3", "--at-least", "1"});
  ASSERT_EQ(divided.exit_code, 0) << divided.err;
  EXPECT_NE(divided.out.find("48 images"), std::string::npos) << divided.out;
  const auto files = files_below(folder_ / "fine");
  ASSERT_EQ(files.size(), 48U);  // six classes of eight
  std::size_t first = 0;
  for (const fs::path& file : files) {
    const std::string from = file.parent_path().string();
    const std::string name = from.substr(0, from.rfind('_'));
    if (!fs::is_directory(tiny_.benchmark() / name)) ADD_FAILURE() << file;
    first += from.ends_with("_1") ? 1 : 0;
  }
  EXPECT_GE(first, 6U * 3U) << "the first of three is the largest";
  for (const fs::path& file : files) {
    if (file.filename() != "000003.png") continue;
    const std::string name = file.parent_path().string();
    const fs::path from = tiny_.benchmark() / name.substr(0, name.rfind('_'));
    const auto original = images::decode_image(read_text(from / files_below(from)[3]), "a");
    const auto written = images::decode_image(read_text(folder_ / "fine" / file), "b");
    EXPECT_EQ(original->pixels, written->pixels) << file;
  }
  ASSERT_EQ(divide("again", {"--per-class", "3", "--at-least", "1"}).exit_code, 0);
  EXPECT_EQ(files_below(folder_ / "again"), files);
}

TEST_F(SubclassesTest, SmallClustersAndLaterImagesAreLeftOut) {
  const Output divided = divide("some", {"--per-class", "2", "--at-least", "4", "--images", "6"});
  ASSERT_EQ(divided.exit_code, 0) << divided.err;
  for (const fs::path& file : files_below(folder_ / "some")) EXPECT_LT(file.filename().string(), "000006.png");
  const Output none = divide("none", {"--per-class", "8", "--at-least", "2"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_NE(none.err.find("no cluster has 2 images"), std::string::npos) << none.err;
  EXPECT_FALSE(fs::exists(folder_ / "none"));
}

TEST_F(SubclassesTest, WrongInputIsNamed) {
  fs::create_directories(folder_ / "there");
  EXPECT_NE(divide("there").err.find("there exists; name another folder, or remove it"), std::string::npos);
  EXPECT_NE(divide("x", {}, "vgg").err.find("vgg"), std::string::npos);
  EXPECT_NE(divide("x", {}, "small_conv", "default").err.find("is not in the catalogue"), std::string::npos);
  EXPECT_EQ(divide("x", {"--per-class", "0"}).exit_code, 2);
  write_text(tiny_.image(2, 1), "no image");
  const Output damaged = divide("x");
  EXPECT_EQ(damaged.exit_code, 2);
  EXPECT_NE(damaged.err.find(tiny_.image(2, 1).filename().string()), std::string::npos) << damaged.err;
  EXPECT_FALSE(fs::exists(folder_ / "x"));
}

}  // namespace
}  // namespace oodml::testing
