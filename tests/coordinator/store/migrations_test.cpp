#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "coordinator/store/schema.h"
#include "coordinator/store/verification.h"
#include "tests/coordinator/service_fixture.h"

#ifndef OODML_VERSIONS_FOLDER
#error "the folder of the databases is a definition of the target"
#endif

namespace oodml::coordinator::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> versions() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(OODML_VERSIONS_FOLDER)) {
    if (entry.path().extension() == ".sql") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The service on a database of an earlier version.
class MigrationsTest : public ServiceTest, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    service.reset();
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(database.string() + part);
    {
      store::Connection earlier(database, store::Access::kWrite);
      earlier.script("PRAGMA foreign_keys = OFF;" + text_of(fs::path(OODML_VERSIONS_FOLDER) / (GetParam() + ".sql")));
    }
    open();
  }
};

TEST_P(MigrationsTest, ItIsWholeBeforeAndAfterwards) {
  service.reset();
  const auto found = store::verify_database(database);
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_TRUE(found->problems.empty()) << found->problems.front();
  EXPECT_EQ(found->schema_version, store::newest_version(store::migrations()));
  EXPECT_EQ(found->trials, 4);
}

TEST_P(MigrationsTest, ItShowsWhatItHeld) {
  ASSERT_EQ(sweeps().list({})->sweeps.size(), 2u);
  const auto table = sweeps().results({.sweep = {.name = "study"}});
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->n, 1);
  EXPECT_EQ(table->rows.at(0).statistics.at(0).best.mean, 0.5625);
  const auto detail = sweeps().get_trial({1}, 0, 100);
  ASSERT_TRUE(detail) << detail.error().text();
  EXPECT_EQ(detail->spec.values.size(), 14u);
  EXPECT_EQ(detail->spec.values.integer("seed"), 0);
  EXPECT_EQ(detail->spec.values.text("criterion"), "margin");
  EXPECT_EQ(detail->events.size(), 6u);
  EXPECT_EQ(detail->metrics.size(), 4u);
  EXPECT_EQ(sweeps().get_trial({4}, 0, 100)->spec.values.integer("seed"), 3);
  EXPECT_EQ(trial({4}).message, "the loss is not finite");
}

TEST_P(MigrationsTest, ItGoesOnWithItsWork) {
  connect("worker");
  const job::LeasedTrial leased = acquire("worker");
  EXPECT_EQ(leased.lease.trial, TrialId{2});
  EXPECT_EQ(leased.spec.values.integer("seed"), 1);
  ASSERT_TRUE(push("worker", leased.lease, 1, {metric(1, "e_recall@1", 0.75), metric(1, "nmi", 0.5)}));
  ASSERT_TRUE(finish(leased.lease, job::Outcome::kSucceeded, 2).ok());
  EXPECT_EQ(sweeps().results({.sweep = {.name = "study"}})->n, 2);
}

TEST_P(MigrationsTest, ASweepThatIsIdleStaysSo) {
  EXPECT_EQ(view({2}).state, "paused");
  EXPECT_EQ(view({2}).counts.failed, 1);
  change(SweepChange::kResume, {2});
  connect("worker");
  change(SweepChange::kCancel, {1});
  EXPECT_EQ(acquire("worker").lease.trial, TrialId{3});
}

TEST_P(MigrationsTest, WhatWasMeasuredStaysTheWorkersAndCheckpointsAreOfAKnownSize) {
  if (GetParam() != "v10" && GetParam() != "v13") GTEST_SKIP() << "it had no speeds";
  store::Connection reader(database, store::Access::kRead);
  store::Rows rows =
      reader.query("SELECT worker, model, seconds, checkpoint_bytes FROM speeds JOIN kinds ON id = kind_id");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), "gpu-1-0123abcd");
  EXPECT_EQ(rows.text(1), "");
  EXPECT_EQ(rows.number(2), 59);
  EXPECT_EQ(rows.integer(3), 1500);
}

INSTANTIATE_TEST_SUITE_P(OfEveryVersion, MigrationsTest, ::testing::ValuesIn(versions()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace oodml::coordinator::testing
