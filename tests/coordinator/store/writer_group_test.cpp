// Commands that are committed together.
#include <latch>

#include "coordinator/store/job_store.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::store {
namespace {

using testing::Answer;

void put(Connection& database, const std::string& key) {
  database.execute("INSERT INTO meta (key, value) VALUES (?, '')", key);
}

TEST(WriterGroupTest, OneThatFailsAfterItWroteTakesBackOnlyItself) {
  const oodml::testing::TemporaryFolder folder;
  std::latch begun(1), let_go(1);
  std::vector<std::size_t> groups;
  const auto store = *JobStore::open(folder.path() / "jobs.db",
                                     {.disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); },
                                      .committed = [&](const Commit& commit) { groups.push_back(commit.commands); }});
  Answer<std::monostate> held, first, refused, failing, broken, last;
  store->write<std::monostate>(
      [&](Connection&) -> Result<std::monostate> {
        begun.count_down();
        let_go.wait();
        return std::monostate{};
      },
      held.reply());
  begun.wait();
  const auto writes = [](const std::string& key, Status then) {
    return [=](Connection& database) -> Result<std::monostate> {
      put(database, key);
      if (!then.ok()) return failure(then);
      return std::monostate{};
    };
  };
  store->write<std::monostate>(writes("first", {}), first.reply());
  store->write<std::monostate>([](Connection&) -> Result<std::monostate> { return not_found("nothing"); },
                               refused.reply());
  store->write<std::monostate>(writes("failing", Status(StatusCode::kAborted, "after all")), failing.reply());
  store->write<std::monostate>(
      [](Connection& database) -> Result<std::monostate> {
        put(database, "broken");
        put(database, "broken");
        return std::monostate{};
      },
      broken.reply());
  store->write<std::monostate>(writes("last", {}), last.reply());
  let_go.count_down();
  EXPECT_TRUE(first.get());
  EXPECT_EQ(refused.get().error().code(), StatusCode::kNotFound);
  EXPECT_EQ(failing.get().error().code(), StatusCode::kAborted);
  EXPECT_FALSE(broken.get()) << "the same key twice";
  EXPECT_TRUE(last.get());
  EXPECT_EQ(groups, (std::vector<std::size_t>{1, 5}));
  const auto keys = store->read([](Connection& database) -> Result<std::vector<std::string>> {
    std::vector<std::string> keys;
    Rows rows = database.query("SELECT key FROM meta WHERE value = '' ORDER BY key");
    while (rows.next()) keys.push_back(rows.text(0));
    return keys;
  });
  EXPECT_EQ(*keys, (std::vector<std::string>{"first", "last"}));
}

}  // namespace
}  // namespace oodml::coordinator::store
