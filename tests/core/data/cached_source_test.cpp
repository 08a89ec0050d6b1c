#include "core/data/cached_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/images/decode.h"
#include "tests/core/images/sample_images.h"

namespace oodml::data {
namespace {

/// JPEG files in memory; counts what is decoded.
class FilesSource final : public ImageSource {
 public:
  Result<images::Image> load(std::int64_t index) const override {
    ++decoded;
    return images::decode_image(files_[static_cast<std::size_t>(index)], name(index));
  }
  Result<images::ImagePart> load_part(std::int64_t index, const images::ChooseRegion& choose) const override {
    ++decoded;
    return images::decode_part(files_[static_cast<std::size_t>(index)], name(index), choose);
  }
  std::string name(std::int64_t index) const override { return "file " + std::to_string(index); }

  mutable std::atomic<int> decoded = 0;

 private:
  std::vector<std::string> files_ = {images::jpeg_bytes(images::patterned_image(64, 48, 1)),
                                     images::jpeg_bytes(images::patterned_image(48, 64, 2)),
                                     images::jpeg_bytes(images::patterned_image(64, 48, 3)), "damaged"};
};

constexpr std::int64_t kImage = 3 * 64 * 48;

class CachedSourceTest : public ::testing::Test {
 protected:
  static images::ChooseRegion wanting(const images::Box& box, double reducible = 1.0) {
    return [=](const images::Size&) { return images::Wanted{.region = box, .reducible = reducible}; };
  }
  /// The levels of `box`, which may lie inside a larger part.
  static std::vector<std::uint8_t> levels(const images::ImagePart& part, const images::Box& box) {
    std::vector<std::uint8_t> levels;
    for (std::int64_t y = 0; y < box.height; ++y) {
      const auto row =
          part.pixels().pixels.begin() + 3 * ((box.top - part.top + y) * part.pixels().width + box.left - part.left);
      levels.insert(levels.end(), row, row + 3 * box.width);
    }
    return levels;
  }

  std::shared_ptr<FilesSource> files_ = std::make_shared<FilesSource>();
};

TEST_F(CachedSourceTest, AnImageIsDecodedOnceAndEveryRegionHasItsPixels) {
  const CachedSource cached(files_, 10 * kImage);
  const FilesSource plain;
  for (const images::Box& box :
       {images::Box{0, 0, 48, 64}, images::Box{5, 9, 7, 30}, images::Box{47, 63, 1, 1}, images::Box{0, 0, 1, 64}}) {
    const auto part = cached.load_part(0, wanting(box));
    ASSERT_TRUE(part);
    EXPECT_EQ(part->full, (images::Size{64, 48}));
    EXPECT_EQ(part->scaled, part->full);
    EXPECT_EQ(levels(*part, box), levels(*plain.load_part(0, wanting(box)), box));
  }
  EXPECT_EQ(cached.load(0)->pixels, plain.load(0)->pixels);
  EXPECT_EQ(files_->decoded, 1);
  EXPECT_EQ(cached.kept_bytes(), kImage);
}

TEST_F(CachedSourceTest, AKeptImageHoldsNoMoreMemoryThanItsPixels) {
  const CachedSource cached(files_, 10 * kImage);
  images::reuse(
      images::ImagePart::whole({.width = 96, .height = 96, .pixels = std::vector<std::uint8_t>(3 * 96 * 96)}));
  const auto part = cached.load_part(0, wanting({0, 0, 8, 8}));  // decoded into the memory of the larger one
  ASSERT_TRUE(part && part->kept != nullptr);
  EXPECT_EQ(part->kept->pixels.capacity(), static_cast<std::size_t>(kImage));
}

TEST_F(CachedSourceTest, OnlyAsManyAreKeptAsFit) {
  const CachedSource cached(files_, 2 * kImage + kImage / 2);
  for (int round = 0; round < 3; ++round) {
    for (std::int64_t index = 0; index < 3; ++index) EXPECT_TRUE(cached.load_part(index, wanting({0, 0, 8, 8})));
    EXPECT_EQ(files_->decoded, 3 + round);  // the third again each time
  }
  EXPECT_EQ(cached.kept_bytes(), 2 * kImage);
}

TEST_F(CachedSourceTest, WhatMayBeDecodedSmallerIsLeftToTheSource) {
  const CachedSource cached(files_, 10 * kImage);
  ASSERT_TRUE(cached.load_part(0, wanting({0, 0, 48, 64})));
  for (const std::int64_t index : {0, 1}) {
    const auto part = cached.load_part(index, wanting({0, 0, 48, 48}, 2.0));
    EXPECT_EQ(part->scaled.width, part->full.width / 2);
  }
  EXPECT_EQ(cached.kept_bytes(), kImage);
}

TEST_F(CachedSourceTest, AFailureIsTheSourcesAndNothingIsKept) {
  const CachedSource cached(files_, 10 * kImage);
  EXPECT_EQ(cached.load_part(3, wanting({})).error().message(),
            "file 3: a text file; JPEG, PNG and WebP files are read");
  EXPECT_EQ(cached.kept_bytes(), 0);
  EXPECT_EQ(cached.name(3), "file 3");
}

TEST_F(CachedSourceTest, ThreadsThatAskForTheSameImagesKeepEachOnce) {
  const CachedSource cached(files_, 2 * kImage);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (std::int64_t i = 0; i < 60; ++i) EXPECT_TRUE(cached.load_part(i % 3, wanting({1, 2, 9, 9})));
      });
    }
  }
  EXPECT_EQ(cached.kept_bytes(), 2 * kImage);
}

}  // namespace
}  // namespace oodml::data
