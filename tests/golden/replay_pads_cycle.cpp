// PADS: some updates of the policy, with given measurements and actions.
#include "core/pads/agent.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

pads::AgentOptions agent_options(const Case& golden, bool compat_paper) {
  const auto& params = golden.params;
  const std::string mode = params.at("policy_mode");
  if (mode != "ppo" && mode != "reinforce") throw CaseError("unknown policy_mode " + mode);
  return {.histogram = {.n_support = params.at("n_support")},
          .state = {.metric_history = params.at("metric_history"),
                    .run_avgs = params.at("run_avgs"),
                    .run_avgs_no_avg = params.at("run_avgs_no_avg"),
                    .parameter_history = params.value("parameter_history", 1)},
          .learner = {.ppo = mode == "ppo",
                      .a2c = params.at("use_a2c"),
                      .value_of_score = compat_paper,
                      .baseline_ema_gamma = params.at("baseline_ema_gamma"),
                      .reward_update_w = params.at("reward_update_w"),
                      .ppo_ratio = params.at("ppo_ratio"),
                      .lr = params.at("policy_lr"),
                      .old_update_iter = params.at("old_update_iter")},
          .size = params.at("policy_size"),
          .action_values = params.at("action_values"),
          .metrics = golden.at("in.metrics").size(1)};
}

/// An agent with the case's histogram and weights, as if it went on from a checkpoint.
void start_from(const Case& golden, pads::Agent& agent) {
  auto tensors = agent.tensors();
  tensors["histogram"] = golden.at("in.histogram");
  for (auto& [name, tensor] : tensors) {
    for (const std::string part : {"network.", "learner.old."}) {
      if (name.starts_with(part)) tensor = golden.at("param." + name.substr(part.size()));
    }
  }
  const Status restored = agent.restore(tensors);
  if (!restored.ok()) throw CaseError(restored.message());
}

/// What is compared, an entry an update.
using Course = std::map<std::string, std::vector<torch::Tensor>>;

void look_at_policy(pads::Agent& agent, const pads::Insight& insight, Course& course) {
  const torch::NoGradGuard no_grad;
  const auto output = agent.policy()->forward(insight.state);
  course["out.state"].push_back(insight.state);
  course["out.action_probability"].push_back(output.log_probabilities.exp());
  if (output.value.defined()) course["out.value"].push_back(output.value);
  for (const auto& parameter : agent.policy()->named_parameters()) {
    course["out." + parameter.key()].push_back(parameter.value().clone());
  }
  if (!insight.learned) return;
  course["out.loss"].push_back(
      torch::tensor(static_cast<float>(insight.learned->policy_loss + insight.learned->value_loss)));
  for (const auto& parameter : agent.policy()->named_parameters()) {
    course["grad." + parameter.key()].push_back(parameter.value().grad().clone());
  }
}

}  // namespace

void replay_pads_cycle(const Case& golden, bool compat_paper, Comparison& comparison) {
  pads::Agent agent(agent_options(golden, compat_paper), Seeds(0));
  start_from(golden, agent);
  const double max_iterations = golden.params.at("max_iterations");
  Course course;
  for (std::int64_t e = 0; e < golden.at("in.metrics").size(0); ++e) {
    const pads::Insight insight =
        agent.learn({.metrics = golden.at("in.metrics")[e],
                     .score = golden.at("in.reward")[e].item<double>(),
                     .progress = golden.at("in.iteration")[e].item<double>() / max_iterations});
    look_at_policy(agent, insight, course);
    agent.act(golden.at("in.actions")[e]);
    course["out.histogram"].push_back(agent.histogram().entries());
  }
  for (const auto& [name, entries] : course) comparison.check(name, at::stack(entries));
}

}  // namespace oodml::golden
