// What is known of changes that wait for the disk.
#include <latch>

#include "coordinator/store/job_store.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::store {
namespace {

using testing::Answer;
using namespace std::chrono_literals;

TEST(WriterLoadTest, ACommandThatHoldsTheWriterGrowsOldUntilItIsLetGo) {
  const oodml::testing::TemporaryFolder folder;
  oodml::testing::FakeClock clock;
  std::latch begun(1), let_go(1);
  std::size_t commands = 0;
  const auto store = *JobStore::open(folder.path() / "jobs.db",
                                     {.disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); },
                                      .committed = [&](const Commit& commit) { commands += commit.commands; },
                                      .clock = &clock});
  EXPECT_EQ(store->writer_load().commands, 0);
  EXPECT_EQ(store->writer_load().oldest, 0ms);

  Answer<std::monostate> held, next;
  store->write<std::monostate>(
      [&](Connection&) -> Result<std::monostate> {
        begun.count_down();
        let_go.wait();
        return std::monostate{};
      },
      held.reply());
  begun.wait();
  clock.advance(4s);
  store->write<std::monostate>([](Connection&) -> Result<std::monostate> { return std::monostate{}; }, next.reply());
  clock.advance(7s);
  EXPECT_EQ(store->writer_load().commands, 2);
  EXPECT_EQ(store->writer_load().oldest, 11s);

  let_go.count_down();
  ASSERT_TRUE(held.get());
  ASSERT_TRUE(next.get());
  EXPECT_EQ(store->writer_load().commands, 0);
  EXPECT_EQ(store->writer_load().oldest, 0ms);
  EXPECT_EQ(commands, 2u);
}

}  // namespace
}  // namespace oodml::coordinator::store
