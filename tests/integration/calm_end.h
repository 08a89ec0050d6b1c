#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/integration/cluster.h"

namespace oodml::testing {

/// Call last: waits for the end of the sweep and checks what must hold after every fault: the table of a calm run, one
/// successful attempt a trial, its last, and no process left. Returns how the attempts ended, by trial; nothing when
/// the sweep did not end in time.
std::map<std::int64_t, std::vector<std::string>> expect_calm_end(Cluster& cluster, int seeds);

}  // namespace oodml::testing
