#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/store/kind_table.h"
#include "coordinator/store/sqlite.h"
#include "core/job/lease.h"

namespace oodml::coordinator::store {

/// Notes how long an attempt took that has just succeeded, from the time it had its slot, with loading and evaluating:
/// per epoch that it trained (as many as it told the seconds of), and per step where `steps_per_epoch` is known (not
/// 0). Sums of a kind on a worker's devices of a make forget old attempts slowly, so that they follow a machine that
/// changes.
void add_speed(Connection& database, const job::Lease& lease, std::int64_t steps_per_epoch);

/// What attempts of a kind took on the devices of one make of a worker.
struct Speed {
  Kind kind;
  std::string worker;
  std::string model;  ///< Of the device; empty: unknown.
  std::int64_t attempts = 0;
  double seconds_per_epoch = 0;
  std::optional<double> seconds_per_step;
};
/// Of every kind with this network.
std::vector<Speed> speeds_of(Connection& database, const std::string& network);

/// Images of an epoch, from all attempts on these data whose steps are known.
std::optional<double> images_per_epoch(Connection& database, const std::string& data);

}  // namespace oodml::coordinator::store
