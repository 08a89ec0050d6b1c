#include <gtest/gtest.h>

#include "core/data/benchmark.h"
#include "tests/core/data/idx_bytes.h"
#include "tests/support/deflated.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

using namespace std::string_literals;

class IdxTest : public ::testing::Test {
 protected:
  /// Three train images of 2 x 2 with labels 1, 0, 1 and a t10k image with label 0.
  IdxTest() {
    folder_.write("train-images-idx3-ubyte.gz", testing::gzipped(idx_bytes({3, 2, 2}, "abcdefghijkl")));
    folder_.write("train-labels-idx1-ubyte.gz", testing::gzipped(idx_bytes({3}, "\1\0\1"s)));
    folder_.write("t10k-images-idx3-ubyte", idx_bytes({1, 2, 2}, "mnop"));
    folder_.write("t10k-labels-idx1-ubyte", idx_bytes({1}, "\0"s));
  }
  Result<std::shared_ptr<const Benchmark>> open() { return open_benchmark("fashion_mnist", "idx", folder_.path()); }
  std::string refusal() {
    const auto opened = open();
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().message();
  }

  testing::TemporaryFolder folder_;
};

TEST_F(IdxTest, ImagesOfBothArchivesStandInFileOrderByLabel) {
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  const Benchmark& benchmark = **opened;
  ASSERT_EQ(benchmark.classes.size(), 2U);
  EXPECT_EQ(benchmark.classes[0].name, "0");
  EXPECT_EQ(benchmark.classes[0].images, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(benchmark.classes[1].images, (std::vector<std::int64_t>{0, 2}));
  EXPECT_EQ(benchmark.default_train, (std::vector<std::string>{"0"}));
  EXPECT_EQ(benchmark.source->name(3), "t10k-images-idx3-ubyte[0]");
  EXPECT_EQ(benchmark.source->name(1), "train-images-idx3-ubyte.gz[1]");
  const images::Image image = *benchmark.source->load(3);
  EXPECT_EQ(image.width, 2);
  EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{'m', 'm', 'm', 'n', 'n', 'n', 'o', 'o', 'o', 'p', 'p', 'p'}));
}

TEST_F(IdxTest, ClassesMayBeNamed) {
  folder_.write("classes.txt", "shoe\nbag\n");
  EXPECT_EQ((*open())->classes[1].name, "bag");
  folder_.write("classes.txt", "shoe\n");
  EXPECT_NE(refusal().find("1 class names, but the images have label 1"), std::string::npos);
  folder_.write("classes.txt", "shoe\nshoe\n");
  EXPECT_NE(refusal().find("classes.txt:2: 'shoe'"), std::string::npos);
}

TEST_F(IdxTest, NamesMayHaveADotOrBeThoseOfFoldersAsPeopleUnpackThem) {
  const auto move = [&](const std::string& from, const std::string& to) {
    std::filesystem::create_directories((folder_.path() / to).parent_path());
    std::filesystem::rename(folder_.path() / from, folder_.path() / to);
  };
  move("train-images-idx3-ubyte.gz", "train-images.idx3-ubyte.gz");
  move("train-labels-idx1-ubyte.gz", "train-labels.idx1-ubyte.gz");
  move("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte");
  move("t10k-labels-idx1-ubyte", "moved");
  move("moved", "t10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte");
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ((*opened)->classes[0].images, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ((*opened)->source->name(3), "t10k-images.idx3-ubyte[0]");
}

TEST_F(IdxTest, AnotherKindOfFileIsCalledByItsName) {
  std::filesystem::remove(folder_.path() / "train-images-idx3-ubyte.gz");
  folder_.write("train-images-idx3-ubyte", "<!doctype html><title>Moved");
  EXPECT_NE(
      refusal().find("train-images-idx3-ubyte: is an HTML page, as servers send in place of a file, not an IDX file"),
      std::string::npos);
}

TEST_F(IdxTest, LinksToTheArchivesAreFollowed) {
  testing::TemporaryFolder linked;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::filesystem::create_symlink(entry.path(), linked.path() / entry.path().filename());
  }
  EXPECT_TRUE(open_benchmark("fashion_mnist", "idx", linked.path()));
}

TEST_F(IdxTest, CountsMustAgree) {
  folder_.write("train-labels-idx1-ubyte.gz", testing::gzipped(idx_bytes({2}, "\1\0"s)));
  EXPECT_NE(refusal().find("3 images, but 2 labels"), std::string::npos);
}

TEST_F(IdxTest, DamagedArchivesAreNamedWithTheReason) {
  const std::string name = "train-images-idx3-ubyte.gz";
  const auto refused = [&](const std::string& bytes) {
    folder_.write(name, bytes);
    const std::string message = refusal();
    EXPECT_NE(message.find(name), std::string::npos);
    return message;
  };
  const std::string whole = testing::gzipped(idx_bytes({3, 2, 2}, "abcdefghijkl"));
  EXPECT_NE(refused(testing::gzipped(idx_bytes({4, 2, 2}, "abcdefghijkl"))).find("truncated"), std::string::npos);
  EXPECT_NE(refused(testing::gzipped(idx_bytes({2, 2, 2}, "abcdefghijkl"))).find("more data than"), std::string::npos);
  EXPECT_NE(refused(testing::gzipped(idx_bytes({12}, "abcdefghijkl"))).find("with 3 dimensions"), std::string::npos);
  EXPECT_NE(refused(testing::gzipped(idx_bytes({0xFFFFFFFF, 28, 28}, ""))).find("more than 1 GiB"), std::string::npos);
  EXPECT_NE(refused(testing::gzipped(idx_bytes({0x10000, 0x10000, 0x10000}, ""))).find("more than 1 GiB"),
            std::string::npos);
  EXPECT_NE(refused(whole.substr(0, whole.size() - 9)).find("truncated"), std::string::npos);
  EXPECT_NE(refused("").find("truncated"), std::string::npos);
  std::string flipped = whole;
  flipped[flipped.size() - 6] ^= 1;  // in the checksum
  EXPECT_NE(refused(flipped).find("damaged gzip data"), std::string::npos);
}

TEST_F(IdxTest, WithoutLabelsTheLayoutSaysWhatItWants) {
  std::filesystem::remove(folder_.path() / "train-labels-idx1-ubyte.gz");
  EXPECT_NE(refusal().find("no train-labels-idx1-ubyte[.gz]; layout idx expects"), std::string::npos);
}

TEST(FashionMnistTest, DebiansPackageHoldsTenClassesOfSevenThousand) {
  const std::filesystem::path folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the package dataset-fashion-mnist is not installed";
  const auto opened = open_benchmark("fashion_mnist", "idx", folder);
  ASSERT_TRUE(opened) << opened.error().message();
  ASSERT_EQ((*opened)->classes.size(), 10U);
  for (const ImageClass& known : (*opened)->classes) EXPECT_EQ(known.images.size(), 7000U);
  EXPECT_EQ((*opened)->classes[9].images[0], 0);  // the first training image is an ankle boot
  EXPECT_EQ((*opened)->source->load(0)->pixels.size(), 3U * 28 * 28);
}

}  // namespace
}  // namespace oodml::data
