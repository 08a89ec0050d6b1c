#include "coordinator/census.h"

#include <algorithm>

#include "coordinator/store/size_table.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator {
namespace {

constexpr std::int64_t kSweepsAtOnce = 1000;

std::map<std::string, std::int64_t> sweeps_by_state(store::Connection& database) {
  std::map<std::string, std::int64_t> states;
  for (std::int64_t before = 0;;) {
    const auto sweeps = store::read_sweep_views(database, kSweepsAtOnce, before, "", false);
    for (const SweepView& sweep : sweeps) ++states[sweep.state];
    if (static_cast<std::int64_t>(sweeps.size()) < kSweepsAtOnce) break;
    before = sweeps.back().id.value;
  }
  states["archived"] = store::count_all(database).archived_sweeps;
  return states;
}

void add(const std::vector<WorkerView>& workers, Census& census) {
  for (const WorkerView& worker : workers) {
    ++census.workers[worker.state];
    if (!worker.connected) continue;
    const auto slots = static_cast<std::int64_t>(worker.info.slots.size());
    census.slots += slots;
    census.slots_aside += std::ranges::count_if(worker.info.slots, [&](const job::Slot& slot) {
      return !worker.info.set_aside.empty() || !slot.set_aside.empty();
    });
    // One that drains has no slots any more, and still runs what it has.
    census.busy_slots += std::min(slots, static_cast<std::int64_t>(worker.running.size()));
  }
}

}  // namespace

Result<Census> take_census(store::JobStore& store, const std::vector<WorkerView>& workers,
                           const submission::WatchHub& hub) {
  OODML_ASSIGN_OR_RETURN(Census census, store.read([](store::Connection& database) -> Result<Census> {
    return Census{.sweeps = sweeps_by_state(database),
                  .trials = store::count_states(database),
                  .database_bytes = store::file_size(database).bytes};
  }));
  add(workers, census);
  census.watchers = hub.watchers();
  census.writer = store.writer_load();
  std::error_code error;
  const auto space = std::filesystem::space(store.path(), error);
  if (!error) census.disk_free_bytes = static_cast<std::int64_t>(space.available);
  return census;
}

}  // namespace oodml::coordinator
