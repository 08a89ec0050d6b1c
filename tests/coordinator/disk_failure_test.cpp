// The disk under the store fails while it writes. SQLite's own table of system calls is where it is made to.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>

#include "coordinator/store/job_store.h"
#include "tests/coordinator/service_fixture.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::store {
namespace {

using testing::Answer;

std::atomic<int> planned_error = 0;       // errno of each write, 0: none
std::atomic<bool> in_the_log_too = true;  // false: only writes into the database itself fail

ssize_t write_or_fail(int file, const void* bytes, size_t size, off64_t offset) {
  char path[4096] = {};
  [[maybe_unused]] const ssize_t length =
      ::readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), path, sizeof(path) - 1);
  const bool log = std::string_view(path).ends_with("-wal");
  if (planned_error == 0 || (log && !in_the_log_too)) return ::pwrite64(file, bytes, size, offset);
  errno = planned_error;
  return -1;
}

class DiskFailureTest : public ::testing::Test {
 protected:
  DiskFailureTest() { set_write(reinterpret_cast<sqlite3_syscall_ptr>(&write_or_fail)); }
  ~DiskFailureTest() override {
    store.reset();
    planned_error = 0;
    in_the_log_too = true;
    set_write(nullptr);
  }
  static void set_write(sqlite3_syscall_ptr call) {
    sqlite3_vfs* const files = sqlite3_vfs_find(nullptr);
    ASSERT_EQ(files->xSetSystemCall(files, "pwrite64", call), SQLITE_OK);
  }

  void open(LogLimits limits = {}) {
    auto opened = JobStore::open(path, {.log = limits, .disk_failed = [this](const Status& status) {
                                          const std::lock_guard lock(mutex);
                                          told.push_back(status.message());
                                        }});
    ASSERT_TRUE(opened) << opened.error().text();
    store = *std::move(opened);
  }
  /// After a failure: as a next start finds it.
  void reopen() {
    store.reset();
    planned_error = 0;
    open();
  }

  Result<std::monostate> put(const std::string& key, const std::string& value = "x") {
    Answer<std::monostate> answer;
    store->write<std::monostate>(
        [key, value](Connection& database) -> Result<std::monostate> {
          database.execute("INSERT INTO meta (key, value) VALUES (?, ?)", key, value);
          return std::monostate{};
        },
        answer.reply());
    return answer.get();
  }
  bool has(const std::string& key) {
    return *store->read([&](Connection& database) -> Result<bool> {
      return database.query("SELECT 1 FROM meta WHERE key = ?", key).next();
    });
  }

  /// What the program was told.
  std::vector<std::string> failures() {
    const std::lock_guard lock(mutex);
    return told;
  }

  oodml::testing::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "jobs.db";
  std::mutex mutex;  // guards told
  std::vector<std::string> told;
  std::unique_ptr<JobStore> store;
};

TEST_F(DiskFailureTest, AfterAFailedWriteNothingIsAcknowledgedAnyMore) {
  for (const int error : {EIO, EROFS}) {
    open();
    const std::string before = "before " + std::to_string(error), during = "during " + std::to_string(error);
    ASSERT_TRUE(put(before));
    planned_error = error;
    EXPECT_EQ(put(during).error().code(), StatusCode::kUnavailable);
    ASSERT_EQ(failures().size(), 1u);
    EXPECT_NE(failures()[0].find(path.string()), std::string::npos) << failures()[0];
    const std::string why = "write failed (" + std::generic_category().message(error) + ")";
    EXPECT_NE(failures()[0].find(why), std::string::npos) << failures()[0];
    planned_error = 0;  // what works now proves nothing for what failed
    EXPECT_EQ(put("after").error().code(), StatusCode::kUnavailable);
    EXPECT_EQ(failures().size(), 1u) << "told once";
    reopen();
    EXPECT_TRUE(has(before));
    EXPECT_FALSE(has(during));
    EXPECT_TRUE(put(during));
    store.reset();
    told.clear();
  }
}

TEST_F(DiskFailureTest, AFullDiskRefusesAndGoesOn) {
  open();
  for (const int error : {ENOSPC, EDQUOT}) {
    const std::string key = std::to_string(error);
    planned_error = error;
    EXPECT_EQ(put(key).error().code(), StatusCode::kResourceExhausted) << key;
    planned_error = 0;
    EXPECT_FALSE(has(key));
    EXPECT_TRUE(put(key));
  }
  EXPECT_TRUE(failures().empty());
}

TEST_F(DiskFailureTest, ACheckpointThatFailsStopsTheStoreAndWhatWasAcknowledgedIsThere) {
  open({.checkpoint_pages = 8});
  in_the_log_too = false;
  planned_error = EIO;
  std::vector<std::string> acknowledged;
  for (int i = 0; i < 200 && failures().empty(); ++i) {
    if (put(std::to_string(i))) acknowledged.push_back(std::to_string(i));
  }
  ASSERT_EQ(failures().size(), 1u) << "no checkpoint was made, or its error was swallowed";
  EXPECT_GT(acknowledged.size(), 3u);
  reopen();
  for (const std::string& key : acknowledged) EXPECT_TRUE(has(key)) << key;
}

TEST_F(DiskFailureTest, ACheckpointThatFindsNoSpaceIsPutOff) {
  open({.checkpoint_pages = 8});
  in_the_log_too = false;
  planned_error = ENOSPC;
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(put(std::to_string(i), std::string(2000, 'x')));
  const auto log_size = [&] { return std::filesystem::file_size(path.string() + "-wal"); };
  const auto grown = log_size();
  planned_error = 0;
  for (int i = 50; i < 100; ++i) EXPECT_TRUE(put(std::to_string(i), std::string(2000, 'x')));
  EXPECT_TRUE(failures().empty());
  EXPECT_LT(log_size() - grown, 100'000u) << "the log never began again";
}

TEST_F(DiskFailureTest, TheLastCheckpointOfACleanStopIsNotSilentEither) {
  open();
  ASSERT_TRUE(put("last"));
  in_the_log_too = false;
  planned_error = EIO;
  store.reset();
  EXPECT_EQ(failures().size(), 1u);
  planned_error = 0;
  open();
  EXPECT_TRUE(has("last"));
}

TEST_F(DiskFailureTest, AStartOnADiskThatFailsIsRefused) {
  open();
  ASSERT_TRUE(put("kept"));
  in_the_log_too = false;
  planned_error = EIO;
  store.reset();  // the log stays as it is
  told.clear();
  const auto refused = JobStore::open(path, {.disk_failed = [](const Status&) { ADD_FAILURE(); }});
  ASSERT_FALSE(refused) << "what it read may be in the page cache only";
  EXPECT_NE(refused.error().message().find("Input/output error"), std::string::npos) << refused.error().message();
  planned_error = 0;
  open();
  EXPECT_TRUE(has("kept"));
}

}  // namespace
}  // namespace oodml::coordinator::store
