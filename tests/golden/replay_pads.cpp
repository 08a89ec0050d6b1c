// PADS: histogram, sampling and state. The update cycle is in replay_pads_cycle.cpp.
#include "core/metrics/evaluation.h"
#include "core/pads/histogram.h"
#include "core/pads/measures.h"
#include "core/pads/triplets.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

pads::HistogramOptions histogram_options(const Case& golden) {
  const auto& limits = golden.params.at("support_limit");
  return {.n_support = golden.params.at("n_support"),
          .lower = limits.at(0),
          .upper = limits.at(1),
          .init_distr = golden.params.value("init_distr", "uniform_low")};
}

void replay_initial_histogram(const Case& golden, bool, Comparison& comparison) {
  const pads::SamplingHistogram histogram(pads::initial_histogram(histogram_options(golden)));
  comparison.check("out.histogram", histogram.entries());
  comparison.check("out.probability", histogram.probabilities());
}

void replay_histogram_update(const Case& golden, bool, Comparison& comparison) {
  pads::SamplingHistogram histogram(golden.at("in.histogram"));
  std::vector<torch::Tensor> entries, probabilities;
  for (const torch::Tensor& factors : golden.at("in.factors").unbind(0)) {
    histogram.multiply(factors);
    entries.push_back(histogram.entries());
    probabilities.push_back(histogram.probabilities());
  }
  comparison.check("out.histogram", at::stack(entries));
  comparison.check("out.probability", at::stack(probabilities));
}

torch::Tensor row_shares(const torch::Tensor& weights) { return weights / weights.sum(1, /*keepdim=*/true); }

/// The reference never leaves out what lies outside of the limits: in corrected mode merge_oobs says so (quirk T21).
void replay_sampling(const Case& golden, bool compat_paper, Comparison& comparison) {
  const bool no_self_reg = golden.params.at("no_self_reg");
  for (const char* overwritten : {"include_pos", "include_same"}) {
    if (golden.params.value(overwritten, !no_self_reg) == no_self_reg) {
      throw CaseError(std::string(overwritten) + " is always the contrary of no_self_reg");
    }
  }
  const auto options = pads::draw_options(no_self_reg, /*merge_oobs=*/!compat_paper, compat_paper);
  const auto& labels = golden.at("in.labels");
  const auto probabilities = pads::SamplingHistogram(golden.at("in.histogram")).probabilities();
  const auto negatives = pads::negative_weights(golden.at("in.embeddings"), labels, probabilities,
                                                pads::support_edges(histogram_options(golden)), options);
  comparison.check("out.probability", row_shares(negatives));
  comparison.check("out.probability_positive",
                   row_shares(pads::positive_candidates(labels, options).to(torch::kDouble)));
}

void replay_state_metrics(const Case& golden, bool compat_paper, Comparison& comparison) {
  const pads::MeasureOptions measures{
      .state_metrics = {"recall", "dists"}, .k_vals = golden.params.at("k_vals"), .reward_type = 1};
  const auto measured = metrics::evaluate(golden.at("in.embeddings"), golden.at("in.labels"),
                                          {.metrics = pads::metric_names(measures), .compat_paper = compat_paper});
  if (!measured) throw CaseError(measured.error().message());
  std::vector<double> values;
  for (const auto& metric : *measured) values.push_back(metric.value);
  const auto state = pads::state_metrics(measures, values);
  const auto ks = std::ssize(measures.k_vals);
  comparison.check("out.recall", state.slice(0, 0, ks));
  comparison.check("out.dists", state.slice(0, ks));
}

}  // namespace

void replay_pads(const Case& golden, bool compat_paper, Comparison& comparison) {
  using Replay = void (*)(const Case&, bool, Comparison&);
  static const std::map<std::string, Replay> replays = {{"initial_histogram", replay_initial_histogram},
                                                        {"histogram_update", replay_histogram_update},
                                                        {"sampling", replay_sampling},
                                                        {"state_metrics", replay_state_metrics},
                                                        {"update_cycle", replay_pads_cycle}};
  const auto replay = replays.find(golden.name);
  if (replay == replays.end()) throw CaseError("no replay for pads " + golden.name);
  replay->second(golden, compat_paper, comparison);
}

}  // namespace oodml::golden
