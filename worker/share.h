#pragma once

#include <cstddef>

#include "core/job/lease.h"

namespace oodml::worker {

/// The attempts that one of several like threads has to do with: each belongs to one of them for all its life.
struct Share {
  std::size_t number = 0, of = 1;

  bool has(const job::Lease& lease) const { return static_cast<std::size_t>(lease.trial.value) % of == number; }
};

}  // namespace oodml::worker
