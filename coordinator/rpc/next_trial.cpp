#include "coordinator/rpc/next_trial.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr Duration kUntilTheEnd = std::chrono::minutes(1);  // it is given up before

}  // namespace

void NextTrial::ask(Leases& leases) {
  {
    const std::lock_guard lock(mutex_);
    if (forgotten_) return;
  }
  auto pending = leases.acquire(
      worker_, slot_, request_id_, kUntilTheEnd,
      [self = shared_from_this()](Result<std::optional<job::LeasedTrial>> got) { self->answered(std::move(got)); });
  bool is_late = false;
  {
    const std::lock_guard lock(mutex_);
    pending_ = pending;
    is_late = forgotten_ || found_ != nullptr;
  }
  if (is_late) pending->cancel();
}

void NextTrial::end(Found found) {
  std::shared_ptr<Leases::Pending> pending;
  std::optional<std::optional<job::LeasedTrial>> trial;
  {
    const std::lock_guard lock(mutex_);
    trial = std::move(trial_);
    if (!trial) found_ = std::move(found);
    pending = pending_;
  }
  if (trial) return found(*trial);
  if (pending) pending->cancel();
}

void NextTrial::forget() {
  std::shared_ptr<Leases::Pending> pending;
  {
    const std::lock_guard lock(mutex_);
    forgotten_ = true;
    pending = pending_;
  }
  if (pending) pending->cancel();
}

/// A question that is refused is asked again by the worker, and refused again.
void NextTrial::answered(Result<std::optional<job::LeasedTrial>> got) {
  std::optional<job::LeasedTrial> trial = got ? std::move(*got) : std::nullopt;
  Found found;
  {
    const std::lock_guard lock(mutex_);
    if (!found_) trial_ = std::move(trial);
    found = std::exchange(found_, nullptr);
  }
  if (found) found(trial);
}

}  // namespace oodml::coordinator::rpc
