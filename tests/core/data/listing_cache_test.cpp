#include "core/data/listing_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/atomic_file.h"
#include "core/data/benchmark.h"
#include "core/data/listing_bytes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace oodml::data {
namespace {

using Names = std::vector<std::string>;
using std::chrono::hours;

/// A folder with two files, and a clock by which all of it was written long ago.
class ListingCacheTest : public ::testing::Test {
 protected:
  ListingCacheTest() {
    folder_.write("images/b.jpg", "");
    folder_.write("images/a.jpg", "");
    later_.advance(hours(24 * 365 * 100));
  }
  std::filesystem::path images() const { return folder_.path() / "images"; }
  std::filesystem::path file() const { return folder_.path() / "cache" / "listings"; }

  struct Seen {
    Names files;
    std::int64_t listed = 0;
    friend bool operator==(const Seen&, const Seen&) = default;
  };
  /// As a process of its own sees the folder.
  Seen look(const Clock& clock) {
    ListingCache cache(file(), clock);
    const auto listing = cache.list(images());
    EXPECT_TRUE(listing) << listing.error().message();
    EXPECT_TRUE(cache.save().ok());
    return {listing ? listing->files : Names(), cache.listed()};
  }
  const Seen fresh_{{"a.jpg", "b.jpg"}, 1}, remembered_{{"a.jpg", "b.jpg"}, 0};

  testing::TemporaryFolder folder_;
  testing::FakeClock later_;
};

TEST_F(ListingCacheTest, AnUnchangedFolderIsListedOnce) {
  EXPECT_EQ(look(later_), fresh_);
  EXPECT_EQ(look(later_), remembered_);
  EXPECT_EQ(look(later_), remembered_);
}

TEST_F(ListingCacheTest, AFileThatComesGoesOrIsRenamedIsSeen) {
  look(later_);
  folder_.write("images/c.jpg", "");
  EXPECT_EQ(look(later_), (Seen{{"a.jpg", "b.jpg", "c.jpg"}, 1}));
  std::filesystem::remove(images() / "a.jpg");
  EXPECT_EQ(look(later_), (Seen{{"b.jpg", "c.jpg"}, 1}));
  std::filesystem::rename(images() / "b.jpg", images() / "d.jpg");
  EXPECT_EQ(look(later_), (Seen{{"c.jpg", "d.jpg"}, 1}));
}

TEST_F(ListingCacheTest, AFileThatComesIsSeenThoughTheTimeOfModificationIsSetBack) {
  look(later_);
  struct stat before{};
  ASSERT_EQ(::stat(images().c_str(), &before), 0);
  folder_.write("images/c.jpg", "");
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, images().c_str(), times, 0), 0);
  EXPECT_EQ(look(later_), (Seen{{"a.jpg", "b.jpg", "c.jpg"}, 1}));
}

TEST_F(ListingCacheTest, AnotherFolderInItsPlaceIsSeen) {
  look(later_);
  folder_.write("other/z.jpg", "");
  std::filesystem::rename(images(), folder_.path() / "gone");
  std::filesystem::rename(folder_.path() / "other", images());
  EXPECT_EQ(look(later_), (Seen{{"z.jpg"}, 1}));
}

TEST_F(ListingCacheTest, AFolderThatChangedAMomentAgoIsNotRemembered) {
  const SystemClock now;
  EXPECT_EQ(look(now), fresh_);
  EXPECT_EQ(look(now), fresh_);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(ListingCacheTest, AFolderWithLinksIsNotRemembered) {
  std::filesystem::create_symlink("a.jpg", images() / "link.jpg");
  const Seen seen{{"a.jpg", "b.jpg", "link.jpg"}, 1};
  EXPECT_EQ(look(later_), seen);
  std::filesystem::remove(images() / "a.jpg");
  EXPECT_EQ(look(later_), (Seen{{"b.jpg"}, 1}));
}

TEST_F(ListingCacheTest, ATornOrForeignFileHoldsNothing) {
  look(later_);
  const std::string whole = *read_file(file(), 1 << 20);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    folder_.write("cache/listings", whole.substr(0, size));
    ASSERT_EQ(look(later_), fresh_) << size;
  }
  std::string flipped = whole;
  flipped[whole.size() - 3] ^= 1;
  folder_.write("cache/listings", flipped);
  EXPECT_EQ(look(later_), fresh_);
  folder_.write("cache/listings", "oodml-listings 2 " + whole.substr(17));
  EXPECT_EQ(look(later_), fresh_);
}

TEST_F(ListingCacheTest, AFileThatCannotBeWrittenIsAFailureOfSavingOnly) {
  folder_.write("cache", "a file where the folder should be");
  ListingCache cache(file(), later_);
  EXPECT_EQ(cache.list(images())->files, (Names{"a.jpg", "b.jpg"}));
  EXPECT_FALSE(cache.save().ok());
}

TEST_F(ListingCacheTest, FoldersThatAreNotAskedForAnyMoreAreForgotten) {
  folder_.write("more/x.jpg", "");
  {
    ListingCache cache(file(), later_);
    (void)cache.list(images());
    (void)cache.list(folder_.path() / "more");
    ASSERT_TRUE(cache.save().ok());
  }
  const auto both = std::filesystem::file_size(file());
  folder_.write("images/c.jpg", "");
  look(later_);
  EXPECT_LT(std::filesystem::file_size(file()), both);
}

TEST_F(ListingCacheTest, ABenchmarkOfRememberedFoldersIsTheSame) {
  for (const char* name : {"2.Crow/b.jpg", "1.Gull/a.jpg", "1.Gull/notes.txt"}) {
    folder_.write(std::string("cub200/images/") + name, "");
  }
  for (const std::int64_t listed : {3, 0}) {
    ListingCache cache(file(), later_);
    const auto benchmark = *open_benchmark("cub200", "cub200", folder_.path() / "cub200", cache);
    EXPECT_EQ(benchmark->classes[0].name, "1.Gull");
    EXPECT_EQ(benchmark->skipped.size(), 1U);
    EXPECT_EQ(cache.listed(), listed);
    ASSERT_TRUE(cache.save().ok());
  }
}

TEST(ListingBytesTest, NoLengthIsBelievedBeforeItsBytesAreThere) {
  ListingWriter writer;
  writer.number(std::int64_t{1} << 60);
  writer.text("abc");
  ListingReader as_text(writer.bytes()), as_texts(writer.bytes());
  EXPECT_EQ(as_text.text(), "");
  EXPECT_TRUE(as_text.failed());
  EXPECT_TRUE(as_texts.texts().empty());
  EXPECT_TRUE(as_texts.failed());
}

}  // namespace
}  // namespace oodml::data
