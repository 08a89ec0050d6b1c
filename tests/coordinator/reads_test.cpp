// Reads that take long, or hold an old state, hold up nobody and let the write-ahead log stay short.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "coordinator/store/job_store.h"
#include "tests/coordinator/service_fixture.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::store {
namespace {

using namespace std::chrono_literals;
using testing::Answer;

class ReadsTest : public ::testing::Test {
 protected:
  void open(ReadLimits reads, LogLimits log = {}) {
    auto opened = JobStore::open(path, {.reads = reads, .log = log, .disk_failed = [](const Status& status) {
                                          ADD_FAILURE() << status.text();
                                        }});
    ASSERT_TRUE(opened) << opened.error().text();
    store = *std::move(opened);
  }
  Answer<std::monostate> put(int key, std::size_t bytes) {
    Answer<std::monostate> answer;
    store->write<std::monostate>(
        [key, bytes](Connection& database) -> Result<std::monostate> {
          database.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", std::to_string(key),
                           std::string(bytes, 'x'));
          return std::monostate{};
        },
        answer.reply());
    return answer;
  }
  /// Sees one state of the database and does not end by itself.
  Result<std::int64_t> endless_read() {
    return store->read([](Connection& database) -> Result<std::int64_t> {
      Rows rows = database.query(
          "WITH RECURSIVE n (i) AS (SELECT count(*) FROM meta UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
      return rows.next() ? rows.integer(0) : -1;
    });
  }

  oodml::testing::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "jobs.db";
  std::unique_ptr<JobStore> store;
};

TEST_F(ReadsTest, AReadThatTakesTooLongIsEnded) {
  open({.longest_read = 200ms});
  const auto ended = endless_read();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(ended.error().message().find("longer than 0.2 s"), std::string::npos) << ended.error().message();
  // The connection is as good as before.
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(store->read([](Connection& database) -> Result<bool> { return database.query("SELECT 1").next(); }));
  }
}

TEST_F(ReadsTest, WhoFindsNoFreeReaderIsToldSo) {
  open({.connections = 2, .longest_wait = 100ms});
  std::latch reading(2), enough(1);
  std::vector<std::thread> holders;
  for (int i = 0; i < 2; ++i) {
    holders.emplace_back([&] {
      EXPECT_TRUE(store->read([&](Connection&) -> Result<bool> {
        reading.count_down();
        enough.wait();
        return true;
      }));
    });
  }
  reading.wait();
  const auto busy = store->read([](Connection&) -> Result<bool> { return true; });
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(busy.error().message().find("busy with other reads"), std::string::npos) << busy.error().message();
  enough.count_down();
  for (std::thread& holder : holders) holder.join();
  EXPECT_TRUE(store->read([](Connection&) -> Result<bool> { return true; }));
}

TEST_F(ReadsTest, TheLogStaysShortHoweverReadersTakeTurns) {
  constexpr std::uint64_t kPage = 4096 + 24;
  constexpr int kMostPages = 600, kBytesAtOnce = 40'000;
  open({.connections = 2, .longest_wait = 60s, .longest_read = 60s},
       {.checkpoint_pages = 100, .most_pages = kMostPages, .grace = 500ms});
  std::atomic<bool> over = false;
  std::atomic<int> ended = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!over) {
        const auto read = endless_read();
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code(), StatusCode::kResourceExhausted);
        ++ended;
      }
    });
  }
  std::uint64_t largest = 0;
  for (int i = 0; i < 400; ++i) {  // 16 MB
    EXPECT_TRUE(put(i % 50, kBytesAtOnce).get());
    largest = std::max<std::uint64_t>(largest, std::filesystem::file_size(path.string() + "-wal"));
  }
  over = true;
  // Those that still read are in the way of one more truncation.
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(put(i % 50, kBytesAtOnce).get());
  });
  for (std::thread& reader : readers) reader.join();
  writer.join();
  EXPECT_LT(largest, (kMostPages + 100) * kPage);
  EXPECT_GT(ended, 2) << "no reader had to give way: the test shows nothing";
}

TEST_F(ReadsTest, AReadThatCannotBeEndedDelaysWritesButDoesNotStopThem) {
  open({.longest_wait = 60s}, {.checkpoint_pages = 20, .most_pages = 60, .grace = 20ms});
  std::latch reading(1), enough(1);
  std::thread holder([&] {
    EXPECT_TRUE(store->read([&](Connection& database) -> Result<bool> {
      const bool any = database.query("SELECT 1 FROM meta").next();
      reading.count_down();
      enough.wait();
      return any;
    }));
  });
  reading.wait();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(put(i, 20'000).get());
  enough.count_down();
  holder.join();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(put(i, 20'000).get());
  EXPECT_LT(std::filesystem::file_size(path.string() + "-wal"), 1'000'000u);
}

}  // namespace
}  // namespace oodml::coordinator::store
