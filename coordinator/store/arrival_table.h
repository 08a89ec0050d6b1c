#pragma once

#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

// A large sweep is written bit by bit, between the transactions of others. Until it is whole it counts as deleted, so
// nobody sees it, and its trials are in no queue.

void set_arriving(Connection& database, SweepId sweep, Time since);
/// From now on everybody sees it.
void set_arrived(Connection& database, SweepId sweep);
/// Sweeps that will never be whole, as their submission was refused or its process ended, go as deleted ones do
/// (removal_table.h); trials that they alone have are cancelled before.
void give_up_arrivals(Connection& database);

}  // namespace oodml::coordinator::store
