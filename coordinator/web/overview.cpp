#include "coordinator/web/overview.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace oodml::coordinator::web {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kUsualPause{500};
constexpr int kShare = 20;  // of the time, at most 1 / kShare is spent asking

}  // namespace

class Overview::Subscription final : public Feed {
 public:
  Subscription(Overview& overview, std::shared_ptr<Page> page) : overview_(overview), page_(std::move(page)) {}
  ~Subscription() override {
    const std::lock_guard lock(overview_.mutex_);
    std::erase(overview_.pages_, page_);
  }
  std::vector<StreamMessage> take(Duration patience) override { return page_->mailbox.take(patience); }
  std::optional<Status> ended() const override { return page_->mailbox.ended(); }

 private:
  Overview& overview_;
  const std::shared_ptr<Page> page_;
};

Overview::Overview(JsonCalls& calls) : calls_(calls), thread_([this] { loop(); }) {}

Overview::~Overview() {
  stop();
  thread_.join();
}

void Overview::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& page : pages_) page->mailbox.end(unavailable("the coordinator is stopping; call again"));
  wake_.notify_all();
}

std::unique_ptr<Feed> Overview::subscribe(const std::string& token) {
  auto page = std::make_shared<Page>();
  page->token = token;
  const std::lock_guard lock(mutex_);
  if (stopping_) page->mailbox.end(unavailable("the coordinator is stopping; call again"));
  pages_.push_back(page);
  is_new_ = true;
  wake_.notify_all();
  return std::make_unique<Subscription>(*this, std::move(page));
}

void Overview::loop() {
  std::unique_lock lock(mutex_);
  steady_clock::time_point next_look{};
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !pages_.empty(); });
    wake_.wait_until(lock, next_look, [this] { return stopping_ || is_new_; });
    if (stopping_) return;
    is_new_ = false;
    const std::vector<std::shared_ptr<Page>> pages = pages_;
    lock.unlock();
    const auto begin = steady_clock::now();
    if (begin >= next_look) {
      look(pages);
      const auto end = steady_clock::now();
      next_look = end + std::max<steady_clock::duration>(kUsualPause, kShare * (end - begin));
    } else if (known_) {  // who comes between two looks is told what the last one saw
      for (const auto& page : pages) tell(*page, page->knows_all ? *known_ : Summaries(), *known_);
    }
    lock.lock();
  }
}

void Overview::look(const std::vector<std::shared_ptr<Page>>& pages) {
  Result<Summaries> now = read(pages);
  if (!now.has_value()) return;  // busy or stopping; those who may not read were told
  for (const auto& page : pages) tell(*page, page->knows_all && known_ ? *known_ : Summaries(), *now);
  known_ = *std::move(now);
}

/// With the token of a page that is let in; the stream of one that is not ends.
Result<Overview::Summaries> Overview::read(const std::vector<std::shared_ptr<Page>>& pages) {
  Status refusal;
  for (const auto& page : pages) {
    const Result<std::string> reply = calls_.call("SweepService", "List", "{}", page->token);
    if (reply.has_value()) {
      const nlohmann::json list = nlohmann::json::parse(*reply, nullptr, false);
      Summaries summaries;
      if (!list.is_object() || !list.contains("sweeps")) return summaries;
      for (const auto& sweep : list["sweeps"]) summaries[sweep.value("sweepId", "")] = sweep.dump();
      return summaries;
    }
    refusal = reply.error();
    const bool is_refused =
        refusal.code() == StatusCode::kUnauthenticated || refusal.code() == StatusCode::kPermissionDenied;
    if (!is_refused) break;
    page->mailbox.end(refusal);
  }
  return failure(refusal);
}

void Overview::tell(Page& page, const Summaries& before, const Summaries& now) {
  for (const auto& [id, summary] : now) {
    const auto old = before.find(id);
    if (old == before.end() || old->second != summary) page.mailbox.push(id, {"sweep", summary});
  }
  for (const auto& [id, summary] : before) {
    if (!now.contains(id)) page.mailbox.push(id, {"gone", nlohmann::json({{"sweepId", id}}).dump()});
  }
  if (!page.knows_all) page.mailbox.push("", {"whole", "{}"});
  page.knows_all = true;
}

}  // namespace oodml::coordinator::web
