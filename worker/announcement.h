#pragma once

#include <string>

#include "core/job/lease.h"

namespace oodml::worker {

struct Announcement {
  job::WorkerInfo worker;
  std::string left_out;  ///< For people: what is not in it, and what to do about it. Empty: nothing.
};

/// What fits the wire of what is on a machine (core/job/limits.h), so that a registration is never refused for its
/// size. Of a benchmark with too many split ids those at the end of its file are left out; of too many benchmarks those
/// without a split file first, since most folders that are no benchmark have none, and among equals the last by name;
/// of weights and hashes the last by name.
Announcement announcement_of(job::WorkerInfo worker);

}  // namespace oodml::worker
