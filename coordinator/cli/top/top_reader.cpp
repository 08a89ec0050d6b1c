#include "coordinator/cli/top/top_reader.h"

#include <utility>

namespace oodml::cli {
namespace {

constexpr std::chrono::seconds kPause{2};
constexpr std::size_t kDetails = 3;

/// A coordinator that is away, or has too much to do, comes back.
bool may_get_better(StatusCode code) {
  return code == StatusCode::kUnavailable || code == StatusCode::kDeadlineExceeded ||
         code == StatusCode::kResourceExhausted || code == StatusCode::kCancelled;
}

}  // namespace

TopReader::TopReader(std::unique_ptr<Client> client, TopLooker looker, const Clock& clock)
    : client_(std::move(client)), looker_(std::move(looker)), clock_(clock), thread_([this] { loop(); }) {}

TopReader::~TopReader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

TopReader::News TopReader::take() {
  const std::lock_guard lock(mutex_);
  News news = news_;
  news_.look.reset();
  return news;
}

void TopReader::loop() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kPause, [this] { return stopping_; })) {
    lock.unlock();
    Result<TopLook> look = looker_.look(*client_, to_millis(clock_.now()), kDetails);
    lock.lock();
    tell(std::move(look));
  }
}

void TopReader::tell(Result<TopLook> look) {
  if (look) {
    news_.connection.clear();
    news_.look = *std::move(look);
  } else if (may_get_better(look.error().code())) {
    news_.connection =
        "The coordinator does not answer; this goes on once it does. Until then it is shown as it was at the time above.";
  } else {
    news_.fatal = look.error();
  }
}

}  // namespace oodml::cli
