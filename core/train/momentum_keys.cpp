#include "core/train/momentum_keys.h"

#include <utility>

namespace oodml::train {

void moving_average(const std::vector<torch::Tensor>& averages, const std::vector<torch::Tensor>& values,
                    double momentum) {
  const torch::NoGradGuard no_grad;
  at::_foreach_mul_(averages, momentum);
  at::_foreach_add_(averages, values, 1.0 - momentum);
}

torch::Tensor pushed(const torch::Tensor& queue, const torch::Tensor& keys) {
  const auto all = torch::cat({queue, keys});
  return all.narrow(0, all.size(0) - queue.size(0), queue.size(0)).clone();
}

MomentumKeys::MomentumKeys(std::shared_ptr<models::Network> network, std::shared_ptr<models::Network> key_network,
                           KeyOptions options)
    : key_network_(std::move(key_network)),
      options_(std::move(options)),
      key_parameters_(key_network_->parameters()),
      parameters_(network->parameters()) {
  key_network_->eval();
  for (torch::Tensor& parameter : key_parameters_) parameter.set_requires_grad(false);
}

torch::Tensor MomentumKeys::embed(const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;  // not inference mode: the loss keeps the keys for its backward pass
  const models::NetworkOutput output = forward(*key_network_, images, /*warmup=*/false, options_.precision);
  return options_.head.empty() ? output.embeddings : output.heads.at(options_.head);
}

Result<bool> MomentumKeys::fill(data::Loader& batches, const torch::Device& device,
                                const std::function<bool()>& keep_going) {
  std::vector<torch::Tensor> keys = {torch::empty({0, options_.embed_dim}, torch::TensorOptions(device))};
  for (;;) {
    if (!keep_going()) return false;
    OODML_ASSIGN_OR_RETURN(const data::Batch batch, batches.next());
    if (!batch.images.defined()) break;
    keys.push_back(embed(batch.images.to(device, /*non_blocking=*/true)));
  }
  queue_ = torch::cat(keys);
  return true;
}

void MomentumKeys::follow() { moving_average(key_parameters_, parameters_, options_.momentum); }

void MomentumKeys::push(const torch::Tensor& keys) { queue_ = pushed(queue_, keys.nan_to_num(0, 0, 0)); }

models::NamedTensors MomentumKeys::state() const {
  models::NamedTensors state;
  models::add_below(state, "network", models::state_of(*key_network_));
  if (filled()) state["queue"] = queue_;
  return state;
}

Status MomentumKeys::restore(const models::NamedTensors& state, const torch::Device& device) {
  OODML_RETURN_IF_ERROR(models::copy_into(models::state_of(*key_network_), models::below(state, "network"),
                                          "restore the momentum network"));
  if (const auto queue = state.find("queue"); queue != state.end()) queue_ = queue->second.to(device);
  return {};
}

}  // namespace oodml::train
