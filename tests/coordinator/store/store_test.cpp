#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>
#include <future>
#include <limits>

#include "coordinator/store/job_store.h"
#include "coordinator/store/trial_table.h"
#include "tests/coordinator/service_fixture.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::store {
namespace {

using testing::Answer;

class StoreTest : public ::testing::Test {
 protected:
  static StoreOptions options() {
    return {.disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }};
  }
  std::unique_ptr<JobStore> open_store() {
    auto opened = JobStore::open(path, options());
    if (!opened) throw std::runtime_error(opened.error().text());
    return *std::move(opened);
  }
  static Result<std::monostate> put(Connection& database, const std::string& key, const std::string& value) {
    database.execute("INSERT INTO meta (key, value) VALUES (?, ?)", key, value);
    return std::monostate{};
  }
  static std::string get(JobStore& store, const std::string& key) {
    return *store.read([&](Connection& database) -> Result<std::string> {
      Rows rows = database.query("SELECT value FROM meta WHERE key = ?", key);
      return rows.next() ? rows.text(0) : "none";
    });
  }
  Answer<std::monostate> write(JobStore& store, std::function<Result<std::monostate>(Connection&)> work) {
    Answer<std::monostate> answer;
    store.write<std::monostate>(std::move(work), answer.reply());
    return answer;
  }

  oodml::testing::TemporaryFolder folder;
  std::filesystem::path path = folder.path() / "jobs.db";
};

TEST_F(StoreTest, WritesAheadAndSyncsEveryCommit) {
  const auto store = open_store();
  Answer<std::string> answer;
  store->write<std::string>(
      [](Connection& database) -> Result<std::string> {
        std::string text;
        for (const char* pragma : {"PRAGMA journal_mode", "PRAGMA synchronous", "PRAGMA foreign_keys"}) {
          Rows rows = database.query(pragma);
          if (rows.next()) text += rows.text(0) + " ";
        }
        return text;
      },
      answer.reply());
  EXPECT_EQ(*answer.get(), "wal 2 1 ");
}

TEST_F(StoreTest, ReadersCannotWriteAndNeverCheckpoint) {
  const auto store = open_store();
  const auto refused = store->read([](Connection& database) { return put(database, "k", "v"); });
  EXPECT_EQ(refused.error().code(), StatusCode::kPermissionDenied) << refused.error().text();
  const auto automatic = store->read([](Connection& database) -> Result<std::int64_t> {
    Rows rows = database.query("PRAGMA wal_autocheckpoint");
    return rows.next() ? rows.integer(0) : -1;
  });
  EXPECT_EQ(*automatic, 0);
}

TEST_F(StoreTest, AFailingCommandTakesBackOnlyItself) {
  const auto store = open_store();
  auto good = write(*store, [](Connection& database) { return put(database, "a", "1"); });
  auto bad = write(*store, [](Connection& database) -> Result<std::monostate> {
    OODML_RETURN_IF_ERROR(put(database, "b", "1").has_value() ? Status() : Status());
    return invalid_argument("changed my mind");
  });
  auto twice = write(*store, [](Connection& database) { return put(database, "a", "2"); });
  auto last = write(*store, [](Connection& database) { return put(database, "c", "1"); });
  EXPECT_TRUE(good.get());
  EXPECT_EQ(bad.get().error().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(twice.get());
  EXPECT_TRUE(last.get());
  EXPECT_EQ(get(*store, "a") + get(*store, "b") + get(*store, "c"), "1none1");
}

TEST_F(StoreTest, WhatWasPushedIsCommittedBeforeTheStoreCloses) {
  std::vector<Answer<std::monostate>> answers;
  {
    const auto store = open_store();
    for (int i = 0; i < 2000; ++i) {
      answers.push_back(write(*store, [i](Connection& database) { return put(database, std::to_string(i), "x"); }));
    }
  }
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(get(*open_store(), "1999"), "x");
}

TEST_F(StoreTest, ManyRowsThatWaitArePassedByWhatHasFew) {
  const auto store = open_store();
  std::promise<void> begun, go;
  auto first = write(*store, [&begun, gate = go.get_future().share()](Connection&) -> Result<std::monostate> {
    begun.set_value();
    gate.wait();  // meanwhile the others queue up
    return std::monostate{};
  });
  begun.get_future().wait();
  std::vector<std::string> order;  // of the writer's thread
  const auto push = [&](const std::string& key, std::size_t rows) {
    store->write<std::monostate>([key](Connection& database) { return put(database, key, ""); },
                                 [&order, key](Result<std::monostate>) { order.push_back(key); }, rows);
  };
  for (const char* key : {"rows 1", "rows 2"}) push(key, 8000);
  push("huge", 50'000);
  push("lease", 0);
  Answer<std::monostate> last;
  store->write<std::monostate>([](Connection&) -> Result<std::monostate> { return std::monostate{}; }, last.reply(), 1);
  go.set_value();
  EXPECT_TRUE(first.get().has_value());
  EXPECT_TRUE(last.get().has_value());
  EXPECT_EQ(order, (std::vector<std::string>{"lease", "rows 1", "rows 2", "huge"}));
}

TEST_F(StoreTest, AFullDatabaseRefusesWhatDoesNotFitAndGoesOn) {
  const auto store = open_store();
  ASSERT_TRUE(write(*store, [](Connection& database) -> Result<std::monostate> {
                Rows rows = database.query("PRAGMA page_count");
                rows.next();
                database.script("PRAGMA max_page_count = " + std::to_string(rows.integer(0) + 4));
                return std::monostate{};
              }).get());
  const auto large = [](Connection& database) { return put(database, "large", std::string(1 << 20, 'x')); };
  auto refused = write(*store, large);
  auto small = write(*store, [](Connection& database) { return put(database, "small", "fits"); });
  const auto result = refused.get();
  EXPECT_EQ(result.error().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(result.error().message().find(path.string()), std::string::npos);
  EXPECT_TRUE(small.get());
  ASSERT_TRUE(write(*store, [](Connection& database) -> Result<std::monostate> {
                database.script("PRAGMA max_page_count = 100000");
                return std::monostate{};
              }).get());
  EXPECT_TRUE(write(*store, large).get());
}

TEST_F(StoreTest, NaNIsStoredAndInfinityToo) {
  Connection database(path, Access::kWrite);
  database.script("CREATE TABLE numbers (value REAL) STRICT");
  const double inf = std::numeric_limits<double>::infinity();
  for (const double value : {std::nan(""), inf, -inf, 0.1}) database.execute("INSERT INTO numbers VALUES (?)", value);
  Rows rows = database.query("SELECT value FROM numbers ORDER BY rowid");
  rows.next();
  EXPECT_TRUE(std::isnan(rows.number(0)));
  for (const double value : {inf, -inf, 0.1}) {
    rows.next();
    EXPECT_EQ(rows.number(0), value);
  }
}

TEST_F(StoreTest, ANewerDatabaseIsRefusedUnchanged) {
  open_store();
  {
    Connection database(path, Access::kWrite);
    database.script("PRAGMA user_version = 999");
  }
  const auto refused = JobStore::open(path, options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.error().message().find("schema version 999"), std::string::npos) << refused.error().message();
  Connection database(path, Access::kWrite);
  Rows rows = database.query("PRAGMA user_version");
  rows.next();
  EXPECT_EQ(rows.integer(0), 999);
}

TEST_F(StoreTest, AnOlderDatabaseIsBroughtForwardStepByStep) {
  ASSERT_TRUE(write(*open_store(), [](Connection& database) { return put(database, "mine", "kept"); }).get());
  std::vector<Migration> future = migrations();
  const std::int64_t now = newest_version(future);
  future.push_back({.version = now + 1, .sql = "CREATE TABLE notes (text TEXT NOT NULL) STRICT"});
  future.push_back({.version = now + 2, .sql = "INSERT INTO notes VALUES ('moved')"});
  const auto store = *JobStore::open(path, options(), future);
  EXPECT_EQ(store->schema_version(), now + 2);
  EXPECT_EQ(get(*store, "mine"), "kept");
  EXPECT_EQ(get(*store, "schema_version"), std::to_string(now + 2));
  const auto notes = store->read([](Connection& database) -> Result<std::int64_t> {
    Rows rows = database.query("SELECT count(*) FROM notes");
    return rows.next() ? rows.integer(0) : -1;
  });
  EXPECT_EQ(*notes, 1);
}

TEST_F(StoreTest, ADatabaseOfVersionTwoLearnsWhatItsTrialsNeed) {
  std::vector<Migration> old = migrations();
  std::erase_if(old, [](const Migration& migration) { return migration.version > 2; });
  {
    const auto store = *JobStore::open(path, options(), old);
    ASSERT_TRUE(write(*store, [](Connection& database) -> Result<std::monostate> {
                  const auto add = [&](const char* fingerprint, const char* state, const std::string& settings) {
                    database.execute(
                        "INSERT INTO trials (fingerprint, benchmark, split, cpu_threads, state) "
                        "VALUES (?, 'cub200', '3', 2, ?)",
                        fingerprint, state);
                    database.execute("INSERT INTO trial_specs (trial_id, settings) VALUES (?, ?)",
                                     database.last_insert_id(), settings);
                  };
                  const std::string settings =
                      "arch \"resnet50_frozen_normalize\"\nbenchmark \"cub200\"\ncpu_threads 2\nsplit \"3\"\n"
                      "test_benchmark \"cars196\"\nweights \"imagenet\"\n";
                  add("one", "queued", settings);
                  add("two", "failed", "damaged");
                  add("three", "queued", settings + "split_file \"own.json\"\n");
                  return std::monostate{};
                }).get());
  }
  const auto store = open_store();
  const auto need = [&](std::int64_t trial) {
    return *store->read(
        [&](Connection& database) -> Result<job::Need> { return situation_of(database, {trial}).need; });
  };
  EXPECT_EQ(need(1), (job::Need{.benchmark = "cub200",
                                .split = "3",
                                .test_benchmark = "cars196",
                                .weights = "resnet50-imagenet",
                                .cpu_threads = 2}));
  EXPECT_EQ(need(2), (job::Need{.benchmark = "cub200", .split = "3", .cpu_threads = 2})) << "as far as it is known";
  EXPECT_EQ(need(3).split, "default") << "no worker tells what another split file than the usual one holds";
  const auto kinds = store->read([](Connection& database) -> Result<std::string> {
    std::string text;
    Rows rows = database.query("SELECT tk.trial_id, k.network FROM trial_kinds tk JOIN kinds k ON k.id = tk.kind_id");
    while (rows.next()) text += std::to_string(rows.integer(0)) + " " + rows.text(1) + "; ";
    return text;
  });
  EXPECT_EQ(*kinds, "1 resnet50_frozen_normalize, threads 2; 3 resnet50_frozen_normalize, threads 2; ");
}

TEST_F(StoreTest, AMigrationThatFailsLeavesTheDatabaseAsItWas) {
  open_store();
  std::vector<Migration> broken = migrations();
  broken.push_back({.version = newest_version(broken) + 1, .sql = "CREATE TABLE half (x INTEGER) STRICT; nonsense"});
  EXPECT_FALSE(JobStore::open(path, options(), broken));
  broken.back() = {.version = newest_version(broken),
                   .sql = "CREATE TABLE half (x INTEGER) STRICT",
                   .fill = [](Connection& database) { database.execute("nonsense"); }};
  EXPECT_FALSE(JobStore::open(path, options(), broken));
  const auto store = open_store();
  const auto half = store->read([](Connection& database) -> Result<std::int64_t> {
    Rows rows = database.query("SELECT count(*) FROM sqlite_master WHERE name = 'half'");
    return rows.next() ? rows.integer(0) : -1;
  });
  EXPECT_EQ(*half, 0);
}

TEST_F(StoreTest, ADatabaseOfAnotherProgramIsRefused) {
  {
    Connection database(path, Access::kWrite);
    database.script("CREATE TABLE songs (name TEXT)");
  }
  const auto refused = JobStore::open(path, options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kFailedPrecondition);
}

TEST_F(StoreTest, AFileThatIsNoDatabaseIsDataLoss) {
  std::ofstream(path) << std::string(8192, 'x');
  const auto refused = JobStore::open(path, options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kDataLoss) << refused.error().text();
}

TEST_F(StoreTest, AFolderThatIsMissingIsNamed) {
  const auto refused = JobStore::open(folder.path() / "no" / "jobs.db", options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kNotFound);
  EXPECT_NE(refused.error().message().find("/no"), std::string::npos);
}

TEST_F(StoreTest, NobodyElseCanReadTheDatabaseWhateverTheUmaskIs) {
  const mode_t before = ::umask(0);
  const auto open_to_others = [&] {
    std::string names;
    for (const char* part : {"", "-wal", "-shm", ".lock"}) {
      struct stat info{};
      if (::stat((path.string() + part).c_str(), &info) != 0) names += std::string("no ") + part + " ";
      if ((info.st_mode & 0777) != 0600) names += path.string() + part + " ";
    }
    return names;
  };
  {
    const auto store = open_store();
    EXPECT_TRUE(write(*store, [](Connection& database) { return put(database, "a", "b"); }).get());
    EXPECT_EQ(open_to_others(), "");
  }
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  ASSERT_EQ(::chmod((path.string() + ".lock").c_str(), 0664), 0);
  {
    const auto store = open_store();
    EXPECT_TRUE(write(*store, [](Connection& database) { return put(database, "c", "d"); }).get());
    EXPECT_EQ(open_to_others(), "") << "of an earlier version, or opened by somebody";
  }
  ::umask(before);
}

}  // namespace
}  // namespace oodml::coordinator::store
