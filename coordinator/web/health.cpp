#include "coordinator/web/health.h"

#include <system_error>
#include <utility>

#include "coordinator/service/selections.h"
#include "coordinator/service/sweeps.h"
#include "core/base/result.h"

namespace oodml::coordinator::web {

HealthCheck::HealthCheck(Service& service, std::filesystem::path database, const Clock& clock, HealthTerms terms,
                         std::function<void(bool)> tell)
    : service_(service),
      database_(std::move(database)),
      clock_(clock),
      terms_(terms),
      tell_(std::move(tell)),
      last_(look()),
      looked_(clock.steady_now()) {
  if (tell_) tell_(last_.ok());
  thread_ = std::thread([this] { loop(); });
}

void HealthCheck::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Health HealthCheck::now() const {
  const std::lock_guard lock(mutex_);
  Health health = last_;
  const auto silence = clock_.steady_now() - looked_;
  if (silence > terms_.between_looks + terms_.longest_look) {
    health.database =
        "no answer for " + std::to_string(std::chrono::floor<std::chrono::seconds>(silence).count()) + " s";
  }
  return health;
}

void HealthCheck::loop() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, terms_.between_looks, [this] { return stopping_; })) {
    lock.unlock();
    const Health health = look();
    if (tell_) tell_(health.ok());
    lock.lock();
    last_ = health;
    looked_ = clock_.steady_now();
  }
}

/// Messages of the database and the disk name paths; their codes do not.
Health HealthCheck::look() {
  Health health;
  const auto page = service_.sweeps().list({.limit = 1});
  if (!page.has_value()) health.database = to_text(page.error().code());
  if (const WriterLoad load = service_.writer_load(); load.oldest > terms_.longest_wait) {
    health.writer = "a change has waited for the disk for " +
                    std::to_string(std::chrono::floor<std::chrono::seconds>(load.oldest).count()) + " s, " +
                    std::to_string(load.commands) + " wait in all";
  }
  std::error_code error;
  const auto folder = database_.has_parent_path() ? database_.parent_path() : std::filesystem::path(".");
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (error) {
    health.disk = error.message();
    return health;
  }
  health.disk_free_mib = static_cast<std::int64_t>(space.available >> 20);
  if (health.disk_free_mib < terms_.least_free_mib) {
    health.disk = std::to_string(health.disk_free_mib) + " MiB free, at least " +
                  std::to_string(terms_.least_free_mib) + " are wanted";
  }
  return health;
}

}  // namespace oodml::coordinator::web
