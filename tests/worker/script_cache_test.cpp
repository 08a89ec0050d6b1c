#include "worker/script_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "core/base/sha256.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::read_text;
using testing::write_text;

class ScriptCacheTest : public ::testing::Test {
 protected:
  void open(std::int64_t keep_bytes = 1000) {
    auto opened = ScriptCache::open(folder_ / "scripts", keep_bytes);
    if (!opened) throw std::runtime_error(opened.error().text());
    cache_ = *std::move(opened);
  }
  Result<ScriptCache::Hold> hold(const std::string& text) {
    const auto fetch = [&](const fs::path& to) {
      ++fetches_;
      write_text(to, text);
      return Status();
    };
    return cache_->hold(sha256_hex(text), std::ssize(text), fetch, [] { return false; });
  }
  bool has(const std::string& text) const { return fs::exists(folder_ / "scripts" / sha256_hex(text)); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_ / "scripts"), {}));
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<ScriptCache> cache_;
  std::atomic<int> fetches_ = 0;
};

TEST_F(ScriptCacheTest, WhatWasFetchedOnceIsThereReadOnlyAlsoAfterARestart) {
  open();
  for (int i = 0; i < 2; ++i) {
    const auto held = hold("code");
    ASSERT_TRUE(held) << held.error().text();
    EXPECT_EQ(read_text(held->file()), "code");
    EXPECT_EQ(fs::status(held->file()).permissions(), fs::perms::owner_read);
  }
  fs::create_directories(folder_ / "scripts" / (sha256_hex("torn") + ".coming"));
  open();
  ASSERT_TRUE(hold("code"));
  EXPECT_EQ(fetches_, 1);
  EXPECT_EQ(files(), 1u) << "what an earlier life did not finish is gone";
}

TEST_F(ScriptCacheTest, SlotsThatWantTheSameAtOnceFetchItOnce) {
  open();
  std::latch fetching(1), may_end(1);
  std::jthread first([&] {
    const auto fetch = [&](const fs::path& to) {
      fetching.count_down();
      may_end.wait();
      ++fetches_;
      write_text(to, "code");
      return Status();
    };
    EXPECT_TRUE(cache_->hold(sha256_hex("code"), 4, fetch, [] { return false; }));
  });
  fetching.wait();
  const auto stopped = cache_->hold(sha256_hex("code"), 4, nullptr, [] { return true; });
  EXPECT_EQ(stopped.error().code(), StatusCode::kCancelled) << "who waits may be told to stop";
  std::jthread second([&] { EXPECT_TRUE(hold("code")); });
  may_end.count_down();
  first.join();
  second.join();
  EXPECT_EQ(fetches_, 1);
}

TEST_F(ScriptCacheTest, ATornOrForeignDownloadIsNeverUsed) {
  open();
  const auto never = [] { return false; };
  const std::string hash = sha256_hex("code");
  const auto torn = cache_->hold(
      hash, 4,
      [](const fs::path& to) {
        write_text(to, "co");
        return unavailable("the line is down");
      },
      never);
  EXPECT_EQ(torn.error().code(), StatusCode::kUnavailable);
  const auto other = cache_->hold(
      hash, 4,
      [](const fs::path& to) {
        write_text(to, "evil");
        return Status();
      },
      never);
  EXPECT_EQ(other.error().code(), StatusCode::kDataLoss);
  EXPECT_EQ(files(), 0u);
  EXPECT_TRUE(hold("code"));
}

TEST_F(ScriptCacheTest, AFileThatWasChangedIsFetchedAgain) {
  open();
  ASSERT_TRUE(hold("code"));
  const fs::path file = folder_ / "scripts" / sha256_hex("code");
  fs::permissions(file, fs::perms::owner_all);
  write_text(file, "evil");
  const auto held = hold("code");
  ASSERT_TRUE(held) << held.error().text();
  EXPECT_EQ(read_text(held->file()), "code");
  EXPECT_EQ(fetches_, 2);
}

TEST_F(ScriptCacheTest, TheLeastRecentlyUsedLeaveFirstAndNeverWhatATrialUses) {
  open(10);
  ASSERT_TRUE(hold("aaaa"));
  ASSERT_TRUE(hold("bbbb"));
  {
    const auto used = hold("aaaa");
    ASSERT_TRUE(hold("cccc"));
    EXPECT_TRUE(has("aaaa") && !has("bbbb") && has("cccc"));
    ASSERT_TRUE(hold("a large one of twenty"));
    EXPECT_TRUE(has("aaaa")) << "it is used";
    EXPECT_FALSE(has("cccc"));
  }
  EXPECT_FALSE(has("a large one of twenty")) << "more than is kept when nobody uses it";
  EXPECT_TRUE(has("aaaa"));
}

}  // namespace
}  // namespace oodml::worker
