#include "coordinator/store/arrival_table.h"

namespace oodml::coordinator::store {

void set_arriving(Connection& database, SweepId sweep, Time since) {
  database.execute("UPDATE sweeps SET arriving = ?1, deleted = ?1 WHERE id = ?2", since, sweep);
}

void set_arrived(Connection& database, SweepId sweep) {
  database.execute("UPDATE sweeps SET arriving = NULL, deleted = NULL WHERE id = ?", sweep);
}

void give_up_arrivals(Connection& database) {
  database.execute(
      "UPDATE trials SET state = 'cancelled', finished = queued_since WHERE state = 'queued' AND attempt = 0 AND "
      "id IN (SELECT trial_id FROM sweep_trials WHERE sweep_id IN (SELECT id FROM sweeps WHERE arriving IS NOT NULL)) "
      "AND NOT EXISTS (SELECT 1 FROM sweep_trials o JOIN sweeps s ON s.id = o.sweep_id WHERE o.trial_id = trials.id AND "
      "s.arriving IS NULL AND o.wish > 0)");
  database.execute("UPDATE sweeps SET arriving = NULL WHERE arriving IS NOT NULL");
}

}  // namespace oodml::coordinator::store
