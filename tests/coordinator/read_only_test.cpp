#include <gtest/gtest.h>

#include <filesystem>

#include "coordinator/service/sweep_settings.h"
#include "coordinator/store/job_store.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class ReadOnlyTest : public ServiceTest {
 protected:
  Result<std::unique_ptr<Service>> open_to_read() {
    return open_service({.database = database, .read_only = true}, clock, plan_test_sweep);
  }
};

TEST_F(ReadOnlyTest, ADatabaseIsShownWhileItHasItsOwnerAndAfterwards) {
  submit({.seeds = {0, 1}});
  const auto beside = open_to_read();
  ASSERT_TRUE(beside) << beside.error().text();
  EXPECT_EQ((*beside)->sweeps().get({.sweep = {.name = "study"}})->trials.size(), 2u);
  submit({.name = "second"});
  EXPECT_EQ((*beside)->sweeps().list({})->sweeps.size(), 2u) << "what the owner commits is seen";
  service.reset();
  EXPECT_EQ((*beside)->sweeps().list({})->sweeps.size(), 2u);
  const auto afterwards = open_to_read();
  ASSERT_TRUE(afterwards) << afterwards.error().text();
  EXPECT_EQ((*afterwards)->sweeps().get({.sweep = {.name = "study"}})->trials.size(), 2u);
}

TEST_F(ReadOnlyTest, AnOwnerMayComeWhileItIsShown) {
  submit({});
  service.reset();
  const auto shown = open_to_read();
  ASSERT_TRUE(shown);
  open();
  submit({.name = "second"});
  EXPECT_EQ((*shown)->sweeps().list({})->sweeps.size(), 2u);
}

TEST_F(ReadOnlyTest, NothingChangesAndNoWorkerIsTaken) {
  submit({});
  service.reset();
  const auto shown = open_to_read();
  ASSERT_TRUE(shown);
  Answer<SubmitView> submitted;
  (*shown)->sweeps().submit(TestSweep{.name = "another"}.text(), "r", {}, submitted.reply());
  EXPECT_EQ(submitted.get().error().code(), StatusCode::kFailedPrecondition);
  Answer<ChangeView> changed;
  (*shown)->sweeps().change(SweepChange::kCancel, {.sweep = {.id = {1}}, .request_id = "r"}, changed.reply());
  EXPECT_EQ(changed.get().error().code(), StatusCode::kFailedPrecondition);
  Answer<ChangeView> set;
  (*shown)->sweeps().change_settings({.sweep = {.id = {1}}, .priority = 5, .request_id = "r"}, set.reply());
  EXPECT_EQ(set.get().error().code(), StatusCode::kFailedPrecondition);
  Answer<LeaseTerms> registered;
  (*shown)->leases().register_worker(worker_info("a"), {}, registered.reply());
  EXPECT_EQ(registered.get().error().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ((*shown)->sweeps().list({})->sweeps.size(), 1u);
  EXPECT_EQ((*shown)->sweeps().get({.sweep = {.id = {1}}})->sweep.counts.queued, 1);
}

TEST_F(ReadOnlyTest, ADatabaseThatIsNotThereIsNotMade) {
  service.reset();
  std::filesystem::remove(database);
  const auto shown = open_to_read();
  ASSERT_FALSE(shown);
  EXPECT_EQ(shown.error().code(), StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(database));
}

TEST_F(ReadOnlyTest, AnOlderSchemaIsRefusedUnchanged) {
  service.reset();
  const std::filesystem::path old = folder.path() / "old.db";
  const std::vector<store::Migration> first = {store::migrations().front()};
  ASSERT_TRUE(store::JobStore::open(old, {.disk_failed = [](const Status&) {}}, first));
  const auto shown = open_service({.database = old, .read_only = true}, clock, plan_test_sweep);
  ASSERT_FALSE(shown);
  EXPECT_EQ(shown.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(shown.error().message().find("has schema version 1"), std::string::npos) << shown.error().message();
  EXPECT_TRUE(store::JobStore::open(old, {.disk_failed = [](const Status&) {}}, first)) << "still of version 1";
}

}  // namespace
}  // namespace oodml::coordinator::testing
