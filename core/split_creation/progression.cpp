#include "core/split_creation/progression.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace oodml::split_creation {
namespace {

using Run = Entry::Run;

std::int64_t smaller(const Sides& sides) {
  return std::min(std::ssize(sides.train.features), std::ssize(sides.test.features));
}

Status check_run(Run run, const RunOptions& options, std::int64_t classes) {
  if (options.iterations == 0) return {};
  const std::string name = std::string(to_text(run)) + " run: ";
  const std::string have = "the smaller set has " + std::to_string(classes) + " classes";
  if (options.swaps < 1 || options.swaps > classes) {
    return invalid_argument(name + std::to_string(options.swaps) + " pairs an iteration, but " + have +
                            "; accepted are 1 to " + std::to_string(classes));
  }
  if (options.history < 0 || options.history >= classes) {
    return invalid_argument(name + "a history of " + std::to_string(options.history) + " positions, but " + have +
                            "; accepted are 0 to " + std::to_string(classes - 1));
  }
  return {};
}

Status check(const ProgressionOptions& options, const Sides& start) {
  if (smaller(start) < 2) return invalid_argument("a split needs at least two classes in each set");
  if (options.forward.iterations == 0 && options.inverse.iterations == 0) {
    return invalid_argument("no iterations, so no splits; ask for some in the forward or the inverse run");
  }
  if (options.removal.iterations > 0 && options.forward.iterations == 0) {
    return invalid_argument("the removal run goes on from the forward run, which has no iterations");
  }
  OODML_RETURN_IF_ERROR(check_run(Run::kForward, options.forward, smaller(start)));
  OODML_RETURN_IF_ERROR(check_run(Run::kInverse, options.inverse, smaller(start)));
  return check_run(Run::kRemoval, options.removal, smaller(start));
}

/// Takes the distinct positions out, the highest first.
void remove(Side& side, std::vector<std::int64_t> positions) {
  std::ranges::sort(positions, std::greater<>());
  const auto repeats = std::ranges::unique(positions);
  positions.erase(repeats.begin(), repeats.end());
  for (const std::int64_t position : positions) {
    side.features.erase(side.features.begin() + position);
    side.names.erase(side.names.begin() + position);
  }
}

/// The runs of one progression over the same points.
class Runs {
 public:
  Runs(const torch::Tensor& class_means, const ProgressionOptions& options, const ShowProgress& progress)
      : geometry_(class_means, options.form), progress_(progress) {}

  /// docs/splits.md#swapping; `sides` end after the last exchange, which is not recorded.
  std::vector<Entry> swap(Run run, const RunOptions& options, Sides& sides) {
    Swaps swaps(options, run == Run::kInverse ? Direction::kTogether : Direction::kAway);
    std::vector<Entry> entries;
    for (std::int64_t i = 0; i < options.iterations; ++i) {
      entries.push_back(record(run, i, options, sides));
      swaps.exchange(sides, geometry_);
    }
    return entries;
  }

  /// docs/splits.md#removal: exchanges that would not lower the distance become removals of the classes in question.
  std::vector<Entry> remove_classes(const RunOptions& options, Sides sides, std::vector<std::string>& notes) {
    Swaps swaps(options, Direction::kAway);
    std::vector<Entry> entries;
    for (std::int64_t i = 0; i < options.iterations; ++i) {
      entries.push_back(record(Run::kRemoval, i, options, sides));
      if (smaller(sides) <= std::max(options.history, options.swaps + 1)) {
        notes.push_back("the removal run ended after " + std::to_string(i + 1) + " of " +
                        std::to_string(options.iterations) + " iterations: a set has only " +
                        std::to_string(smaller(sides)) + " classes left");
        break;
      }
      const Sides backup = sides;
      const auto chosen = swaps.exchange(sides, geometry_);
      if (fid_of(sides) < entries.back().fid) continue;
      sides = backup;
      remove(sides.train, chosen.train);
      remove(sides.test, chosen.test);
    }
    return entries;
  }

 private:
  double fid_of(const Sides& sides) {
    geometry_.move_to(sides.train.features, sides.test.features);
    return geometry_.fid();
  }

  Entry record(Run run, std::int64_t iteration, const RunOptions& options, const Sides& sides) {
    progress_(std::string(to_text(run)) + " run",
              static_cast<double>(iteration) / static_cast<double>(options.iterations));
    return {.run = run,
            .swaps = iteration * options.swaps,
            .train = sides.train.names,
            .test = sides.test.names,
            .fid = fid_of(sides)};
  }

  SplitGeometry geometry_;
  const ShowProgress& progress_;
};

}  // namespace

const char* to_text(Entry::Run run) {
  return run == Run::kForward ? "forward" : run == Run::kInverse ? "inverse" : "removal";
}

std::string Entry::key() const {
  const std::string number = std::to_string(swaps);
  if (run == Run::kRemoval) return "R" + number;
  return run == Run::kInverse && swaps > 0 ? "-" + number : number;
}

Result<Progression> shift_split(const torch::Tensor& class_means, const std::vector<std::int64_t>& train,
                                const std::vector<std::int64_t>& test, const ProgressionOptions& options,
                                const ShowProgress& progress) {
  const Sides start{.train = {train, train}, .test = {test, test}};
  OODML_RETURN_IF_ERROR(check(options, start));
  progress("preparing the class means", 0.0);
  Runs runs(class_means, options, progress);
  Progression progression;

  Sides forward_end = start, inverse_end = start;
  const auto forward = runs.swap(Run::kForward, options.forward, forward_end);
  if (options.stale_removal_names && !forward.empty()) {
    forward_end.train.names = forward.back().train;
    forward_end.test.names = forward.back().test;
  }
  const auto removal = runs.remove_classes(options.removal, forward_end, progression.notes);
  auto& entries = progression.entries = runs.swap(Run::kInverse, options.inverse, inverse_end);
  if (!entries.empty() && !forward.empty()) entries.erase(entries.begin());  // both runs record the start
  std::ranges::reverse(entries);
  entries.insert(entries.end(), forward.begin(), forward.end());
  entries.insert(entries.end(), removal.begin(), removal.end());
  return progression;
}

}  // namespace oodml::split_creation
