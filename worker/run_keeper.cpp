#include "worker/run_keeper.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace oodml::worker {
namespace {

constexpr std::int64_t kLittle = 64 << 20;  // bytes, or a hundredth of all

bool differs(std::int64_t before, std::int64_t now) {
  return std::abs(now - before) > std::max(kLittle, std::abs(before) / 100);
}

bool differs(const job::DiskUse& before, const job::DiskUse& now) {
  return before.runs != now.runs || differs(before.runs_bytes, now.runs_bytes) ||
         differs(before.free_bytes, now.free_bytes);
}

}  // namespace

RunKeeper::RunKeeper(std::filesystem::path runs, std::optional<Duration> keep, RunsInUse in_use, const Clock& clock,
                     Duration every)
    : runs_(std::move(runs)),
      keep_(keep),
      in_use_(std::move(in_use)),
      clock_(clock),
      every_(every),
      thread_([this](const std::stop_token& stop) { keep_watch(stop); }) {}

std::optional<job::DiskUse> RunKeeper::use() const {
  const std::lock_guard lock(mutex_);
  return use_;
}

void RunKeeper::keep_watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    look();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, every_, [] { return false; });
  }
}

void RunKeeper::look() {
  if (keep_) {
    const Collected collected = collect_runs(runs_, *keep_, clock_.now(), in_use_);
    if (collected.trials > 0) {
      spdlog::info("old run folders removed trials={} mib={}", collected.trials, collected.bytes >> 20);
    }
  }
  const auto now = measure_runs(runs_);
  const std::lock_guard lock(mutex_);
  if (now && (!use_ || differs(*use_, *now))) use_ = now;
}

}  // namespace oodml::worker
