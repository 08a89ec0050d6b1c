#pragma once

#include <string>

namespace oodml::testing {

/// What `oodml-core probe --json` would say on a machine with the GPUs of tests/support/fake_nvml, under this process's
/// CUDA_VISIBLE_DEVICES (UUIDs, or numbers by the PCI bus; of MIG devices the first alone); the CPU alone without them.
/// `exercise`: those that are dead have a fault.
std::string fake_probe(bool exercise);

}  // namespace oodml::testing
