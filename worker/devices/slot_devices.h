#pragma once

#include <optional>
#include <string>

#include "core/job/lease.h"

namespace oodml::worker {

/// What CUDA_VISIBLE_DEVICES is in a slot's trials: its UUIDs, so that no order of cards and nobody's settings matter;
/// empty on a CPU. nullopt: as the worker has it, as the UUIDs are not known.
std::optional<std::string> visible_to(const job::Slot& slot);

/// The slot's devices as its trials see them: cpu, or, where they see its GPUs alone, cuda:0,cuda:1 from 0 on.
std::string devices_seen(const job::Slot& slot);

/// A device as a trial names it, as the worker does: the slot's second for its cuda:1.
std::string device_of(const job::Slot& slot, const std::string& seen);

}  // namespace oodml::worker
