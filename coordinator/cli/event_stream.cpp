#include "coordinator/cli/event_stream.h"

#include <algorithm>

namespace oodml::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxWaiting = 20'000;  ///< Messages; beyond it the reader waits, and gRPC slows the sender.
constexpr milliseconds kFirstWait{250};
constexpr milliseconds kLongestWait{5000};
/// A call is renewed after this time: whatever a slow reader missed comes with the fresh state.
constexpr std::chrono::minutes kRenewal{2};

bool may_pass(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return true;
    default:
      return false;
  }
}

/// A coordinator that is away comes back; what will not pass by itself is said.
std::string lost_text(const Client& client, const grpc::Status& status) {
  const bool tls =
      convert::could_not_connect(status) && convert::obstacle_of(status.error_message()) == convert::Obstacle::kTls;
  if (tls) return client.explained(status).message() + ", trying again";
  return "connection to the coordinator at " + client.address() + " lost, trying again";
}

}  // namespace

EventStream::EventStream(Client& client, v1::WatchEventsRequest request)
    : client_(client), request_(std::move(request)), reader_([this] { read_until_stopped(); }) {}

EventStream::~EventStream() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (call_ != nullptr) call_->TryCancel();
  }
  changed_.notify_all();
  reader_.join();
}

EventStream::Batch EventStream::next(milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return !messages_.empty() || fatal_; });
  Batch batch{.messages = {std::make_move_iterator(messages_.begin()), std::make_move_iterator(messages_.end())},
              .connection = connection_,
              .fatal = messages_.empty() ? fatal_ : std::nullopt};
  messages_.clear();
  changed_.notify_all();
  return batch;
}

void EventStream::read_until_stopped() {
  milliseconds wait = kFirstWait;
  do {
    const grpc::Status status = read_once();
    const std::lock_guard lock(mutex_);
    if (std::exchange(got_something_, false)) wait = kFirstWait;
    if (!status.ok() && !may_pass(status.error_code())) {
      fatal_ = client_.explained(status);
      changed_.notify_all();
      return;
    }
    if (!status.ok() && status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED) {
      connection_ = lost_text(client_, status);
    }
    wait = std::min(2 * wait, kLongestWait);
  } while (pause(wait / 2));
}

grpc::Status EventStream::read_once() {
  grpc::ClientContext context;
  client_.prepare(context);
  context.set_deadline(std::chrono::system_clock::now() + kRenewal);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return grpc::Status::CANCELLED;
    call_ = &context;
  }
  const auto reader = client_.stub()->WatchEvents(&context, request_);
  v1::WatchEventsReply message;
  while (reader->Read(&message)) {
    if (!deliver(std::move(message))) break;
    message = {};
  }
  {
    const std::lock_guard lock(mutex_);
    call_ = nullptr;
    if (stopping_) context.TryCancel();
  }
  return reader->Finish();
}

bool EventStream::deliver(v1::WatchEventsReply message) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || messages_.size() < kMaxWaiting; });
  if (stopping_) return false;
  messages_.push_back(std::move(message));
  connection_.clear();
  got_something_ = true;
  changed_.notify_all();
  return true;
}

bool EventStream::pause(milliseconds length) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, length, [this] { return stopping_; });
  return !stopping_;
}

}  // namespace oodml::cli
