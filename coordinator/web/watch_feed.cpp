#include "coordinator/web/watch_feed.h"

#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "oodml/v1/sweeps.grpc.pb.h"
#include "proto/convert/status_convert.h"

namespace oodml::coordinator::web {
namespace {

constexpr std::size_t kMostWaiting = 2000;  // messages that are read ahead of the page

std::string json_text(const google::protobuf::Message& message) {
  std::string json;
  return google::protobuf::util::MessageToJsonString(message, &json).ok() ? json : "{}";
}

class WatchFeed final : public Feed, grpc::ClientReadReactor<v1::WatchEventsReply> {
 public:
  WatchFeed(const std::shared_ptr<grpc::Channel>& channel, const std::string& token, std::int64_t sweep,
            std::int64_t trial)
      : stub_(v1::SweepService::NewStub(channel)) {
    if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
    if (sweep != 0) request_.mutable_sweep()->set_sweep_id(sweep);
    request_.set_trial_id(trial);
    stub_->async()->WatchEvents(&context_, &request_, this);
    AddHold();  // take() starts reads too
    StartRead(&reply_);
    StartCall();
  }

  ~WatchFeed() override {
    context_.TryCancel();
    release();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
  }

  std::vector<StreamMessage> take(Duration patience) override {
    std::vector<StreamMessage> messages = mailbox_.take(patience);
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_full_, false) && !released_) StartRead(&reply_);
    return messages;
  }
  std::optional<Status> ended() const override { return mailbox_.ended(); }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return release();
    tell();
    const std::lock_guard lock(mutex_);
    is_full_ = mailbox_.size() >= kMostWaiting;
    if (!is_full_) StartRead(&reply_);
  }

  void OnDone(const grpc::Status& status) override {
    mailbox_.end(status.ok() ? Status(unavailable("the coordinator ended the stream; call again"))
                             : convert::from_grpc(status));
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();  // under the lock: the destructor waits for it
  }

  void tell() {
    switch (reply_.what_case()) {
      case v1::WatchEventsReply::kSweep:
        return mailbox_.push("sweep " + std::to_string(reply_.sweep().sweep_id()),
                             {"sweep", json_text(reply_.sweep())});
      case v1::WatchEventsReply::kTrial:
        return mailbox_.push("trial " + std::to_string(reply_.trial().trial_id()),
                             {"trial", json_text(reply_.trial())});
      case v1::WatchEventsReply::kEvent:
        return mailbox_.push(
            reply_.event().has_progress() ? "progress " + std::to_string(reply_.event().trial_id()) : "",
            {"event", json_text(reply_.event())});
      case v1::WatchEventsReply::WHAT_NOT_SET:
        return;
    }
  }

  void release() {
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(released_, true)) return;
    }
    RemoveHold();
  }

  const std::unique_ptr<v1::SweepService::Stub> stub_;
  grpc::ClientContext context_;
  v1::WatchEventsRequest request_;
  v1::WatchEventsReply reply_;
  Mailbox mailbox_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_full_ = false;  // nothing is being read
  bool released_ = false;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<Feed> watch_feed(const std::shared_ptr<grpc::Channel>& channel, const std::string& token,
                                 std::int64_t sweep, std::int64_t trial) {
  return std::make_unique<WatchFeed>(channel, token, sweep, trial);
}

}  // namespace oodml::coordinator::web
