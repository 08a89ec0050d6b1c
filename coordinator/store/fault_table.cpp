#include "coordinator/store/fault_table.h"

namespace oodml::coordinator::store {
namespace {

constexpr const char* kFaults =
    "SELECT a.worker, a.finished, a.message FROM attempts a JOIN trials t ON t.id = a.trial_id "
    "WHERE a.trial_id = ? AND a.outcome = 'machine' AND a.attempt > t.tries_from ORDER BY a.worker, a.attempt";

}  // namespace

std::vector<MachineFaultView> machine_faults(Connection& database, TrialId trial) {
  std::vector<MachineFaultView> faults;
  Rows rows = database.query(kFaults, trial);
  while (rows.next()) {
    const std::string worker = rows.text(0);
    if (faults.empty() || faults.back().worker != worker) faults.push_back({.worker = worker});
    MachineFaultView& fault = faults.back();
    ++fault.times;
    fault.newest = from_millis(rows.integer(1));
    fault.message = rows.text(2);
  }
  return faults;
}

std::set<WorkerId> failed_on(Connection& database, TrialId trial) {
  std::set<WorkerId> workers;
  for (const MachineFaultView& fault : machine_faults(database, trial)) workers.insert({fault.worker});
  return workers;
}

}  // namespace oodml::coordinator::store
