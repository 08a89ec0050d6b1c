#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "worker/devices/gpu.h"

namespace oodml::worker {

/// GPUs that were chosen, and what is to be said about the choice.
struct GpuChoice {
  std::vector<Gpu> gpus;
  std::vector<std::string> warnings;
};

/// Those that a list names as CUDA_VISIBLE_DEVICES does, in its order: numbers of the cards in the order of `all`,
/// UUIDs or unique beginnings of them (GPU-8f4c, MIG-51c2). The first entry that names none ends the list, one that is
/// named twice leaves nothing, as CUDA has it. A card that is divided by MIG stands for all of its MIG devices.
GpuChoice named_gpus(const std::vector<Gpu>& all, const std::string& list);

/// What of the machine's GPUs (in CUDA's order) this process was given. CUDA_VISIBLE_DEVICES, where it is set, as far
/// as Slurm gave the same; else what Slurm gave (SLURM_STEP_GPUS, else SLURM_JOB_GPUS); else all. Slurm's numbers count
/// the cards of the whole machine by the PCI bus: where no more cards are seen than Slurm gave, its cgroups hide the
/// others and the numbers say nothing, nor do they where a card is divided by MIG. A list that names none of what Slurm
/// gave gives way to it; an empty one, or -1, means none.
GpuChoice given_gpus(const std::vector<Gpu>& all,
                     const std::function<std::optional<std::string>(const char*)>& environment);

/// Without NVML nobody can tell which of the GPUs that CUDA shows (so many) Slurm's numbers mean: a warning where Slurm
/// gave fewer and neither CUDA_VISIBLE_DEVICES nor `chosen` (--devices) says which; else "".
std::string slurms_gpus_unknown(std::size_t shown, const std::string& chosen,
                                const std::function<std::optional<std::string>(const char*)>& environment);

/// Those that --devices names among what was given, or all for "". Every entry has to name one, once: kInvalidArgument
/// says which there are.
Result<std::vector<Gpu>> chosen_gpus(const std::vector<Gpu>& given, const std::string& list);

/// Whether such a list counts cards, whose order CUDA then decides.
bool counts_cards(const std::string& list);

}  // namespace oodml::worker
