#include "core/commands/create_splits/asked_runs.h"

#include <algorithm>

#include "core/split_creation/choose_entries.h"
#include "core/split_creation/published_runs.h"

namespace oodml::commands {

split_creation::ProgressionOptions asked_runs(const CreateSplitsOptions& options, const Units& units) {
  auto runs =
      split_creation::published_runs(options.from.benchmark, std::min(std::ssize(units.train), std::ssize(units.test)));
  if (options.iterations) {
    runs.forward.iterations = *options.iterations;
    runs.removal.iterations = *options.iterations > 0 ? *options.iterations + 10 : 0;
    if (runs.inverse.iterations > 0) runs.inverse.iterations = std::max<std::int64_t>(*options.iterations - 10, 0);
  }
  runs.removal.iterations = options.removal_iterations.value_or(runs.removal.iterations);
  runs.inverse.iterations = options.inverse_iterations.value_or(runs.inverse.iterations);
  for (split_creation::RunOptions* run : {&runs.forward, &runs.removal, &runs.inverse}) {
    run->swaps = options.swaps.value_or(run->swaps);
  }
  runs.forward.history = options.history.value_or(runs.forward.history);
  runs.removal.history = options.history.value_or(runs.removal.history);
  runs.inverse.history = options.inverse_history.value_or(runs.inverse.history);
  runs.form = options.fid_form == "exact" ? split_creation::FidForm::kExact : split_creation::FidForm::kCheap;
  runs.stale_removal_names = std::ranges::count(options.parity, "S3") > 0;
  return runs;
}

Result<std::vector<std::size_t>> asked_entries(const CreateSplitsOptions& options,
                                               const std::vector<split_creation::Entry>& entries) {
  if (!options.keys.empty()) return split_creation::entries_of_keys(entries, options.keys);
  if (!options.fids.empty()) return split_creation::entries_of_fids(entries, options.fids);
  return split_creation::spread_entries(entries, options.count);
}

}  // namespace oodml::commands
