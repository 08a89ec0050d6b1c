#include "core/train/push_meter.h"

namespace oodml::train {

PushMeter::PushMeter(const Parts& parts, const torch::Device& device)
    : sums_(torch::zeros({2}, torch::TensorOptions(device).dtype(torch::kFloat64))) {
  auto all = parts.criterion->miners_inside();
  if (parts.miner) all.push_back(parts.miner.get());
  for (const miners::Miner* miner : all) {
    if (miner->push_triplets().defined()) miners_.push_back(miner);
  }
}

void PushMeter::add() {
  const torch::NoGradGuard no_grad;
  if (miners_.empty()) return;
  std::vector<torch::Tensor> counts;
  for (const miners::Miner* miner : miners_) counts.push_back(miner->push_triplets());
  const auto mean = torch::stack(counts).mean();
  sums_.add_(torch::stack({mean, torch::ones_like(mean)}));
}

std::vector<std::pair<std::string, double>> PushMeter::finish_epoch() {
  if (miners_.empty()) return {};
  const auto sums = sums_.cpu();
  const double* value = sums.const_data_ptr<double>();
  const double mean = value[0] / value[1];
  sums_.zero_();
  return {{"push_triplets", mean}};
}

}  // namespace oodml::train
