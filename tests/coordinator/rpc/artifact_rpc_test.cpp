#include <future>
#include <thread>

#include "core/job/limits.h"
#include "oodml/v1/artifacts.grpc.pb.h"
#include "proto/convert/job_convert.h"
#include "tests/coordinator/rpc/rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

using namespace std::chrono_literals;

class ArtifactRpcTest : public RpcTest {
 protected:
  void SetUp() override {
    RpcTest::SetUp();
    artifacts_ = v1::ArtifactService::NewStub(channel_);
    uploads_ = v1::UploadService::NewStub(channel_);
  }
  testing::FakeArtifacts& fake_artifacts() { return service_.artifacts(); }
  testing::FakeUploads& fake_uploads() { return service_.uploads(); }

  template <typename Request>
  static Request leased() {
    Request request;
    *request.mutable_lease() = convert::to_proto(some_lease());
    return request;
  }

  const std::string sha_ = std::string(64, 'a');
  std::unique_ptr<v1::ArtifactService::Stub> artifacts_;
  std::unique_ptr<v1::UploadService::Stub> uploads_;
};

TEST_F(ArtifactRpcTest, AListGoesThereAndBack) {
  fake_artifacts().on_list = [&](const FileSelection& wanted) -> Result<FilesPage> {
    EXPECT_EQ(wanted.sweep.name, "study");
    EXPECT_EQ(wanted.trial.value, 0);
    EXPECT_EQ(wanted.where, (std::vector<std::string>{"seed=0"}));
    EXPECT_EQ(wanted.after.value, 6);
    return FilesPage{.trials = {{.trial = {7},
                                 .attempt = 2,
                                 .state = job::TrialState::kRunning,
                                 .labels = {{"seed", "0"}},
                                 .worker = "gpu-1",
                                 .files = {{.path = "best/x/network.safetensors",
                                            .kind = job::FileKind::kBest,
                                            .epoch = 3,
                                            .sha256 = sha_,
                                            .bytes = 5,
                                            .stored = from_millis(9)}}}},
                     .next_after = 7,
                     .stored_bytes = 5};
  };
  v1::ListArtifactsRequest request;
  request.mutable_sweep()->set_name("study");
  request.add_where("seed=0");
  request.set_after_trial_id(6);
  v1::ListArtifactsReply reply;
  ASSERT_EQ(said(artifacts_->ListArtifacts(Call(), request, &reply)), "OK");
  ASSERT_EQ(reply.trials_size(), 1);
  EXPECT_EQ(reply.trials(0).state(), "running");
  EXPECT_EQ(reply.trials(0).labels(0).axis(), "seed");
  EXPECT_EQ(reply.trials(0).worker_id(), "gpu-1");
  EXPECT_EQ(reply.trials(0).files(0).kind(), "best");
  EXPECT_EQ(reply.trials(0).files(0).stored_millis(), 9);
  EXPECT_EQ(reply.next_after_trial_id(), 7);
  EXPECT_EQ(reply.stored_bytes(), 5);
}

TEST_F(ArtifactRpcTest, AFileOfCodeComesInChunks) {
  v1::OfferScriptRequest offer;
  offer.set_sha256(sha_);
  offer.set_bytes(3);
  v1::ContentReply there;
  ASSERT_EQ(said(artifacts_->OfferScript(Call(), offer, &there)), "OK");
  EXPECT_EQ(there.present(), 0);
  v1::PutScriptRequest chunk;
  chunk.set_sha256(sha_);
  chunk.set_bytes(3);
  chunk.set_data("abc");
  ASSERT_EQ(said(artifacts_->PutScript(Call(), chunk, &there)), "OK");
  EXPECT_TRUE(there.whole());
  EXPECT_EQ(service_.scripts().contents.at(sha_), "abc");
  chunk.set_data(std::string(job::kMaxChunkBytes + 1, 'x'));
  EXPECT_EQ(artifacts_->PutScript(Call(), chunk, &there).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ArtifactRpcTest, BytesOfAFileGoThereAndBack) {
  fake_artifacts().on_read = [&](TrialId trial, const std::string& sha256,
                                 std::int64_t offset) -> Result<ContentChunk> {
    EXPECT_EQ(trial.value, 7);
    EXPECT_EQ(sha256, sha_);
    EXPECT_EQ(offset, 3);
    return ContentChunk{.data = std::string("\0\xff", 2), .bytes = 5};
  };
  v1::ReadArtifactRequest request;
  request.set_trial_id(7);
  request.set_sha256(sha_);
  request.set_offset(3);
  v1::ReadArtifactReply reply;
  ASSERT_EQ(said(artifacts_->ReadArtifact(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.data(), std::string("\0\xff", 2));
  EXPECT_EQ(reply.bytes(), 5);
  request.set_sha256("../../etc/passwd");
  EXPECT_EQ(artifacts_->ReadArtifact(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ArtifactRpcTest, AnOutputIsWaitedForUntilItsCallerLeaves) {
  std::promise<OutputQuery> asked;
  fake_artifacts().on_output = [&](const OutputQuery& query) -> Result<OutputPiece> {
    if (query.offset < 0) return OutputPiece{.attempt = 2, .offset = 90, .data = "end", .over = true, .left_out = 4};
    asked.set_value(query);
    return OutputPiece{};
  };
  v1::ReadOutputRequest request;
  request.set_trial_id(7);
  request.set_offset(-3);
  v1::ReadOutputReply reply;
  ASSERT_EQ(said(artifacts_->ReadOutput(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.attempt(), 2);
  EXPECT_EQ(reply.offset(), 90);
  EXPECT_EQ(reply.data(), "end");
  EXPECT_TRUE(reply.over());
  EXPECT_EQ(reply.left_out(), 4);

  request.set_offset(5);
  request.set_wait_millis(3'600'000);
  Call call;
  grpc::Status status;
  std::thread caller([&] { status = artifacts_->ReadOutput(&call.context, request, &reply); });
  EXPECT_LE(asked.get_future().get().wait, 60s) << "less than the caller has";
  call.context.TryCancel();
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ArtifactRpcTest, ContentsAreOfferedAndSent) {
  fake_uploads().on_offer = [&](const job::Lease& lease, const ContentName& content) -> Result<ContentPresence> {
    EXPECT_EQ(lease, some_lease());
    EXPECT_EQ(content.sha256, sha_);
    return ContentPresence{.present = 4, .whole = false};
  };
  fake_uploads().on_put = [&](const job::Lease&, const ContentName& content, std::int64_t offset,
                              std::string_view data) -> Result<ContentPresence> {
    EXPECT_EQ(content.bytes, 10);
    return ContentPresence{.present = offset + std::ssize(data), .whole = true};
  };
  auto offer = leased<v1::OfferContentRequest>();
  offer.set_sha256(sha_);
  offer.set_bytes(10);
  v1::ContentReply reply;
  ASSERT_EQ(said(uploads_->OfferContent(Call(), offer, &reply)), "OK");
  EXPECT_EQ(reply.present(), 4);
  EXPECT_FALSE(reply.whole());
  auto put = leased<v1::PutChunkRequest>();
  put.set_sha256(sha_);
  put.set_bytes(10);
  put.set_offset(4);
  put.set_data("456789");
  ASSERT_EQ(said(uploads_->PutChunk(Call(), put, &reply)), "OK");
  EXPECT_EQ(reply.present(), 10);
  EXPECT_TRUE(reply.whole());
  put.set_data(std::string(job::kMaxChunkBytes + 1, 'x'));
  EXPECT_EQ(said(uploads_->PutChunk(Call(), put, &reply)), "3 data: 1048577 bytes; at most 1048576 wanted");
  put.set_sha256("short");
  EXPECT_EQ(uploads_->PutChunk(Call(), put, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ArtifactRpcTest, FilesThatLeadOutOfTheirFolderAreRefused) {
  fake_uploads().on_publish = [](const job::Lease&,
                                 const std::vector<job::StoredFile>& files) -> Result<std::monostate> {
    EXPECT_EQ(files.size(), 1u);
    return failure(StatusCode::kAborted, "overtaken");
  };
  auto request = leased<v1::PublishFilesRequest>();
  v1::StoredFile& file = *request.add_files();
  file.set_path("log.txt");
  file.set_kind("log");
  file.set_sha256(sha_);
  v1::PublishFilesReply reply;
  EXPECT_EQ(said(uploads_->PublishFiles(Call(), request, &reply)), "10 overtaken");
  for (const char* path : {"../log.txt", "/etc/passwd", "a/../../b", ""}) {
    file.set_path(path);
    EXPECT_EQ(uploads_->PublishFiles(Call(), request, &reply).error_code(), grpc::StatusCode::INVALID_ARGUMENT) << path;
  }
}

TEST_F(ArtifactRpcTest, OutputIsAppendedAndACheckpointTaken) {
  fake_uploads().on_output = [](const job::Lease&, std::int64_t offset, std::string_view data,
                                bool over) -> Result<std::int64_t> {
    EXPECT_TRUE(over);
    return offset + std::ssize(data);
  };
  auto append = leased<v1::AppendOutputRequest>();
  append.set_offset(4);
  append.set_data("two\n");
  append.set_over(true);
  v1::AppendOutputReply appended;
  ASSERT_EQ(said(uploads_->AppendOutput(Call(), append, &appended)), "OK");
  EXPECT_EQ(appended.next_offset(), 8);

  fake_uploads().on_take = [&](const job::Lease&, const std::string& sha256,
                               std::int64_t offset) -> Result<ContentChunk> {
    EXPECT_EQ(sha256, sha_);
    return ContentChunk{.data = "bytes", .bytes = offset + 5};
  };
  auto take = leased<v1::TakeChunkRequest>();
  take.set_sha256(sha_);
  take.set_offset(100);
  v1::ReadArtifactReply taken;
  ASSERT_EQ(said(uploads_->TakeChunk(Call(), take, &taken)), "OK");
  EXPECT_EQ(taken.data(), "bytes");
  EXPECT_EQ(taken.bytes(), 105);
}

TEST_F(ArtifactRpcTest, HeartbeatsAndListsDoNotWaitForUploadsWhoseDiskHangs) {
  std::promise<void> disk_back;
  const std::shared_future<void> back = disk_back.get_future().share();
  fake_uploads().on_put = [&](const job::Lease&, const ContentName&, std::int64_t,
                              std::string_view) -> Result<ContentPresence> {
    back.wait();
    return ContentPresence{};
  };
  fake_leases().on_heartbeat = [](const auto&, const auto&) { return std::vector<job::Directive>{}; };
  fake_artifacts().on_list = [](const FileSelection&) { return FilesPage{}; };
  auto put = leased<v1::PutChunkRequest>();
  put.set_sha256(sha_);
  put.set_data("x");
  put.set_bytes(1);
  std::vector<std::future<grpc::Status>> uploads;
  for (int i = 0; i < 20; ++i) {
    uploads.push_back(std::async(std::launch::async, [&] {
      v1::ContentReply reply;
      return uploads_->PutChunk(Call(), put, &reply);
    }));
  }
  for (int i = 0; i < 100; ++i) {
    v1::HeartbeatRequest beat;
    beat.set_worker_id("gpu-1");
    v1::HeartbeatReply answer;
    ASSERT_EQ(said(workers_->Heartbeat(Call(), beat, &answer)), "OK");
  }
  v1::ListArtifactsRequest list;
  list.set_trial_id(7);
  v1::ListArtifactsReply files;
  EXPECT_EQ(said(artifacts_->ListArtifacts(Call(), list, &files)), "OK");
  disk_back.set_value();
  for (auto& upload : uploads) EXPECT_EQ(said(upload.get()), "OK");
}

TEST_F(ArtifactRpcTest, MoreUploadsThanWaitAreSentAwayToTryAgain) {
  start({.listen = {.port = 0}, .transfer_threads = 1, .max_waiting_transfers = 1});
  uploads_ = v1::UploadService::NewStub(channel_);
  std::promise<void> disk_back, begun;
  const std::shared_future<void> back = disk_back.get_future().share();
  std::once_flag first;
  fake_uploads().on_put = [&](const job::Lease&, const ContentName&, std::int64_t,
                              std::string_view) -> Result<ContentPresence> {
    std::call_once(first, [&] { begun.set_value(); });
    back.wait();
    return ContentPresence{};
  };
  auto put = leased<v1::PutChunkRequest>();
  put.set_sha256(sha_);
  put.set_bytes(1);
  const auto upload = [&] {
    v1::ContentReply reply;
    return uploads_->PutChunk(Call(), put, &reply);
  };
  auto running = std::async(std::launch::async, upload);
  begun.get_future().wait();
  auto second = std::async(std::launch::async, upload), third = std::async(std::launch::async, upload);
  // One of them waits; the other is told so at once, whichever came later.
  while (second.wait_for(1ms) != std::future_status::ready && third.wait_for(1ms) != std::future_status::ready) {
  }
  const bool second_refused = second.wait_for(0s) == std::future_status::ready;
  EXPECT_EQ((second_refused ? second : third).get().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  disk_back.set_value();
  EXPECT_EQ(said(running.get()), "OK");
  EXPECT_EQ(said((second_refused ? third : second).get()), "OK");
}

}  // namespace
}  // namespace oodml::coordinator::rpc
