#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "core/base/clock.h"
#include "core/identity/data_reader.h"
#include "core/job/identity.h"
#include "worker/programs/local_programs.h"

namespace oodml::worker {

/// Where a worker's data lie.
struct DataPlaces {
  std::filesystem::path benchmarks_root, weights_root;  ///< The latter may be empty.
  std::filesystem::path memory;                         ///< Keeps hashes of large files between runs.
  LocalPrograms programs = {};                          ///< Of people's own.
};

/// Hashes what the machine has on disk, and again whenever it has changed, on a thread of its own: the first look at
/// large benchmarks on a network may take minutes, in which the worker already runs trials.
class DataWatch {
 public:
  DataWatch(DataPlaces places, const Clock& clock, Duration every = std::chrono::seconds(5));
  DataWatch(const DataWatch&) = delete;
  DataWatch& operator=(const DataWatch&) = delete;

  /// As far as it has been hashed; grows while the first look is under way.
  job::DataStamps now() const;

 private:
  void watch(const std::stop_token& stop);
  void look(const std::stop_token& stop);
  void publish(const job::DataStamps& stamps, bool is_all);

  const DataPlaces places_;
  const Duration every_;
  identity::DataReader reader_;       // used by thread_ only
  mutable std::mutex mutex_;          // guards now_
  std::condition_variable_any wake_;  // when the thread is to end
  job::DataStamps now_;
  std::jthread thread_;
};

}  // namespace oodml::worker
