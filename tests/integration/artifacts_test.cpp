// Files of trials through the real coordinator: uploads that are killed, a disk that is full, and people who get them
// when their worker has long gone.

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <random>
#include <thread>

#include "core/base/sha256.h"
#include "oodml/v1/artifacts.grpc.pb.h"
#include "tests/integration/coordinator_process.h"
#include "tests/integration/stub_worker.h"
#include "tests/support/faulty_disk/faulty_disk.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

std::string noise(std::size_t bytes, unsigned seed) {
  std::mt19937_64 random(seed);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

class ArtifactsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "db");
    coordinator_.emplace(folder_ / "db", std::vector<std::string>{"--artifact-reserve-mib", "0"}, environment());
    v1::SubmitRequest request;
    request.mutable_sweep()->set_yaml(
        "version: 1\nname: study\n"
        "trial: {arch: small_conv_normalize, embed_dim: 16, crop_size: 28, resize: 28, batch_size: 8, epochs: 1}\n"
        "matrix: {benchmark: [fashion_mnist], split: default, criterion: [multisimilarity], seed: {count: 1}}\n");
    request.mutable_sweep()->set_file_name("sweep.yaml");
    request.set_request_id("r-1");
    v1::SubmitReply reply;
    const grpc::Status status = coordinator_->sweeps().Submit(Call(), request, &reply);
    ASSERT_TRUE(status.ok()) << status.error_message();
    StubWorker worker(*coordinator_, "gpu-1", 1);
    const auto lease = worker.acquire(0, 30s);
    ASSERT_TRUE(lease.has_value());
    lease_ = *lease;
  }

  std::map<std::string, std::string> environment() const {
    return FaultyDisk::why_not().empty() ? disk_.environment() : std::map<std::string, std::string>{};
  }
  std::unique_ptr<v1::UploadService::Stub> uploads() {
    return v1::UploadService::NewStub(grpc::CreateChannel(coordinator_->address(), coordinator_->worker_credentials()));
  }
  void kill_and_start() {
    coordinator_->process().signal(SIGKILL);
    ASSERT_EQ(coordinator_->process().wait(), 128 + SIGKILL);
    coordinator_->start();
  }

  v1::ContentReply offer(const std::string& bytes) {
    v1::OfferContentRequest request;
    *request.mutable_lease() = lease_;
    request.set_sha256(sha256_hex(bytes));
    request.set_bytes(std::ssize(bytes));
    v1::ContentReply reply;
    const grpc::Status status = uploads()->OfferContent(Call(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }
  /// Chunks from `from` on, until they are all there or a call fails.
  grpc::Status send(const std::string& bytes, std::int64_t from, std::int64_t chunk = 1 << 20) {
    const auto stub = uploads();
    v1::PutChunkRequest request;
    *request.mutable_lease() = lease_;
    request.set_sha256(sha256_hex(bytes));
    request.set_bytes(std::ssize(bytes));
    v1::ContentReply reply;
    reply.set_present(from);
    while (!reply.whole()) {
      request.set_offset(reply.present());
      request.set_data(bytes.substr(static_cast<std::size_t>(reply.present()), static_cast<std::size_t>(chunk)));
      if (const grpc::Status status = stub->PutChunk(Call(), request, &reply); !status.ok()) return status;
    }
    return {};
  }
  grpc::Status publish(const std::string& path, const std::string& kind, const std::string& bytes) {
    v1::PublishFilesRequest request;
    *request.mutable_lease() = lease_;
    v1::StoredFile& file = *request.add_files();
    file.set_path(path);
    file.set_kind(kind);
    file.set_sha256(sha256_hex(bytes));
    file.set_bytes(std::ssize(bytes));
    v1::PublishFilesReply reply;
    return uploads()->PublishFiles(Call(), request, &reply);
  }
  Output oodml(std::vector<std::string> words) {
    words.insert(words.begin(), program("oodml"));
    return run(words, {.environment = {{"OODML_COORDINATOR", coordinator_->address()}}});
  }
  /// Files below a folder of the store.
  std::vector<std::filesystem::path> stored(const std::string& below) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(coordinator_->database().string() + ".artifacts/" + below)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }

  TemporaryFolder folder_;
  FaultyDisk disk_{folder_ / "rules"};
  std::optional<CoordinatorProcess> coordinator_;
  v1::Lease lease_;
};

TEST_F(ArtifactsTest, AnUploadThatIsKilledGoesOnAndOnlyWholeContentsHaveTheirNames) {
  const std::string network = noise((24 << 20) + 17, 1);
  std::mt19937 random(7);
  std::int64_t from = offer(network).present();
  for (int round = 0; round < 3; ++round) {
    std::thread sender([&] { EXPECT_FALSE(send(network, from, 1 << 16).ok()); });
    // Killed while something is under way, wherever that is.
    const auto reached = [&, wanted = static_cast<std::uintmax_t>(from) + (1 << 20) + random() % (1 << 20)] {
      const auto partial = stored("partial");
      std::error_code gone;
      return !partial.empty() && std::filesystem::file_size(partial[0], gone) >= wanted;
    };
    EXPECT_TRUE(wait_until(reached));
    kill_and_start();
    sender.join();
    for (const auto& file : stored("content")) EXPECT_EQ(sha256_hex_of_file(file), file.filename().string());
    const v1::ContentReply reply = offer(network);
    EXPECT_GE(reply.present(), from + (1 << 20)) << "what was written before the kill is still there";
    from = reply.present();
  }
  EXPECT_FALSE(publish("best/x/network.safetensors", "best", network).ok()) << "not whole yet";
  ASSERT_TRUE(send(network, from).ok());
  kill_and_start();
  EXPECT_TRUE(offer(network).whole());
  ASSERT_TRUE(publish("best/x/network.safetensors", "best", network).ok());
  EXPECT_TRUE(stored("partial").empty());
}

TEST_F(ArtifactsTest, PeopleGetFilesWhenTheWorkerHasGone) {
  const std::string network = noise(3 << 20, 2), log = "epoch 1\n";
  ASSERT_TRUE(send(network, 0).ok());
  ASSERT_TRUE(send(log, 0).ok());
  ASSERT_TRUE(publish("best/test_embeds_e_recall@1/network.safetensors", "best", network).ok());
  ASSERT_TRUE(publish("log.txt", "log", log).ok());
  v1::AppendOutputRequest output;
  *output.mutable_lease() = lease_;
  output.set_data(log);
  output.set_over(true);
  v1::AppendOutputReply appended;
  ASSERT_TRUE(uploads()->AppendOutput(Call(), output, &appended).ok());
  kill_and_start();

  const Output listed = oodml({"artifacts", "study"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_NE(listed.out.find("best/test_embeds_e_recall@1/network.safetensors"), std::string::npos) << listed.out;
  const Output fetched = oodml({"fetch", "trial:1", "--what", "all", "-o", folder_ / "out"});
  EXPECT_EQ(fetched.exit_code, 0) << fetched.err;
  EXPECT_EQ(read_text(folder_ / "out" / "best/test_embeds_e_recall@1/network.safetensors"), network);
  EXPECT_EQ(read_text(folder_ / "out" / "log.txt"), log);
  const Output printed = oodml({"logs", "1", "--output"});
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_EQ(printed.out, log);
}

TEST_F(ArtifactsTest, AFullDiskIsAnsweredAsSuchAndLosesNothing) {
  if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  const std::string small = noise(1000, 3), large = noise(4 << 20, 4);
  ASSERT_TRUE(send(small, 0).ok());
  ASSERT_TRUE(publish("log.txt", "log", small).ok());
  disk_.set({"fail errno=ENOSPC calls=write,pwrite path=/partial/ after=2"});
  const grpc::Status refused = send(large, 0);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << refused.error_message();
  EXPECT_EQ(offer(large).present(), 2 << 20) << "what came before";
  EXPECT_TRUE(offer(small).whole());
  disk_.clear();
  ASSERT_TRUE(send(large, 2 << 20).ok());
  EXPECT_TRUE(publish("last/network.safetensors", "last", large).ok());
}

TEST_F(ArtifactsTest, WhatCouldNotBeSyncedIsSentAgain) {
  if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  const std::string network = noise(2 << 20, 5);
  disk_.set({"fail errno=EIO calls=fsync path=/partial/ times=1"});
  EXPECT_FALSE(send(network, 0).ok());
  EXPECT_EQ(offer(network).present(), 0) << "the kernel may have dropped what it could not write";
  EXPECT_TRUE(coordinator_->process().running()) << "the database is not concerned";
  ASSERT_TRUE(send(network, 0).ok());
  EXPECT_TRUE(offer(network).whole());
}

TEST_F(ArtifactsTest, ABackupThatIsKilledGoesOnUnderLoadAndBringsEverythingBack) {
  std::vector<std::string> files;
  for (unsigned i = 0; i < 6; ++i) {
    files.push_back(noise(4 << 20, 10 + i));
    ASSERT_TRUE(send(files.back(), 0).ok());
    ASSERT_TRUE(publish("tensorboard/" + std::to_string(i), "tensorboard", files.back()).ok());
  }
  // A checkpoint takes the place of the one before all the time.
  std::atomic<bool> enough = false, uploads_well = true;
  std::thread uploader([&] {
    for (unsigned seed = 100; !enough; ++seed) {
      const std::string checkpoint = noise(1 << 16, seed);
      const bool done = send(checkpoint, 0).ok() &&
                        publish("checkpoints/0001-000010/network.safetensors", "checkpoint", checkpoint).ok();
      if (!done) uploads_well = false;
    }
  });
  const std::filesystem::path kept = folder_ / "kept";
  {
    Process killed({program("oodml"), "db", "backup", "-o", folder_ / "first.db", "--artifacts", kept},
                   {.environment = {{"OODML_COORDINATOR", coordinator_->address()}}});
    EXPECT_TRUE(wait_until([&] { return !killed.running() || std::filesystem::exists(kept / "content"); }));
    if (killed.running()) killed.signal(SIGKILL);
    killed.wait();
  }
  const Output taken = oodml({"db", "backup", "-o", folder_ / "second.db", "--artifacts", kept});
  enough = true;
  uploader.join();
  EXPECT_TRUE(uploads_well);
  ASSERT_EQ(taken.exit_code, 0) << taken.err;
  const Output verified = oodml({"db", "verify", folder_ / "second.db", "--artifact-root", kept, "--contents"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  EXPECT_NE(verified.out.find("it names 7 contents of "), std::string::npos) << verified.out;

  coordinator_->process().signal(SIGKILL);
  ASSERT_EQ(coordinator_->process().wait(), 128 + SIGKILL);
  for (const char* part : {"", "-wal", "-shm", ".artifacts"})
    std::filesystem::remove_all(coordinator_->database().string() + part);
  const Output restored =
      oodml({"db", "restore", folder_ / "second.db", "--database", coordinator_->database(), "--artifacts", kept});
  ASSERT_EQ(restored.exit_code, 0) << restored.out << restored.err;
  coordinator_->start();
  const Output fetched = oodml({"fetch", "trial:1", "--what", "all", "-o", folder_ / "out"});
  EXPECT_EQ(fetched.exit_code, 0) << fetched.err;
  for (std::size_t i = 0; i < files.size(); ++i)
    EXPECT_EQ(read_text(folder_ / "out" / "tensorboard" / std::to_string(i)), files[i]) << i;
}

}  // namespace
}  // namespace oodml::testing
