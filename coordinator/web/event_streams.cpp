#include "coordinator/web/event_streams.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/clock.h"

namespace oodml::coordinator::web {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kGoodbye{1000};
constexpr milliseconds kSlice{200};  // how soon a stop and a reader that left are seen

/// JSON has no line end of its own: one line of data.
std::string frame(const StreamMessage& message) {
  return "event: " + message.event + "\ndata: " + message.json + "\n\n";
}

StreamMessage end_message(const Status& status) {
  const nlohmann::json reason = {{"code", to_text(status.code())}, {"message", status.message()}};
  return {"end", reason.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

bool write(httplib::DataSink& sink, const std::string& text) { return sink.write(text.data(), text.size()); }

}  // namespace

/// One of the streams that may be open; gives its place back when it goes.
struct EventStreams::Place {
  Place(EventStreams& streams, std::string visitor) : streams(streams), visitor(std::move(visitor)) {}
  ~Place() {
    const std::lock_guard lock(streams.mutex_);
    if (--streams.open_ == 0) streams.none_.notify_all();
    if (--streams.of_visitor_[visitor] == 0) streams.of_visitor_.erase(visitor);
  }
  EventStreams& streams;
  const std::string visitor;
};

/// What the library calls again and again while the connection lives, on its thread.
class EventStreams::Stream {
 public:
  Stream(EventStreams& streams, std::shared_ptr<Place> place, std::unique_ptr<Feed> feed,
         std::function<bool()> is_welcome)
      : streams_(streams), place_(std::move(place)), feed_(std::move(feed)), is_welcome_(std::move(is_welcome)) {}

  /// False: the reader is gone or too slow.
  bool go_on(httplib::DataSink& sink) {
    if (!begun_) return begin(sink);
    if (streams_.stopping_) return finish(sink, unavailable("the coordinator is stopping; call again"));
    const auto now = steady_clock::now();
    if (now < not_before_) std::this_thread::sleep_for(std::min<steady_clock::duration>(not_before_ - now, kSlice));
    if (steady_clock::now() < not_before_) return sink.is_writable();
    const std::vector<StreamMessage> messages = feed_->take(kSlice);
    if (!messages.empty()) return send(sink, messages);
    if (const std::optional<Status> end = feed_->ended()) return finish(sink, *end);
    return steady_clock::now() < next_heartbeat_ ? sink.is_writable() : send_heartbeat(sink);
  }

 private:
  bool begin(httplib::DataSink& sink) {
    begun_ = true;
    next_heartbeat_ = steady_clock::now() + streams_.limits_.heartbeat;
    next_question_ = next_heartbeat_;
    return write(sink, "retry: 1000\n" + frame({"start", "{}"}));
  }

  bool send(httplib::DataSink& sink, const std::vector<StreamMessage>& messages) {
    if (!is_still_welcome()) return finish(sink, Status(StatusCode::kUnauthenticated, "log in first"));
    std::string text;
    for (const StreamMessage& message : messages) text += frame(message);
    const auto now = steady_clock::now();
    not_before_ = now + streams_.limits_.between_batches;
    next_heartbeat_ = now + streams_.limits_.heartbeat;
    return write(sink, text);
  }

  bool send_heartbeat(httplib::DataSink& sink) {
    if (!is_still_welcome()) return finish(sink, Status(StatusCode::kUnauthenticated, "log in first"));
    next_heartbeat_ = steady_clock::now() + streams_.limits_.heartbeat;
    return write(sink,
                 frame({"heartbeat", "{\"timeMillis\":\"" + std::to_string(to_millis(SystemClock().now())) + "\"}"}));
  }

  bool finish(httplib::DataSink& sink, const Status& status) {
    if (!write(sink, frame(end_message(status)))) return false;
    sink.done();
    return true;
  }

  bool is_still_welcome() {
    const auto now = steady_clock::now();
    if (now < next_question_) return true;
    next_question_ = now + streams_.limits_.heartbeat;
    return is_welcome_();
  }

  EventStreams& streams_;
  const std::shared_ptr<Place> place_;
  const std::unique_ptr<Feed> feed_;
  const std::function<bool()> is_welcome_;
  bool begun_ = false;
  steady_clock::time_point not_before_{}, next_heartbeat_{}, next_question_{};
};

void EventStreams::stop() {
  stopping_ = true;
  std::unique_lock lock(mutex_);
  none_.wait_for(lock, kGoodbye, [this] { return open_ == 0; });
}

Result<std::shared_ptr<EventStreams::Place>> EventStreams::take_place(const std::string& visitor) {
  const std::lock_guard lock(mutex_);
  if (open_ >= limits_.streams || of_visitor_[visitor] >= limits_.streams_of_a_visitor) {
    return failure(StatusCode::kUnavailable, "too many live pages are open; close one, or ask again later");
  }
  ++open_;
  ++of_visitor_[visitor];
  return std::make_shared<Place>(*this, visitor);
}

Status EventStreams::open(httplib::Response& response, const std::string& visitor,
                          std::function<std::unique_ptr<Feed>()> feed, std::function<bool()> is_welcome) {
  if (stopping_) return unavailable("the coordinator is stopping; call again");
  OODML_ASSIGN_OR_RETURN(std::shared_ptr<Place> place, take_place(visitor));
  const auto stream = std::make_shared<Stream>(*this, std::move(place), feed(), std::move(is_welcome));
  response.status = 200;
  response.set_header("X-Accel-Buffering", "no");  // a proxy is not to collect events
  response.set_chunked_content_provider("text/event-stream",
                                        [stream](std::size_t, httplib::DataSink& sink) { return stream->go_on(sink); });
  return Status();
}

}  // namespace oodml::coordinator::web
