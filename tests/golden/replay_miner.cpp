#include <ATen/CPUGeneratorImpl.h>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/distance.h"
#include "core/miners/random.h"
#include "core/miners/rho_distance.h"
#include "core/miners/semihard.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

/// Probabilities of a draw with these weights; rows without candidates stay zero.
torch::Tensor probabilities(const torch::Tensor& weights) {
  const auto totals = weights.to(at::kDouble).sum(1, /*keepdim=*/true);
  return at::where(totals.gt(0), weights / totals, 0.0);
}

/// The candidates of every row in a list, as the files store them.
void check_lists(const std::string& name, const torch::Tensor& mask, Comparison& comparison) {
  comparison.check("out." + name + "_candidates", mask.nonzero().select(1, 1));
  comparison.check("out." + name + "_offsets", at::cat({at::zeros({1}, at::kLong), mask.sum(1).cumsum(0)}));
}

void replay_random(const Case& golden, const Params&, bool, Comparison& comparison) {
  const miners::TripletNumbering numbering(golden.at("in.labels"));
  comparison.check("out.count", numbering.count());
  const auto all = numbering.at(at::arange(numbering.count().item<std::int64_t>()));
  comparison.check("out.candidates", at::stack({all.anchor, all.positive, all.negative}, 1));
}

void replay_semihard(const Case& golden, const Params& params, bool, Comparison& comparison) {
  const auto candidates = miners::semihard_negatives(
      distances::pairwise_distances(golden.at("in.embeddings"), 0.0), miners::other_class(golden.at("in.labels")),
      golden.at("in.anchor"), golden.at("in.positive"), params.number("margin"));
  comparison.check("out.mask", candidates.mask);
  comparison.check("out.fallback", candidates.fallback);
}

void replay_distance(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison) {
  const auto& labels = golden.at("in.labels");
  comparison.check("out.probability",
                   probabilities(miners::distance_negative_weights(golden.at("in.embeddings").to(at::kDouble), labels,
                                                                   params.number("lower_cutoff"))));
  if (!golden.has("out.positive_candidates")) return;
  // The files list the reference form: an anchor without positives is its own. The default leaves exactly those out.
  check_lists("positive", miners::distance_positives(labels, /*lone_anchors=*/true), comparison);
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
  const auto triplets =
      pushing.mine(golden.at("in.embeddings"), labels, at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1}));
  comparison.check("out.anchor", triplets.anchor.masked_select(triplets.valid));
  const auto pushed = labels.index_select(0, triplets.positive).eq(labels.index_select(0, triplets.negative));
  comparison.check("out.push_triplets_all", pushed.logical_and(triplets.valid).sum());
}

}  // namespace

void replay_miner(const Case& golden, bool compat_paper, Comparison& comparison) {
  using Replay = void (*)(const Case&, const Params&, bool, Comparison&);
  static const std::map<std::string, Replay> replays = {{"random", replay_random},
                                                        {"semihard", replay_semihard},
                                                        {"distance", replay_distance},
                                                        {"rho_distance", replay_rho_distance}};
  const ComponentChoice choice = choice_of(golden, catalogue::Kind::kMiner, {});
  const auto replay = replays.find(golden.name);
  if (replay == replays.end()) throw CaseError("no replay for the miner " + golden.name);
  replay->second(golden, choice.params, compat_paper, comparison);
}

}  // namespace oodml::golden
