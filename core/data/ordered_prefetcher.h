#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/result.h"

namespace oodml::data {

/// Runs numbered tasks, grouped in batches, on threads of its own, never more than `window` batches ahead of its
/// one consumer. What a task does may depend on (batch, place) only, so the outcome is the same for any number of
/// threads. Knows nothing of images and tensors.
class OrderedPrefetcher {
 public:
  /// Called once for every place of every batch from `first` on, on thread `worker`. May throw.
  using Task = std::function<Status(std::size_t batch, std::size_t place, std::size_t worker)>;

  struct Options {
    std::size_t first = 0;
    std::size_t threads = 1;
    std::size_t window = 4;
  };
  /// batch_sizes[i] is the number of places of batch i.
  OrderedPrefetcher(std::vector<std::size_t> batch_sizes, Options options, Task task);
  /// Waits for the tasks that run, starts no other.
  ~OrderedPrefetcher();
  OrderedPrefetcher(const OrderedPrefetcher&) = delete;
  OrderedPrefetcher& operator=(const OrderedPrefetcher&) = delete;

  /// Blocks until every place of the next batch has been done; the failure of its lowest place, if any.
  /// Must not be called after the last batch.
  Status wait();
  /// Ends the consumer's use of the batch that wait() delivered: the batch `window` ahead may be started.
  void advance();

 private:
  struct Claim {
    std::size_t batch = 0, from = 0, to = 0;
  };
  /// The outcome of a batch so far.
  struct Progress {
    std::size_t remaining = 0;
    std::size_t failed_place = 0;
    Status status;
  };

  void start(std::size_t threads);
  void work(std::size_t worker);
  bool claim(Claim& claim);
  void finish(const Claim& claim, std::size_t failed_place, Status status);
  void skip_empty_batches();

  const std::vector<std::size_t> sizes_;
  const std::size_t window_;
  const Task task_;

  std::mutex mutex_;  ///< Guards everything below but threads_.
  std::condition_variable can_claim_, batch_done_;
  std::vector<Progress> progress_;           ///< ring of window_ batches: batch b at b % window_
  std::size_t next_batch_, next_place_ = 0;  ///< the next task to hand out
  std::size_t consumed_;                     ///< batches before it are no longer in the ring
  bool stopping_ = false;

  std::vector<std::jthread> threads_;
};

}  // namespace oodml::data
