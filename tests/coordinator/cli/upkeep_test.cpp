#include <sys/stat.h>

#include "core/base/sha256.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

class UpkeepTest : public CliTest {
 protected:
  UpkeepTest() {
    for (int i = 0; i < 2500; ++i) upkeep().snapshot += static_cast<char>(i % 251);
    upkeep().sha256 = sha256_hex(upkeep().snapshot);
    upkeep().remove_reply.mutable_sweep()->set_sweep_id(3);
    upkeep().remove_reply.mutable_sweep()->set_name("smoke");
    upkeep().remove_reply.set_trials(12);
    upkeep().remove_reply.set_shared_trials(1);
    upkeep().remove_reply.set_points(3400);
    upkeep().remove_reply.set_database_bytes(3 << 20);
  }
  FakeUpkeepService& upkeep() { return service_.upkeep; }
  std::string backup() const { return folder_ / "backup.db"; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }
};

TEST_F(UpkeepTest, ABackupAppearsWholeAndForItsOwnerAlone) {
  const Outcome outcome = run({"db", "backup", "-o", backup()});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, backup() + ": 2.4 KiB\n");
  EXPECT_NE(outcome.err.find("files of trials are not in it; --artifacts DIR copies those too"), std::string::npos);
  EXPECT_EQ(oodml::testing::read_text(backup()), upkeep().snapshot);
  struct stat info{};
  ASSERT_EQ(::stat(backup().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(upkeep().offsets, (std::vector<std::int64_t>{0, 0, 1000, 2000, 2500})) << "and lets the copy go";
}

TEST_F(UpkeepTest, ABackupGoesOnWhereItsConnectionBroke) {
  upkeep().lost_replies = 2;
  EXPECT_EQ(run({"db", "backup", "-o", backup()}).code, 0);
  EXPECT_EQ(oodml::testing::read_text(backup()), upkeep().snapshot);
}

TEST_F(UpkeepTest, ABackupThatIsNotWhatWasSentLeavesNothing) {
  upkeep().sha256 = std::string(64, '0');
  const Outcome outcome = run({"db", "backup", "-o", backup()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("SHA-256"), std::string::npos) << outcome.err;
  EXPECT_EQ(files(), 0u);
  upkeep().failing = oodml::Status(StatusCode::kResourceExhausted, "no room");
  EXPECT_NE(run({"db", "backup", "-o", backup()}).code, 0);
  EXPECT_EQ(files(), 0u);
}

TEST_F(UpkeepTest, ABackupTakesNoFilesPlace) {
  write("backup.db", "mine");
  const Outcome outcome = run({"db", "backup", "-o", backup()});
  EXPECT_EQ(outcome.code, 6);
  EXPECT_EQ(oodml::testing::read_text(backup()), "mine");
  EXPECT_TRUE(upkeep().offsets.empty());
}

TEST_F(UpkeepTest, StatsShowWhatFillsTheDatabase) {
  v1::GetStatsReply& stats = upkeep().stats_reply;
  stats.set_path("/var/lib/oodml/coordinator.db");
  stats.set_schema_version(8);
  stats.set_database_bytes(5 << 20);
  stats.set_free_bytes(1 << 20);
  stats.set_log_bytes(4096);
  stats.set_disk_free_bytes(std::int64_t{10} << 30);
  stats.set_sweeps(4);
  stats.set_archived_sweeps(1);
  stats.set_trials(120);
  stats.add_retention("curves: kept whole");
  v1::TableSize& table = *stats.add_tables();
  table.set_table("metric_points");
  table.set_rows(50'000);
  table.set_bytes(2 << 20);
  const Outcome outcome = run({"db", "stats"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "database        /var/lib/oodml/coordinator.db, schema version 8\n"
            "size            5.0 MiB, of which 1.0 MiB are free for reuse; its log 4.0 KiB\n"
            "disk            10.0 GiB free\n"
            "sweeps          4, of which 1 is archived\n"
            "trials          120\n"
            "kept            curves: kept whole\n"
            "\n"
            "TABLE           ROWS     SIZE\n"
            "metric_points  50000  2.0 MiB\n");
  const Outcome json = run({"db", "stats", "-o", "json"});
  EXPECT_NE(json.out.find("\"database_bytes\": 5242880"), std::string::npos) << json.out;
}

TEST_F(UpkeepTest, ArchivingIsOneCall) {
  EXPECT_EQ(run({"archive", "smoke"}).out, "Archived sweep 3 smoke.\n");
  EXPECT_EQ(run({"unarchive", "3"}).out, "Brought back sweep 3 smoke.\n");
  ASSERT_EQ(upkeep().removals.size(), 2u);
  EXPECT_EQ(upkeep().removals[0].first, "archive");
  EXPECT_TRUE(upkeep().removals[0].second.go_ahead());
  EXPECT_FALSE(upkeep().removals[0].second.request_id().empty());
  EXPECT_EQ(upkeep().removals[1].first, "unarchive");
  EXPECT_EQ(run({"list", "--archived"}).code, 0);
  EXPECT_TRUE(service_.lists.back().archived());
}

TEST_F(UpkeepTest, DeletingSaysFirstWhatGoesAndAsks) {
  const Outcome unasked = run({"delete", "smoke"});
  EXPECT_EQ(unasked.code, 2);
  EXPECT_NE(unasked.err.find("say --yes"), std::string::npos) << unasked.err;
  in_is_terminal_ = true;
  const Outcome refused = run({"delete", "smoke"}, "n\n");
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(
      refused.err,
      "Sweep 3 smoke goes with 12 trials and about 3400 points of curves (about 3.0 MiB of the database); 1 trial "
      "that other sweeps have stays.\nDelete it for good? [y/N] Nothing was deleted.\n");
  for (const auto& [name, request] : upkeep().removals) EXPECT_FALSE(request.go_ahead());
  const Outcome deleted = run({"delete", "smoke"}, "y\n");
  EXPECT_EQ(deleted.code, 0);
  EXPECT_EQ(deleted.out, "Deleted sweep 3 smoke.\n");
  EXPECT_TRUE(upkeep().removals.back().second.go_ahead());
  EXPECT_EQ(upkeep().removals.back().second.sweep().sweep_id(), 3) << "by its id, as the name may be another's by now";
  EXPECT_EQ(run({"delete", "smoke", "--yes"}).code, 0);
}

}  // namespace
}  // namespace oodml::cli
