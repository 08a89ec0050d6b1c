#include "oodml/v1/upkeep.grpc.pb.h"
#include "tests/coordinator/rpc/sweep_rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

class UpkeepRpcTest : public SweepRpcTest {
 protected:
  void SetUp() override {
    SweepRpcTest::SetUp();
    upkeep_ = v1::UpkeepService::NewStub(channel_);
  }
  testing::FakeUpkeep& fake() { return service_.upkeep(); }

  std::unique_ptr<v1::UpkeepService::Stub> upkeep_;
};

TEST_F(UpkeepRpcTest, ACopyIsReadPieceByPiece) {
  std::pair<std::string, std::int64_t> asked;
  fake().on_read_snapshot = [&](const std::string& id, std::int64_t offset) -> Result<SnapshotPiece> {
    asked = {id, offset};
    return SnapshotPiece{.id = "one", .bytes = 10, .data = std::string("\0\xff", 2), .sha256 = "ab"};
  };
  v1::ReadSnapshotRequest request;
  v1::ReadSnapshotReply reply;
  request.set_snapshot_id("one");
  request.set_offset(8);
  ASSERT_EQ(said(upkeep_->ReadSnapshot(Call(), request, &reply)), "OK");
  EXPECT_EQ(asked, (std::pair<std::string, std::int64_t>("one", 8)));
  EXPECT_EQ(reply.snapshot_id(), "one");
  EXPECT_EQ(reply.bytes(), 10);
  EXPECT_EQ(reply.data(), std::string("\0\xff", 2));
  EXPECT_EQ(reply.sha256(), "ab");
  request.set_offset(-1);
  EXPECT_EQ(upkeep_->ReadSnapshot(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(UpkeepRpcTest, StatsKeepTheirOrder) {
  fake().on_stats = []() -> Result<DatabaseStats> {
    return DatabaseStats{.path = "/db",
                         .schema_version = 8,
                         .database_bytes = 7,
                         .free_bytes = 1,
                         .log_bytes = 2,
                         .disk_free_bytes = 3,
                         .tables = {{.table = "b", .rows = 5, .bytes = 6}, {.table = "a"}},
                         .sweeps = 4,
                         .archived_sweeps = 2,
                         .trials = 9,
                         .retention = {"curves: kept whole"}};
  };
  v1::GetStatsReply reply;
  ASSERT_EQ(said(upkeep_->GetStats(Call(), {}, &reply)), "OK");
  EXPECT_EQ(reply.path(), "/db");
  EXPECT_EQ(reply.database_bytes(), 7);
  ASSERT_EQ(reply.tables_size(), 2);
  EXPECT_EQ(reply.tables(0).table(), "b");
  EXPECT_EQ(reply.tables(0).rows(), 5);
  EXPECT_EQ(reply.tables(0).bytes(), 6);
  EXPECT_EQ(reply.archived_sweeps(), 2);
  EXPECT_EQ(reply.retention(0), "curves: kept whole");
}

TEST_F(UpkeepRpcTest, RemovalsSayWhoAsksAndWhatGoes) {
  RemovalWish asked;
  fake().on_remove = [&](const RemovalWish& wish) -> Result<RemovalView> {
    asked = wish;
    return RemovalView{.sweep = some_sweep(), .trials = 3, .shared_trials = 1, .points = 40, .database_bytes = 500};
  };
  v1::RemoveRequest request;
  v1::RemoveReply reply;
  request.mutable_sweep()->set_sweep_id(4);
  ASSERT_EQ(said(upkeep_->Delete(Call(), request, &reply)), "OK");
  EXPECT_EQ(asked.kind, Removal::kDelete);
  EXPECT_FALSE(asked.go_ahead);
  EXPECT_TRUE(asked.by.is_operator) << "nobody is asked for tokens";
  EXPECT_EQ(reply.sweep().name(), "smoke");
  EXPECT_EQ(reply.trials(), 3);
  EXPECT_EQ(reply.shared_trials(), 1);
  EXPECT_EQ(reply.points(), 40);
  EXPECT_EQ(reply.database_bytes(), 500);

  request.set_go_ahead(true);
  request.set_request_id("r");
  ASSERT_EQ(said(upkeep_->Archive(Call(), request, &reply)), "OK");
  EXPECT_EQ(asked.kind, Removal::kArchive);
  EXPECT_TRUE(asked.go_ahead);
  EXPECT_EQ(asked.request_id, "r");
  ASSERT_EQ(said(upkeep_->Unarchive(Call(), request, &reply)), "OK");
  EXPECT_EQ(asked.kind, Removal::kUnarchive);
  EXPECT_EQ(upkeep_->Delete(Call(), v1::RemoveRequest(), &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(UpkeepRpcTest, ArchivedSweepsAreListedWhenAskedFor) {
  SweepView archived = some_sweep();
  archived.archived = from_millis(5000);
  SweepSelection wanted;
  fake_sweeps().on_list = [&](const SweepSelection& selection) -> Result<SweepPage> {
    wanted = selection;
    return SweepPage{.sweeps = {archived}};
  };
  v1::ListRequest request;
  v1::ListReply reply;
  request.set_archived(true);
  ASSERT_EQ(said(sweeps_->List(Call(), request, &reply)), "OK");
  EXPECT_TRUE(wanted.archived);
  EXPECT_EQ(reply.sweeps(0).archived_millis(), 5000);
}

}  // namespace
}  // namespace oodml::coordinator::rpc
