#include "core/train/pace.h"

#include <algorithm>

namespace oodml::train {

bool Pace::due() {
  const auto now = clock_.steady_now();
  if (last_ && now - *last_ < interval_) return false;
  last_ = now;
  return true;
}

void Pace::steps_done(std::int64_t steps, double seconds) {
  steps_ += steps;
  step_seconds_ += seconds;
}

void Pace::evaluation_done(double seconds) {
  ++evaluations_;
  evaluation_seconds_ += seconds;
}

double Pace::seconds_left(std::int64_t steps, std::int64_t evaluations) const {
  if (steps_ == 0) return -1.0;
  const double a_step = step_seconds_ / static_cast<double>(steps_);
  const double an_evaluation = evaluation_seconds_ / static_cast<double>(std::max<std::int64_t>(evaluations_, 1));
  return a_step * static_cast<double>(steps) + an_evaluation * static_cast<double>(evaluations);
}

}  // namespace oodml::train
