#include "coordinator/telling/news.h"

#include <fmt/format.h>

namespace oodml::coordinator::telling {
namespace {

std::string name_of(const SweepView& sweep) { return fmt::format("Sweep {} {}", sweep.id.value, sweep.name); }

std::string trials(std::int64_t count) { return fmt::format("{} trial{}", count, count == 1 ? "" : "s"); }

}  // namespace

const char* to_text(NewsKind kind) {
  constexpr const char* kNames[] = {"finished", "first_failure", "paused", "worker_lost", "disk_low", "test"};
  return kNames[static_cast<int>(kind)];
}

News finished(const SweepView& sweep) {
  std::string text =
      fmt::format("{} finished: {} of {} succeeded", name_of(sweep), sweep.counts.succeeded, trials(sweep.trials));
  if (sweep.counts.failed > 0) text += fmt::format(", {} failed", sweep.counts.failed);
  if (sweep.counts.cancelled > 0) text += fmt::format(", {} cancelled", sweep.counts.cancelled);
  return {.kind = NewsKind::kFinished, .text = text + ".", .sweep = sweep};
}

News first_failure(const SweepView& sweep) {
  return {.kind = NewsKind::kFirstFailure,
          .text = fmt::format("{}: {} of {} failed. `oodml show {} --state failed` says why.", name_of(sweep),
                              sweep.counts.failed, trials(sweep.trials), sweep.id.value),
          .sweep = sweep};
}

News paused(const SweepView& sweep) {
  return {.kind = NewsKind::kPaused,
          .text = fmt::format("{} was paused: {}. `oodml resume {}` goes on.", name_of(sweep), sweep.paused_because,
                              sweep.id.value),
          .sweep = sweep};
}

News worker_lost(const std::string& worker, const std::vector<TrialId>& running) {
  return {.kind = NewsKind::kWorkerLost,
          .text = fmt::format("Worker {} is lost; it had {}.", worker,
                              running.empty() ? "no trial" : trials(static_cast<std::int64_t>(running.size()))),
          .worker = worker,
          .running = running};
}

News disk_low(const std::string& folder, std::int64_t free_bytes) {
  return {.kind = NewsKind::kDiskLow,
          .text = fmt::format("The disk of the coordinator's database ({}) has {:.1f} GiB left.", folder,
                              static_cast<double>(free_bytes) / (1 << 30)),
          .disk = folder,
          .free_bytes = free_bytes};
}

News test(const std::string& hook) {
  return {.kind = NewsKind::kTest, .text = fmt::format("This is a test of the hook {}: messages arrive.", hook)};
}

}  // namespace oodml::coordinator::telling
