#include "coordinator/telling/teller.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <utility>

#include "coordinator/telling/message.h"
#include "coordinator/telling/send.h"
#include "core/base/ids.h"

namespace oodml::coordinator::telling {
namespace {

using namespace std::chrono_literals;

constexpr auto kRound = 1s, kSlowLook = 10s;
constexpr Duration kFirstPause = 5s, kLongestPause = 1h;
constexpr auto kGiveUpAfter = 72h;
constexpr std::int64_t kMostOfHook = 1000;  // messages that wait

/// Waits for the writer: nothing else is done on this thread meanwhile.
template <typename T>
Result<T> written(store::JobStore& store, std::function<Result<T>(store::Connection&)> work) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  store.write<T>(std::move(work), [promise](Result<T> result) { promise->set_value(std::move(result)); });
  return future.get();
}

}  // namespace

Teller::Teller(store::JobStore& store, Clock& clock, Lookout& lookout, Workers workers, std::unique_ptr<Post> post)
    : store_(store), clock_(clock), lookout_(lookout), workers_(std::move(workers)), post_(std::move(post)) {}

void Teller::set_hooks(std::vector<Hook> hooks) {
  const std::lock_guard lock(mutex_);
  hooks_ = std::move(hooks);
}

void Teller::start() {
  thread_ = std::thread([this] { loop(); });
}

void Teller::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  post_->cancel();
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Teller::loop() {
  for (;;) {
    round();
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kRound, [this] { return stopping_; })) return;
  }
}

void Teller::round() {
  look();
  const auto messages = store_.read([](store::Connection& database) -> Result<std::vector<store::OutgoingMessage>> {
    return store::next_messages(database);
  });
  if (!messages) return spdlog::debug("the outbox cannot be read now: {}", messages.error().text());
  for (const store::OutgoingMessage& message : *messages) {
    const auto pause = pauses_.find(message.hook);
    if (pause == pauses_.end() || pause->second.until <= clock_.steady_now()) deliver(message);
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
  }
}

void Teller::look() {
  if (const auto sweeps = lookout_.of_sweeps()) {
    for (const SweepNews& found : *sweeps) put(found.news, found);
  } else {
    spdlog::debug("sweeps cannot be looked at now: {}", sweeps.error().text());
  }
  if (!slow_look_is_due()) return;
  put(lookout_.of_workers(workers_()), {});
  put(lookout_.of_disk(), {});
}

/// A list of a thousand workers is not made each second.
bool Teller::slow_look_is_due() {
  const auto now = clock_.steady_now();
  if (now < next_slow_look_) return false;
  next_slow_look_ = now + kSlowLook;
  return true;
}

/// The messages and, of a sweep, that they were told, in one transaction.
void Teller::put(const std::vector<News>& news, const SweepNews& noted) {
  std::vector<Hook> hooks;
  {
    const std::lock_guard lock(mutex_);
    hooks = hooks_;
  }
  std::vector<store::OutgoingMessage> messages;
  for (const News& one : news) {
    spdlog::info("news kind={} text={}", to_text(one.kind), one.text);
    for (const Hook& hook : hooks) {
      if (!hook.wants(one)) continue;
      const std::string delivery = random_hex_128();
      messages.push_back({.hook = hook.name,
                          .delivery = delivery,
                          .kind = to_text(one.kind),
                          .body = body_of(one, hook.format, delivery, clock_.now()),
                          .created = clock_.now()});
    }
  }
  if (messages.empty() && noted.sweep.value == 0) return;
  const auto put = written<std::int64_t>(store_, [&](store::Connection& database) -> Result<std::int64_t> {
    std::int64_t dropped = 0;
    for (const auto& message : messages) dropped += store::put_message(database, message, kMostOfHook);
    if (noted.sweep.value != 0) store::set_told(database, noted.sweep, noted.told_after);
    return dropped;
  });
  if (!put) return lookout_.look_again();
  if (*put > 0) spdlog::error("the outbox is full: {} old messages were dropped untold", *put);
}

std::optional<Hook> Teller::hook(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(hooks_, name, &Hook::name);
  return found == hooks_.end() ? std::nullopt : std::optional<Hook>(*found);
}

void Teller::deliver(const store::OutgoingMessage& message) {
  const std::optional<Hook> to = hook(message.hook);
  if (!to) return drop(message, "its hook is not in the file any more");
  const Status sent = send(*to, *post_, message.kind, message.delivery, message.body, clock_.now());
  if (sent.code() == StatusCode::kCancelled) return;  // the next start sends it
  if (!sent.ok()) return failed(message, sent);
  pauses_.erase(message.hook);
  spdlog::debug("told hook={} kind={} delivery={}", message.hook, message.kind, message.delivery);
  const auto removed = written<bool>(store_, [&](store::Connection& database) -> Result<bool> {
    store::remove_message(database, message.id);
    return true;
  });
  if (!removed) spdlog::warn("hook {} may be told twice: {}", message.hook, removed.error().message());
}

void Teller::failed(const store::OutgoingMessage& message, const Status& why) {
  if (clock_.now() - message.created > kGiveUpAfter) return drop(message, why.message());
  Pause& pause = pauses_[message.hook];
  pause.length = std::clamp(2 * pause.length, kFirstPause, kLongestPause);
  pause.until = clock_.steady_now() + pause.length;
  spdlog::warn("hook={} does not take its message kind={} tries={} again_in={}s: {}", message.hook, message.kind,
               message.tries + 1, pause.length / 1s, why.message());
  const auto noted = written<bool>(store_, [&](store::Connection& database) -> Result<bool> {
    store::note_try(database, message.id, why.message());
    return true;
  });
  if (!noted) spdlog::debug("the try is not noted: {}", noted.error().text());
}

void Teller::drop(const store::OutgoingMessage& message, const std::string& why) {
  spdlog::error("a message is dropped untold hook={} kind={} tries={}: {}", message.hook, message.kind, message.tries,
                why);
  const auto removed = written<bool>(store_, [&](store::Connection& database) -> Result<bool> {
    store::remove_message(database, message.id);
    return true;
  });
  if (!removed) spdlog::debug("it stays for now: {}", removed.error().text());
}

}  // namespace oodml::coordinator::telling
