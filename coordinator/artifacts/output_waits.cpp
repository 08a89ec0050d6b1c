#include "coordinator/artifacts/output_waits.h"

#include <algorithm>
#include <utility>

namespace oodml::coordinator::artifacts {
namespace {

struct Handle final : Pending {
  Handle(std::weak_ptr<OutputWaits> waits, std::weak_ptr<OutputWaits::Waiting> waiting)
      : waits(std::move(waits)), waiting(std::move(waiting)) {}
  void cancel() override {
    const auto all = waits.lock();
    const auto one = waiting.lock();
    if (all && one) all->answer(one, one->none);
  }
  const std::weak_ptr<OutputWaits> waits;
  const std::weak_ptr<OutputWaits::Waiting> waiting;
};

}  // namespace

std::shared_ptr<OutputWaits::Waiting> OutputWaits::add(Waiting waiting) {
  auto shared = std::make_shared<Waiting>(std::move(waiting));
  bool stopped = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(shared);
    stopped = stopped_;
  }
  if (stopped) answer(shared, shared->none);
  return shared;
}

std::shared_ptr<Pending> OutputWaits::handle_of(const std::shared_ptr<Waiting>& waiting) {
  return std::make_shared<Handle>(weak_from_this(), waiting);
}

std::vector<std::shared_ptr<OutputWaits::Waiting>> OutputWaits::of(TrialId trial) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Waiting>> found;
  std::ranges::copy_if(waiting_, std::back_inserter(found),
                       [&](const auto& waiting) { return waiting->query.trial == trial; });
  return found;
}

void OutputWaits::answer(const std::shared_ptr<Waiting>& waiting, Result<OutputPiece> piece) {
  {
    const std::lock_guard lock(mutex_);
    if (std::erase(waiting_, waiting) == 0) return;
  }
  waiting->reply(std::move(piece));
}

void OutputWaits::tick(Steady now) {
  answer_where([&](const Waiting& waiting) { return waiting.deadline <= now; });
}

void OutputWaits::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  answer_where([](const Waiting&) { return true; });
}

void OutputWaits::answer_where(const std::function<bool(const Waiting&)>& is_due) {
  std::vector<std::shared_ptr<Waiting>> due;
  {
    const std::lock_guard lock(mutex_);
    std::ranges::copy_if(waiting_, std::back_inserter(due), [&](const auto& waiting) { return is_due(*waiting); });
  }
  for (const auto& waiting : due) answer(waiting, waiting->none);
}

}  // namespace oodml::coordinator::artifacts
