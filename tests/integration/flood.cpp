#include "tests/integration/flood.h"

#include <memory>
#include <utility>

namespace oodml::testing {

struct Flood::Batch {
  Call call;
  v1::PushEventsRequest request;
  v1::PushEventsReply reply;
};

namespace {

std::shared_ptr<grpc::Channel> own_connection(const CoordinatorProcess& coordinator) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(coordinator.address(), coordinator.worker_credentials(), arguments);
}

}  // namespace

Flood::Flood(const CoordinatorProcess& coordinator, std::string worker, v1::Lease lease, int batch,
             int batches_under_way)
    : stub_(v1::WorkerService::NewStub(own_connection(coordinator))),
      worker_(std::move(worker)),
      lease_(std::move(lease)),
      batch_(batch),
      most_under_way_(batches_under_way),
      thread_([this] { run(); }) {}

void Flood::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Flood::run() {
  std::int64_t next = 1;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (refused_) {  // The ones behind it have a gap before them now.
      changed_.wait(lock, [this] { return under_way_ == 0; });
      refused_ = false;
      next = durable_ + 1;
    }
    ++under_way_;
    lock.unlock();
    send(std::exchange(next, next + batch_));
    lock.lock();
    changed_.wait(lock, [this] { return stopping_ || refused_ || under_way_ < most_under_way_; });
  }
  changed_.wait(lock, [this] { return under_way_ == 0; });
}

void Flood::send(std::int64_t first_sequence) {
  const auto batch = std::make_shared<Batch>();
  batch->request = StubWorker::metrics(worker_, lease_, first_sequence, batch_);
  stub_->async()->PushEvents(batch->call, &batch->request, &batch->reply,
                             [this, batch](grpc::Status status) { take(*batch, status); });
}

void Flood::take(const Batch& batch, const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  if (status.ok()) durable_ = std::max<std::int64_t>(durable_, batch.reply.durable_sequence());
  if (!status.ok()) refused_ = true;
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    const auto& hints = batch.call.context.GetServerTrailingMetadata();
    ++(hints.contains("retry-after-ms") ? with_hint_ : without_hint_);
  }
  --under_way_;
  changed_.notify_all();
}

}  // namespace oodml::testing
