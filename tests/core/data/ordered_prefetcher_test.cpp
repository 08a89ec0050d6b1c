#include "core/data/ordered_prefetcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

namespace oodml::data {
namespace {

using Sizes = std::vector<std::size_t>;

TEST(OrderedPrefetcherTest, EveryPlaceIsDoneOnceForAnyNumberOfThreads) {
  const Sizes sizes = {7, 0, 1, 13, 4, 0, 9, 2, 2, 30};
  for (const std::size_t threads : {1, 2, 8}) {
    for (const std::size_t window : {1, 3, 20}) {
      std::vector<std::vector<int>> done;  // plain ints: the prefetcher's lock is what publishes them
      for (const std::size_t size : sizes) done.emplace_back(size, 0);
      OrderedPrefetcher prefetcher(sizes, {.first = 0, .threads = threads, .window = window},
                                   [&](std::size_t batch, std::size_t place, std::size_t) {
                                     ++done[batch][place];
                                     return Status();
                                   });
      for (std::size_t batch = 0; batch < sizes.size(); ++batch) {
        ASSERT_TRUE(prefetcher.wait().ok());
        EXPECT_EQ(done[batch], std::vector<int>(sizes[batch], 1));
        prefetcher.advance();
      }
    }
  }
}

TEST(OrderedPrefetcherTest, NeverRunsFurtherAheadThanItsWindow) {
  std::atomic<std::size_t> consumed{0}, furthest_ahead{0};
  OrderedPrefetcher prefetcher(Sizes(40, 3), {.first = 0, .threads = 4, .window = 2},
                               [&](std::size_t batch, std::size_t, std::size_t) {
                                 const std::size_t ahead = batch - std::min(batch, consumed.load());
                                 std::size_t seen = furthest_ahead;
                                 while (ahead > seen && !furthest_ahead.compare_exchange_weak(seen, ahead)) {
                                 }
                                 return Status();
                               });
  for (std::size_t batch = 0; batch < 40; ++batch) {
    ASSERT_TRUE(prefetcher.wait().ok());
    ++consumed;
    prefetcher.advance();
  }
  EXPECT_LE(furthest_ahead, 1U);
}

TEST(OrderedPrefetcherTest, StartsAtTheBatchAskedFor) {
  std::atomic<std::size_t> lowest{99};
  OrderedPrefetcher prefetcher(Sizes(5, 1), {.first = 3, .threads = 2, .window = 4},
                               [&](std::size_t batch, std::size_t, std::size_t) {
                                 std::size_t seen = lowest;
                                 while (batch < seen && !lowest.compare_exchange_weak(seen, batch)) {
                                 }
                                 return Status();
                               });
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(prefetcher.wait().ok());
    prefetcher.advance();
  }
  EXPECT_EQ(lowest, 3U);
  EXPECT_THROW((void)prefetcher.wait(), std::logic_error);
}

TEST(OrderedPrefetcherTest, TheLowestFailureOfABatchIsToldForAnyNumberOfThreads) {
  for (const std::size_t threads : {1, 4}) {
    OrderedPrefetcher prefetcher({10, 50}, {.first = 0, .threads = threads, .window = 2},
                                 [](std::size_t batch, std::size_t place, std::size_t) -> Status {
                                   if (batch == 0) return {};
                                   if (place >= 17) return invalid_argument("place " + std::to_string(place));
                                   return {};
                                 });
    ASSERT_TRUE(prefetcher.wait().ok());
    prefetcher.advance();
    EXPECT_EQ(prefetcher.wait().message(), "place 17");
  }
}

TEST(OrderedPrefetcherTest, AnExceptionOfATaskBecomesAFailure) {
  OrderedPrefetcher prefetcher({1}, {},
                               [](std::size_t, std::size_t, std::size_t) -> Status { throw std::bad_alloc(); });
  EXPECT_EQ(prefetcher.wait().code(), StatusCode::kResourceExhausted);
}

TEST(OrderedPrefetcherTest, CanBeDroppedAtAnyMoment) {
  for (std::size_t consumed = 0; consumed < 6; ++consumed) {
    std::atomic<int> done{0};
    OrderedPrefetcher prefetcher(Sizes(100, 5), {.first = 0, .threads = 3, .window = 4},
                                 [&](std::size_t, std::size_t, std::size_t) {
                                   ++done;
                                   return Status();
                                 });
    for (std::size_t batch = 0; batch < consumed; ++batch) {
      ASSERT_TRUE(prefetcher.wait().ok());
      prefetcher.advance();
    }
  }
}

}  // namespace
}  // namespace oodml::data
