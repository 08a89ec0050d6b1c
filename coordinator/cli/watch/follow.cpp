#include "coordinator/cli/watch/follow.h"

#include <ostream>

#include "coordinator/cli/event_stream.h"
#include "coordinator/cli/watch/screen.h"
#include "coordinator/cli/watch/watch_frame.h"
#include "coordinator/cli/watch/watch_log.h"

namespace oodml::cli {
namespace {

constexpr std::chrono::milliseconds kWatchTick{200};
constexpr std::chrono::seconds kReasonsInterval{3};
constexpr std::int64_t kReasonsLimit = 1000;  ///< Trials whose reasons are asked for at a time.

/// The stream tells changes of state, but why a queued trial waits changes without one (a worker came, a slot is
/// free): asked for now and then. Failing is harmless; the next time is soon.
void refresh_reasons(Client& client, std::int64_t sweep, WatchModel& model) {
  v1::GetRequest request;
  request.mutable_sweep()->set_sweep_id(sweep);
  request.add_states("queued");
  request.set_limit(kReasonsLimit);
  const Result<v1::GetReply> reply = client.get_at_once(request);
  if (!reply) return;
  for (const auto& trial : reply->trials()) model.set_reason(trial);
}

class JsonSink final : public WatchSink {
 public:
  explicit JsonSink(std::ostream& out) : out_(out) {}
  void message(const v1::WatchEventsReply& message, const WatchModel&) override {
    out_ << json_line(json_of(message)) << std::flush;
  }
  void refresh(const WatchModel&, const std::string&) override {}
  void finish() override {}

 private:
  std::ostream& out_;
};

class LineSink final : public WatchSink {
 public:
  LineSink(std::ostream& out, Style style, const Clock& clock) : out_(out), log_(style), clock_(clock) {}
  void message(const v1::WatchEventsReply& message, const WatchModel& before) override {
    show(log_.lines(message, before, to_millis(clock_.now())));
  }
  void refresh(const WatchModel&, const std::string& connection) override {
    show(log_.connection(connection, to_millis(clock_.now())));
  }
  void finish() override {}

 private:
  void show(const std::string& text) {
    if (!text.empty()) out_ << text << std::flush;
  }

  std::ostream& out_;
  WatchLog log_;
  const Clock& clock_;
};

class ScreenSink final : public WatchSink {
 public:
  ScreenSink(std::ostream& out, Style style, const Surroundings& around) : out_(out), style_(style), around_(around) {}
  ~ScreenSink() override { finish(); }
  void message(const v1::WatchEventsReply&, const WatchModel&) override {}
  void refresh(const WatchModel& model, const std::string& connection) override {
    const TerminalSize size = around_.terminal_size();
    style_.width = size.columns > 1 ? size.columns - 1 : 1;  // a full last column would wrap on some terminals
    const std::size_t height = size.rows > 2 ? size.rows - 1 : 1;
    out_ << screen_.frame(watch_frame(model, connection, to_millis(around_.clock.now()), height, style_), size.columns)
         << std::flush;
  }
  void finish() override { out_ << screen_.finish() << std::flush; }

 private:
  std::ostream& out_;
  Style style_;
  const Surroundings& around_;
  Screen screen_;
};

}  // namespace

std::unique_ptr<WatchSink> make_sink(const Session& session, bool to_error) {
  Surroundings& around = session.around;
  std::ostream& out = to_error ? around.err : around.out;
  const Style style = to_error ? around.err_style : around.out_style;
  if (session.json() && !to_error) return std::make_unique<JsonSink>(out);
  if (to_error ? around.err_is_terminal : around.out_is_terminal)
    return std::make_unique<ScreenSink>(out, style, around);
  return std::make_unique<LineSink>(out, style, around.clock);
}

Result<FollowEnd> follow(Session& session, Client& client, const v1::SweepRef& sweep, WatchSink& sink,
                         WatchModel& model, const std::function<Status()>& check, int interrupts_before) {
  v1::WatchEventsRequest request;
  *request.mutable_sweep() = sweep;
  EventStream stream(client, request);
  auto drawn = std::chrono::steady_clock::time_point::min();
  auto reasons_asked = std::chrono::steady_clock::now();
  while (true) {
    EventStream::Batch batch = stream.next(kWatchTick);
    for (const auto& message : batch.messages) {
      sink.message(message, model);
      model.apply(message);
    }
    const bool interrupted = session.around.interrupts() > interrupts_before;
    const bool over = batch.fatal || model.ended() || interrupted;
    const auto now = std::chrono::steady_clock::now();
    if (!over && drawn != std::chrono::steady_clock::time_point::min() && now - drawn < kWatchTick) continue;
    drawn = now;
    const bool waiting = !over && model.sweep() && model.sweep()->counts().queued() > 0 && batch.connection.empty();
    if (waiting && now - reasons_asked >= kReasonsInterval) {
      refresh_reasons(client, model.sweep()->sweep_id(), model);
      reasons_asked = std::chrono::steady_clock::now();
    }
    sink.refresh(model, batch.connection);
    const Status checked = check && !over ? check() : Status();
    if (!over && checked.ok()) continue;
    sink.finish();
    if (batch.fatal) return failure(*batch.fatal);
    if (model.ended()) return FollowEnd::kEnded;
    if (interrupted) return FollowEnd::kInterrupted;
    return failure(checked);
  }
}

}  // namespace oodml::cli
