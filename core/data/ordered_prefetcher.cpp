#include "core/data/ordered_prefetcher.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <system_error>

namespace oodml::data {
namespace {

/// Places handed out at once: a thread takes 100 000 images of 28 x 28 a second, one by one would crowd the lock.
constexpr std::size_t kPlacesAtOnce = 4;

}  // namespace

OrderedPrefetcher::OrderedPrefetcher(std::vector<std::size_t> batch_sizes, Options options, Task task)
    : sizes_(std::move(batch_sizes)),
      window_(std::max<std::size_t>(1, options.window)),
      task_(std::move(task)),
      progress_(window_),
      next_batch_(options.first),
      consumed_(options.first) {
  for (std::size_t batch = consumed_; batch < std::min(sizes_.size(), consumed_ + window_); ++batch) {
    progress_[batch % window_].remaining = sizes_[batch];
  }
  start(std::max<std::size_t>(1, options.threads));
}

void OrderedPrefetcher::start(std::size_t threads) {
  threads_.reserve(threads);
  try {
    while (threads_.size() < threads) {
      threads_.emplace_back([this, worker = threads_.size()] { work(worker); });
    }
  } catch (const std::system_error&) {  // the system gives no more: fewer threads do the same work
    if (threads_.empty()) throw;
  }
}

OrderedPrefetcher::~OrderedPrefetcher() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  can_claim_.notify_all();
  threads_.clear();  // joins
}

Status OrderedPrefetcher::wait() {
  std::unique_lock lock(mutex_);
  if (consumed_ >= sizes_.size()) throw std::logic_error("OrderedPrefetcher::wait after the last batch");
  Progress& progress = progress_[consumed_ % window_];
  batch_done_.wait(lock, [&] { return progress.remaining == 0; });
  return progress.status;
}

void OrderedPrefetcher::advance() {
  {
    const std::scoped_lock lock(mutex_);
    const std::size_t opened = consumed_ + window_;
    Progress& progress = progress_[consumed_ % window_];
    progress = {};
    if (opened < sizes_.size()) progress.remaining = sizes_[opened];
    ++consumed_;
  }
  can_claim_.notify_all();
}

void OrderedPrefetcher::work(std::size_t worker) {
  Claim claimed;
  while (claim(claimed)) {
    std::size_t failed_place = 0;
    Status status;
    for (std::size_t place = claimed.from; place < claimed.to; ++place) {
      Status outcome;
      try {
        outcome = task_(claimed.batch, place, worker);
      } catch (const std::exception& error) {  // memory ran out; the consumer has to hear of it
        outcome = failure(StatusCode::kResourceExhausted, std::string("loading threads: ") + error.what());
      }
      if (!outcome.ok() && status.ok()) {
        failed_place = place;
        status = std::move(outcome);
      }
    }
    finish(claimed, failed_place, std::move(status));
  }
}

bool OrderedPrefetcher::claim(Claim& claim) {
  std::unique_lock lock(mutex_);
  can_claim_.wait(lock, [&] {
    skip_empty_batches();
    return stopping_ || next_batch_ >= sizes_.size() || next_batch_ < consumed_ + window_;
  });
  if (stopping_ || next_batch_ >= sizes_.size()) return false;
  claim = {.batch = next_batch_, .from = next_place_, .to = std::min(sizes_[next_batch_], next_place_ + kPlacesAtOnce)};
  next_place_ = claim.to;
  if (next_place_ == sizes_[next_batch_]) {
    ++next_batch_;
    next_place_ = 0;
  }
  return true;
}

void OrderedPrefetcher::skip_empty_batches() {
  while (next_batch_ < sizes_.size() && sizes_[next_batch_] == 0) ++next_batch_;
}

void OrderedPrefetcher::finish(const Claim& claim, std::size_t failed_place, Status status) {
  bool done = false;
  {
    const std::scoped_lock lock(mutex_);
    Progress& progress = progress_[claim.batch % window_];
    progress.remaining -= claim.to - claim.from;
    done = progress.remaining == 0;
    if (!status.ok() && (progress.status.ok() || failed_place < progress.failed_place)) {
      progress.failed_place = failed_place;
      progress.status = std::move(status);
    }
  }
  if (done) batch_done_.notify_one();
}

}  // namespace oodml::data
