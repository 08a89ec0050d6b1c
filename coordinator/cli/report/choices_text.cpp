#include "coordinator/cli/report/choices_text.h"

namespace oodml::cli::report {
namespace {

const char* sentence_of(Choice choice) {
  switch (choice) {
    case Choice::kOwnBest:
      return "Each figure of a run is read at the epoch at which it is best on the test set, as in most studies "
             "(--choose own-best).";
    case Choice::kAtBestRecall:
      return "All figures of a run are read at the epoch of its best test R@1 (--choose at-best-recall).";
    case Choice::kLast:
      return "All figures of a run are read at its last epoch (--choose last).";
    case Choice::kSelected:
      break;
  }
  return "All figures of a run are read at the epoch of its best validation R@1 (--choose selected).";
}

}  // namespace

std::vector<std::string> choices_text(const ReportOptions& options) {
  return {
      sentence_of(options.choice),
      options.spread == Spread::kPopulation
          ? "± and error bars are standard deviations of the population of runs, as in the studies; --sample-std divides "
            "by n - 1."
          : "± and error bars are standard deviations of a sample of runs (n - 1).",
      options.interval == Interval::kStudent
          ? "Where one interval of a mean is shown, it is the 95 % interval by Student's t."
          : "Where one interval of a mean is shown, it is the 95 % interval by resampling the runs (percentiles)."};
}

}  // namespace oodml::cli::report
