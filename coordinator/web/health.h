#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "coordinator/service/service.h"
#include "core/base/clock.h"

namespace oodml::coordinator::web {

/// What probes are told of the coordinator: nothing of what it holds, and no paths.
struct Health {
  std::string database;             ///< Why its database does not answer; empty: it does.
  std::string disk;                 ///< Why the database's disk is no good; empty: it is.
  std::string writer;               ///< Why changes do not get onto it; empty: they do.
  std::int64_t disk_free_mib = -1;  ///< -1: unknown
  bool ok() const { return database.empty() && disk.empty() && writer.empty(); }
};

struct HealthTerms {
  std::chrono::milliseconds between_looks{2000};
  std::chrono::milliseconds longest_look{10'000};  ///< A read that takes longer is none.
  std::chrono::milliseconds longest_wait{10'000};  ///< Of a change, until it is on the disk.
  std::int64_t least_free_mib = 256;
};

/// Looks again and again, on a thread of its own: a database that hangs holds up nobody who asks, and who asks often
/// costs nothing.
class HealthCheck {
 public:
  /// `tell` hears after each look whether all is well, on that thread; may be empty. All outlive it.
  HealthCheck(Service& service, std::filesystem::path database, const Clock& clock, HealthTerms terms,
              std::function<void(bool)> tell);
  ~HealthCheck() { stop(); }
  /// Looks and tells no more; now() stays as it is.
  void stop();

  /// As it was at the last look; the first is over when the constructor returns.
  Health now() const;

 private:
  void loop();
  Health look();

  Service& service_;
  const std::filesystem::path database_;
  const Clock& clock_;
  const HealthTerms terms_;
  const std::function<void(bool)> tell_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  Health last_;
  std::chrono::steady_clock::time_point looked_{};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::coordinator::web
