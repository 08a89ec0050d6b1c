#include "core/catalogue/pads.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

using Texts = std::vector<std::string>;

constexpr std::int64_t kNever = 100000000;  // epochs

Texts initial_distributions() {
  return {"uniform_low",
          "uniform_low_and_tight",
          "uniform_lowish_and_tight",
          "uniform_avg",
          "uniform_high",
          "normal_low",
          "normal_avg",
          "normal_high",
          "distance",
          "heavyside_low",
          "random"};
}

const Texts& known_state_metrics() {
  static const Texts names = {"recall", "nmi", "dists", "svd"};
  return names;
}

Entry with_histogram(Entry sampler) {
  return sampler
      .integer("n_support", 30, {.at_least = 3, .at_most = 1000},
               "edges of the sampling histogram, which has a bin less")
      .interval("support_limit", 0.1, 1.4, {.at_least = 0.0, .at_most = 2.0},
                "first and last edge, Euclidean distance between anchor and negative")
      .choice("init_distr", "uniform_low", initial_distributions(), "shape of the histogram that sampling begins with")
      .flag("merge_oobs", false,
            "with no_self_reg: distances outside of support_limit count as the outer bins instead of not at all")
      .flag("no_self_reg", false,
            "no self-regularisation: negatives of other classes alone, and no anchor as its own positive");
}

Entry with_state(Entry sampler) {
  return sampler
      .texts("state_metrics", {"recall", "nmi", "dists"},
             "what the policy sees of the validation set, in this order: recall (at every k), nmi, dists, svd")
      .integers("k_vals", {1, 2, 4, 8}, {.at_least = 1, .at_most = 100000},
                "k of the policy's recall; the first is rewarded")
      .integer("metric_history", 10, {.at_least = 1, .at_most = 10000},
               "updates whose metrics the policy sees one by one")
      .integers("run_avgs", {2, 8, 16, 32}, {.at_least = 1, .at_most = 100000},
                "updates over which it sees running means")
      .flag("run_avgs_no_avg", false, "the oldest metrics of each window instead of its mean")
      .integer("parameter_history", 1, {.at_least = 1, .at_most = 10000},
               "histograms that the policy sees, the newest last")
      .flag("include_train_metrics", false, "it also sees the metrics of the training set, embedded at each update");
}

Entry with_policy(Entry sampler) {
  return sampler.choice("mode", "ppo", {"ppo", "reinforce"}, "how the policy learns")
      .numbers("action_values", {0.5, 1.0, 1.5}, {.above = 0.0},
               "factors of a bin that the policy chooses among, two or more")
      .integers("size", {128, 128}, {.at_least = 1, .at_most = 65536}, "hidden widths of the policy network")
      .choice("winit_type", "none", {"none", "he_n"}, "its initial weights: the framework's, or Kaiming normal")
      .number("lr", 0.01, {.at_least = 0.0}, "its learning rate, Adam")
      .flag("dont_use_a2c", false, "the baseline is a running mean of the rewards instead of a value head")
      .number("baseline_ema_gamma", 0.05, {.at_least = 0.0, .at_most = 1.0}, "share of the newest reward in that mean")
      .number("reward_update_w", 0.99, {.at_least = 0.0, .at_most = 1.0},
              "discount of the next state's value, with a2c")
      .number("ppo_ratio", 0.2, {.above = 0.0}, "half-width of the band that ppo clips ratios to")
      .integer("old_update_iter", 3, {.at_least = 1}, "updates after which the old policy of ppo is renewed");
}

Entry with_cycle(Entry sampler) {
  return sampler.integer("sample_freq", 30, {.at_least = 1}, "training steps between two updates of the histogram")
      .integer("reward_type", 2, {.at_least = 0, .at_most = 2},
               "whose change is rewarded: 0 nmi, 1 recall at the first k, 2 the mean of both")
      .integer(
          "sup_metric_collect", -1, {.at_least = -1},
          "further scores measured between two updates, weighted by 0.7 for each that came after; below 1 for none")
      .integer("training_delay", 0, {.at_least = 0}, "first epochs without updates")
      .integer(
          "scramble_freq", kNever, {.at_least = 1},
          "epochs after which training and validation images are pooled and split again at random; 100000000 is never");
}

}  // namespace

Component pads() {
  Entry sampler(Kind::kSampler, "pads",
                "Policy-adapted: also mines triplets, negatives by a histogram of distances that a policy learns");
  return with_cycle(with_policy(with_state(with_histogram(std::move(sampler)))))
      .mines_triplets()
      .needs_validation()
      .in_paper_mode(
          "T21: the value head learns the raw score, distances outside of support_limit always count, validation runs in training mode with 25 iterations of k-means")
      .in_paper_mode("T22: the classes of batches come from shuffled image numbers")
      .from("Roth et al., CVPR 2020")
      .component;
}

std::vector<ParameterError> check_pads(const Params& params) {
  std::vector<ParameterError> errors;
  if (params.numbers("action_values").size() < 2) {
    errors.push_back({"action_values", "action_values must have two factors or more, as in [0.8, 1, 1.25]"});
  }
  for (const char* list : {"k_vals", "size"}) {
    if (params.integers(list).empty())
      errors.push_back({list, std::string(list) + " is empty; give one number or more"});
  }
  const auto& metrics = params.texts("state_metrics");
  if (metrics.empty()) {
    errors.push_back({"state_metrics", "state_metrics is empty; name one or more of " + joined(known_state_metrics())});
  }
  for (auto metric = metrics.begin(); metric != metrics.end(); ++metric) {
    const auto& known = known_state_metrics();
    if (std::ranges::find(known, *metric) == known.end()) {
      errors.push_back({"state_metrics", "state_metrics names '" + *metric + "'; known: " + joined(known) +
                                             did_you_mean(*metric, known)});
    } else if (std::find(metrics.begin(), metric, *metric) != metric) {
      errors.push_back({"state_metrics", "state_metrics names '" + *metric + "' twice"});
    }
  }
  if (params.integer("sup_metric_collect") >= params.integer("sample_freq")) {
    errors.push_back({"sup_metric_collect", "sup_metric_collect must be less than sample_freq (" +
                                                std::to_string(params.integer("sample_freq")) +
                                                "): at most one score a training step"});
  }
  return errors;
}

}  // namespace oodml::catalogue
