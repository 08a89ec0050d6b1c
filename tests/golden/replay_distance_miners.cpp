#include "core/miners/candidates.h"
#include "core/miners/distance.h"
#include "core/miners/rho_distance.h"
#include "core/miners/shared_distance.h"
#include "tests/golden/replay_miners.h"

namespace oodml::golden {

void replay_distance(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison) {
  const auto& labels = golden.at("in.labels");
  comparison.check("out.probability",
                   probabilities(miners::distance_negative_weights(golden.at("in.embeddings").to(at::kDouble), labels,
                                                                   params.number("lower_cutoff"))));
  if (!golden.has("out.positive_candidates")) return;
  // The files list the reference form: an anchor without positives is its own. The default leaves exactly those out.
  check_lists("positive", "_candidates", miners::distance_positives(labels, /*lone_anchors=*/true), comparison);
  if (!compat_paper) {
    const auto left = miners::distance_positives(labels, /*lone_anchors=*/false);
    comparison.require(left.equal(miners::same_class(labels)), "positives of the default mode");
  }
}

void replay_rho_distance(const Case& golden, const Params& params, bool, Comparison& comparison) {
  const auto& labels = golden.at("in.labels");
  const auto same = miners::same_class(labels);
  const auto weights = miners::rho_distance_negative_weights(golden.at("in.embeddings").to(at::kDouble), labels,
                                                             params.number("lower_cutoff"));
  // Rows that are no anchor, for want of a positive, are zero in the files.
  comparison.check("out.probability", probabilities(weights * same.any(1, /*keepdim=*/true)));
  comparison.check("out.probability_positive", probabilities(same.to(at::kDouble)));
  comparison.check("out.probability_push", probabilities(same.to(at::kDouble)));
  // With cp = 1 every anchor with a positive pushes.
  miners::RhoDistance pushing({.cp = 1.0, .lower_cutoff = params.number("lower_cutoff")});
  const auto triplets = pushing.mine(golden.at("in.embeddings"), labels, seeded_generator(golden));
  comparison.check("out.anchor", triplets.anchor.masked_select(triplets.valid));
  const auto pushed = labels.index_select(0, triplets.positive).eq(labels.index_select(0, triplets.negative));
  comparison.check("out.push_triplets_all", pushed.logical_and(triplets.valid).sum());
}

void replay_random_distance(const Case& golden, const Params& params, bool, Comparison& comparison) {
  const auto permuted = golden.at("in.labels").index_select(0, golden.at("in.permutation"));
  const auto same = miners::same_class(permuted);
  const auto weights = miners::distance_negative_weights(golden.at("in.embeddings").to(at::kDouble), permuted,
                                                         params.number("lower_cutoff"));
  comparison.check("out.labels_permuted", permuted);
  comparison.check("out.anchor", same.any(1).nonzero().squeeze(1));
  comparison.check("out.probability", probabilities(weights * same.any(1, /*keepdim=*/true)));
  comparison.check("out.probability_positive", probabilities(same.to(at::kDouble)));
}

void replay_shared_distance(const Case& golden, const Params& params, bool, Comparison& comparison) {
  const auto& labels = golden.at("in.labels");
  const auto embeddings = golden.at("in.embeddings").to(at::kDouble);
  const double cutoff = params.number("lower_cutoff");
  comparison.check("out.probability", probabilities(miners::distance_negative_weights(embeddings, labels, cutoff)));
  const auto kind =
      golden.name == "shared_neg_distance" ? miners::SharedPositives::kUniform : miners::SharedPositives::kWeighted;
  // The file lists every negative that an anchor could have drawn; the miner knows the one it drew.
  const auto other = miners::other_class(labels);
  std::vector<torch::Tensor> positives;
  for (std::int64_t negative = 0; negative < labels.size(0); ++negative) {
    const auto weights =
        miners::shared_positive_weights(embeddings, labels, at::full_like(labels, negative), kind, cutoff);
    positives.push_back(probabilities(weights.to(at::kDouble) * other.select(1, negative).unsqueeze(1)));
  }
  comparison.check("out.probability_positive", at::stack(positives, 1));
}

}  // namespace oodml::golden
