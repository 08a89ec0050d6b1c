#include "coordinator/rpc/watch_stream.h"

#include <utility>

#include "coordinator/rpc/sweep_messages.h"

namespace oodml::coordinator::rpc {

Watch::Watch(const Admission& admission, grpc::CallbackServerContext& context, std::size_t max_events)
    : admission_(admission), context_(context), queue_(max_events) {}

void Watch::push(WatchItem item) {
  std::unique_lock lock(mutex_);
  if (finished_ || end_) return;
  if (!queue_.push(std::move(item))) end_ = Status(StatusCode::kResourceExhausted, "fell behind; call again");
  advance(std::move(lock));
}

void Watch::end(Status status) {
  std::unique_lock lock(mutex_);
  if (!end_) end_ = std::move(status);
  advance(std::move(lock));
}

/// Starts the one operation that is due, outside the lock: the flags set under it keep others from starting a second.
void Watch::advance(std::unique_lock<std::mutex> lock) {
  if (stream_ == nullptr || writing_ || finished_) return;
  if (end_ && !end_->ok()) queue_.clear();
  if (std::optional<WatchItem> item = queue_.pop()) {
    bool ours = false;
    sending_.Clear();  // what was sent before; gRPC writes into an empty one only
    grpc::SerializationTraits<v1::WatchEventsReply>::Serialize(to_proto(*item), &sending_, &ours);
    writing_ = true;
    auto* const stream = stream_;
    lock.unlock();
    stream->StartWrite(&sending_);
  } else if (end_) {
    finished_ = true;
    auto* const stream = stream_;
    lock.unlock();
    stream->Finish(ending(context_, admission_.method(), admission_.caller().name, *end_));
  }
}

void Watch::written(bool ok) {
  std::unique_lock lock(mutex_);
  writing_ = false;
  if (!ok && !end_) end_ = Status(StatusCode::kCancelled, "the caller left");
  advance(std::move(lock));
}

void Watch::hold(std::unique_ptr<Sweeps::Subscription> subscription) {
  const std::lock_guard lock(mutex_);
  // Where the call is over already, `subscription` ends after the lock is released.
  if (!finished_) subscription_.swap(subscription);
}

void Watch::closed() {
  std::unique_ptr<Sweeps::Subscription> subscription;  // ends after the lock is released: a delivery may wait for it
  const std::lock_guard lock(mutex_);
  stream_ = nullptr;
  subscription.swap(subscription_);
}

WatchStream::WatchStream(std::shared_ptr<Watch> watch, OpenCalls<Watch>& open) : watch_(std::move(watch)), open_(open) {
  std::unique_lock lock(watch_->mutex_);
  watch_->stream_ = this;
  watch_->advance(std::move(lock));
}

void WatchStream::OnDone() {
  watch_->closed();
  open_.remove(watch_);
  delete this;
}

}  // namespace oodml::coordinator::rpc
