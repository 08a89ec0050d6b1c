#include "core/data/loader.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <set>

#include "core/data/benchmark.h"
#include "core/data/cached_source.h"
#include "core/data/select_classes.h"
#include "tests/core/images/sample_images.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

using Batches = std::vector<std::vector<std::int64_t>>;

/// Two classes of six small images in files.
class LoaderTest : public ::testing::Test {
 protected:
  LoaderTest() {
    for (int i = 0; i < 12; ++i) {
      const images::Image image = images::patterned_image(20 + i, 30 - i, i);
      folder_.write((i < 6 ? "a/" : "b/") + std::to_string(i % 6) + (i % 2 == 0 ? ".png" : ".jpg"),
                    i % 2 == 0 ? images::png_bytes(image) : images::jpeg_bytes(image));
    }
    open();
  }
  void open() {
    const auto benchmark = *open_benchmark("mine", "image_folder", folder_.path());
    dataset_ = *select_classes(*benchmark, {"b", "a"}, 0);
  }
  static LoaderOptions options(std::int64_t threads, bool training = true) {
    LoaderOptions options;
    options.transform = {
        .pipeline = training ? images::Pipeline::kBase : images::Pipeline::kEvaluation, .crop_size = 16, .resize = 18};
    options.threads = threads;
    options.prefetch_batches = 2;
    return options;
  }
  std::vector<Batch> load_all(std::int64_t threads, std::size_t first = 0, std::uint64_t epoch = 5) {
    return load_all(options(threads), first, epoch);
  }
  std::vector<Batch> load_all(const LoaderOptions& options, std::size_t first = 0, std::uint64_t epoch = 5) {
    Loader loader(dataset_, options, batches_, Seeds(11), epoch, first);
    std::vector<Batch> loaded;
    while (true) {
      Result<Batch> batch = loader.next();
      EXPECT_TRUE(batch) << batch.error().message();
      if (!batch || !batch->images.defined()) return loaded;
      loaded.push_back(*std::move(batch));
    }
  }
  static void expect_equal(const Batch& a, const Batch& b) {
    EXPECT_TRUE(torch::equal(a.images, b.images));
    EXPECT_TRUE(torch::equal(a.labels, b.labels));
    EXPECT_TRUE(torch::equal(a.positions, b.positions));
  }

  testing::TemporaryFolder folder_;
  std::shared_ptr<const Dataset> dataset_;
  Batches batches_ = {{0, 1, 7, 7}, {11, 2}, {3, 4, 5, 6, 8, 9, 10}, {0}, {1, 1}};
};

TEST_F(LoaderTest, OneAndFourThreadsGiveTheSameBits) {
  const auto one = load_all(1), four = load_all(4);
  ASSERT_EQ(one.size(), batches_.size());
  ASSERT_EQ(four.size(), batches_.size());
  for (std::size_t i = 0; i < one.size(); ++i) expect_equal(one[i], four[i]);
}

TEST_F(LoaderTest, KeptImagesGiveTheSameBitsWhetherAllFitOrSome) {
  const auto plain = load_all(1);
  for (const std::int64_t bytes : {0, 5'000, 1'000'000}) {
    auto kept = std::make_shared<Dataset>(*dataset_);
    kept->source = std::make_shared<CachedSource>(dataset_->source, bytes);
    const auto without = std::exchange(dataset_, kept);
    for (const std::int64_t threads : {1, 4, 1}) {  // the later ones find images there
      const auto loaded = load_all(threads);
      for (std::size_t i = 0; i < plain.size(); ++i) expect_equal(loaded[i], plain[i]);
    }
    dataset_ = without;
  }
}

TEST_F(LoaderTest, MemoryComesAgainOnceNobodyHoldsItsBatch) {
  batches_.assign(20, batches_.front());
  const std::vector<Batch> all = load_all(1);
  Loader loader(dataset_, options(1), batches_, Seeds(11), 5);
  std::vector<Batch> held;  // a part of one batch is enough to keep it
  std::set<const void*> places;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    Result<Batch> batch = loader.next();
    ASSERT_TRUE(batch) << batch.error().message();
    EXPECT_TRUE(torch::equal(batch->images, all[i].images));
    places.insert(batch->images.data_ptr());
    batch->images = batch->images.slice(0, 0, 1);
    if (i < 2) held.push_back(*std::move(batch));
  }
  for (std::size_t i = 0; i < held.size(); ++i) EXPECT_TRUE(torch::equal(held[i].images, all[i].images.slice(0, 0, 1)));
  EXPECT_LT(places.size(), 10U);
}

TEST_F(LoaderTest, StartingLateChangesNothing) {
  const auto whole = load_all(2), late = load_all(2, 3);
  ASSERT_EQ(late.size(), 2U);
  expect_equal(whole[3], late[0]);
  expect_equal(whole[4], late[1]);
}

TEST_F(LoaderTest, ShapesLabelsAndPositionsFollowTheBatches) {
  const Batch batch = load_all(1)[0];
  EXPECT_EQ(batch.images.sizes(), (std::vector<std::int64_t>{4, 3, 16, 16}));
  EXPECT_TRUE(torch::equal(batch.labels, torch::tensor({0, 0, 1, 1}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(batch.positions, torch::tensor({0, 1, 7, 7}, torch::kInt64)));
}

TEST_F(LoaderTest, AugmentationDiffersByPlaceAndByEpoch) {
  const auto fifth = load_all(1, 0, 5), sixth = load_all(1, 0, 6);
  EXPECT_FALSE(torch::equal(fifth[0].images[2], fifth[0].images[3]));  // position 7 twice
  EXPECT_FALSE(torch::equal(fifth[0].images[0], sixth[0].images[0]));
}

TEST_F(LoaderTest, ASecondViewIsAnotherDrawOfTheSameImageAndLeavesTheFirstAlone) {
  LoaderOptions two_views = options(3);
  two_views.second_view = true;
  const auto alone = load_all(1), both = load_all(two_views);
  expect_equal(both[0], alone[0]);
  EXPECT_FALSE(alone[0].second_view.defined());
  EXPECT_EQ(both[0].second_view.sizes(), both[0].images.sizes());
  EXPECT_FALSE(torch::equal(both[0].second_view[0], both[0].images[0]));
  two_views.transform.pipeline = images::Pipeline::kEvaluation;  // without draws both are the image itself
  const auto plain = load_all(two_views);
  EXPECT_TRUE(torch::equal(plain[0].second_view, plain[0].images));
}

TEST_F(LoaderTest, EvaluationDependsOnTheImageAlone) {
  const auto loaded = load_all(options(2, false));
  EXPECT_TRUE(torch::equal(loaded[0].images[2], loaded[0].images[3]));  // position 7 twice
}

TEST_F(LoaderTest, ADamagedImageIsNamedWhenItsBatchIsReached) {
  folder_.write("b/2.png", "nothing");
  Loader loader(dataset_, options(3), batches_, Seeds(11), 0);
  EXPECT_TRUE(loader.next());
  const auto second = loader.next();
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().message().ends_with("b/2.png: a text file; JPEG, PNG and WebP files are read"))
      << second.error().message();
}

TEST_F(LoaderTest, DroppingAHalfReadLoaderReturns) {
  Loader loader(dataset_, options(4), Batches(200, {0, 1, 2, 3}), Seeds(1), 0);
  EXPECT_TRUE(loader.next());
}

TEST_F(LoaderTest, NoBatchesAndEmptyBatchesAreFine) {
  EXPECT_FALSE(Loader(dataset_, options(2), {}, Seeds(1), 0).next()->images.defined());
  Loader loader(dataset_, options(2), {{}, {1}}, Seeds(1), 0);
  EXPECT_EQ(loader.next()->images.size(0), 0);
  EXPECT_EQ(loader.next()->images.size(0), 1);
  EXPECT_FALSE(loader.next()->images.defined());
}

TEST_F(LoaderTest, PositionsOutsideTheDatasetAreABug) {
  EXPECT_THROW(Loader(dataset_, options(1), {{12}}, Seeds(1), 0), std::out_of_range);
}

}  // namespace
}  // namespace oodml::data
