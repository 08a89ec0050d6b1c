#include "core/pads/agent.h"

#include <ATen/CPUGeneratorImpl.h>

#include <string>
#include <utility>

namespace oodml::pads {
namespace {

at::Generator generator_of(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

std::shared_ptr<PolicyNetwork> make_network(const AgentOptions& options, const Seeds& seeds) {
  const std::int64_t bins = options.histogram.n_support - 1;
  return std::make_shared<PolicyNetwork>(
      PolicyNetworkOptions{.inputs = state_size(options.state, options.metrics, bins),
                           .size = options.size,
                           .actions = std::ssize(options.action_values),
                           .bins = bins,
                           .value_head = options.learner.a2c,
                           .he_start = options.he_start},
      generator_of(seeds.derive("policy_init")));
}

double sign(double value) { return value > 0.0 ? 1.0 : (value < 0.0 ? -1.0 : 0.0); }

}  // namespace

Agent::Agent(AgentOptions options, Seeds seeds)
    : options_(std::move(options)),
      seeds_(seeds),
      histogram_(initial_histogram(options_.histogram)),
      history_(options_.state),
      policy_(make_network(options_, seeds_)),
      learner_(options_.learner, policy_, make_network(options_, seeds_)) {}

Insight Agent::learn(const Observation& observation) {
  history_.observe(observation.metrics, histogram_.probabilities());
  Insight insight{.state = history_.state(observation.progress)};
  if (state_.defined()) {
    insight.reward = sign(observation.score - score_);
    insight.learned = learner_.learn({.state = state_,
                                      .actions = actions_,
                                      .next = insight.state,
                                      .reward = *insight.reward,
                                      .score = observation.score});
  }
  state_ = insight.state;
  score_ = observation.score;
  return insight;
}

torch::Tensor Agent::draw() const {
  const torch::NoGradGuard no_grad;
  const auto probabilities = policy_->forward(state_).log_probabilities.exp();
  return draw_actions(probabilities,
                      generator_of(seeds_.derive("policy_actions", {static_cast<std::uint64_t>(updates_)})));
}

void Agent::act(const torch::Tensor& actions) {
  actions_ = actions;
  histogram_.multiply(torch::tensor(options_.action_values, torch::kDouble).take(actions));
  learner_.acted(updates_);
  ++updates_;
}

models::NamedTensors Agent::tensors() const {
  models::NamedTensors tensors = {{"histogram", histogram_.entries()},
                                  {"updates", torch::full({1}, updates_, torch::kLong)}};
  models::add_below(tensors, "history", history_.tensors());
  models::add_below(tensors, "network", models::state_of(*policy_));
  models::add_below(tensors, "learner", learner_.tensors());
  if (state_.defined()) {
    tensors["state"] = state_;
    tensors["actions"] = actions_;
    tensors["score"] = torch::full({1}, score_, torch::kDouble);
  }
  return tensors;
}

Status Agent::restore(const models::NamedTensors& tensors) {
  const auto sizes_fit = [&](const char* name, std::int64_t size) {
    const auto found = tensors.find(name);
    return found != tensors.end() && found->second.dim() == 1 && found->second.size(0) == size;
  };
  const std::int64_t bins = histogram_.bins();
  const std::int64_t inputs = state_size(options_.state, options_.metrics, bins);
  if (!sizes_fit("histogram", bins) || !sizes_fit("updates", 1)) {
    return invalid_argument("restore the sampling policy: 'histogram' or 'updates' does not fit");
  }
  const std::int64_t updates = tensors.at("updates").item<std::int64_t>();
  if (updates > 0 && (!sizes_fit("state", inputs) || !sizes_fit("actions", bins) || !sizes_fit("score", 1))) {
    return invalid_argument("restore the sampling policy: 'state', 'actions' or 'score' does not fit");
  }
  OODML_RETURN_IF_ERROR(
      models::copy_into(models::state_of(*policy_), models::below(tensors, "network"), "restore the sampling policy"));
  OODML_RETURN_IF_ERROR(history_.restore(models::below(tensors, "history")));
  OODML_RETURN_IF_ERROR(learner_.restore(models::below(tensors, "learner")));
  histogram_.set(tensors.at("histogram"));
  updates_ = updates;
  if (updates == 0) return {};
  state_ = tensors.at("state");
  actions_ = tensors.at("actions");
  score_ = tensors.at("score").item<double>();
  return {};
}

}  // namespace oodml::pads
