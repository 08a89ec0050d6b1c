#include "core/pads/policy_options.h"

namespace oodml::pads {
namespace {

AgentOptions agent_options(const Params& params, bool compat_paper) {
  const auto& limits = params.numbers("support_limit");
  return {.histogram = {.n_support = params.integer("n_support"),
                        .lower = limits[0],
                        .upper = limits[1],
                        .init_distr = params.text("init_distr")},
          .state = {.metric_history = params.integer("metric_history"),
                    .run_avgs = params.integers("run_avgs"),
                    .run_avgs_no_avg = params.flag("run_avgs_no_avg"),
                    .parameter_history = params.integer("parameter_history")},
          .learner = {.ppo = params.text("mode") == "ppo",
                      .a2c = !params.flag("dont_use_a2c"),
                      .value_of_score = compat_paper,
                      .baseline_ema_gamma = params.number("baseline_ema_gamma"),
                      .reward_update_w = params.number("reward_update_w"),
                      .ppo_ratio = params.number("ppo_ratio"),
                      .lr = params.number("lr"),
                      .old_update_iter = params.integer("old_update_iter")},
          .size = params.integers("size"),
          .he_start = params.text("winit_type") == "he_n",
          .action_values = params.numbers("action_values")};
}

}  // namespace

PolicyOptions policy_options(const Params& params, bool compat_paper) {
  PolicyOptions options{.agent = agent_options(params, compat_paper),
                        .draws = draw_options(params.flag("no_self_reg"), params.flag("merge_oobs"), compat_paper),
                        .measures = {.state_metrics = params.texts("state_metrics"),
                                     .k_vals = params.integers("k_vals"),
                                     .reward_type = params.integer("reward_type")},
                        .sample_freq = params.integer("sample_freq"),
                        .sup_metric_collect = params.integer("sup_metric_collect"),
                        .training_delay = params.integer("training_delay"),
                        .scramble_freq = params.integer("scramble_freq"),
                        .include_train_metrics = params.flag("include_train_metrics"),
                        .compat_paper = compat_paper};
  options.agent.metrics = metric_count(options.measures) * (options.include_train_metrics ? 2 : 1);
  return options;
}

}  // namespace oodml::pads
