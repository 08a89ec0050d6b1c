#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/epshn.h"
#include "core/miners/parametric.h"
#include "core/miners/random.h"
#include "core/miners/semihard.h"
#include "core/miners/softhard.h"
#include "tests/golden/replay_miners.h"

namespace oodml::golden {

torch::Tensor probabilities(const torch::Tensor& weights) {
  const auto totals = weights.to(at::kDouble).sum(1, /*keepdim=*/true);
  return at::where(totals.gt(0), weights / totals, 0.0);
}

void check_lists(const std::string& name, const std::string& suffix, const torch::Tensor& mask,
                 Comparison& comparison) {
  comparison.check("out." + name + suffix, mask.nonzero().select(1, 1));
  comparison.check("out." + name + "_offsets",
                   at::cat({at::zeros({1}, mask.options().dtype(at::kLong)), mask.sum(1).cumsum(0)}));
}

namespace {

void replay_random(const Case& golden, const Params&, bool, Comparison& comparison) {
  const miners::TripletNumbering numbering(golden.at("in.labels"));
  comparison.check("out.count", numbering.count());
  const auto all = numbering.at(at::arange(numbering.count().item<std::int64_t>(), numbering.count().options()));
  comparison.check("out.candidates", at::stack({all.anchor, all.positive, all.negative}, 1));
}

void replay_semihard(const Case& golden, const Params& params, bool, Comparison& comparison) {
  const auto candidates = miners::semihard_negatives(
      distances::pairwise_distances(golden.at("in.embeddings"), 0.0), miners::other_class(golden.at("in.labels")),
      golden.at("in.anchor"), golden.at("in.positive"), params.number("margin"));
  comparison.check("out.mask", candidates.mask);
  comparison.check("out.fallback", candidates.fallback);
}

void replay_softhard(const Case& golden, const Params&, bool, Comparison& comparison) {
  const auto candidates = miners::softhard_candidates(distances::pairwise_distances(golden.at("in.embeddings"), 0.0),
                                                      golden.at("in.labels"));
  comparison.check("out.mask_positive", candidates.positives);
  comparison.check("out.mask_negative", candidates.negatives);
  comparison.check("out.anchor", candidates.positives.any(1).nonzero().squeeze(1));
}

void replay_epshn(const Case& golden, const Params& params, bool, Comparison& comparison) {
  const auto& labels = golden.at("in.labels");
  const auto distances = distances::pairwise_distances(golden.at("in.embeddings"), 0.0);
  const auto same = miners::same_class(labels);
  const auto positive = miners::easy_positives(distances, same);
  const auto candidates =
      miners::semihard_negatives(distances, miners::other_class(labels), at::arange(labels.size(0), labels.options()),
                                 positive, params.number("margin"));
  const auto usable = same.any(1);
  comparison.check("out.positive", at::where(usable, positive, -1));
  comparison.check("out.mask", candidates.mask.logical_and(usable.unsqueeze(1)));
}

torch::Tensor parametric_probabilities(const Case& golden, const Params& params, bool reference_form) {
  const auto& limits = params.numbers("support_lim");
  return probabilities(miners::parametric_negative_weights(golden.at("in.embeddings"), golden.at("in.labels"),
                                                           {.mode = params.text("mode"),
                                                            .n_support = params.integer("n_support"),
                                                            .lower = limits[0],
                                                            .upper = limits[1],
                                                            .reference_form = reference_form}));
}

void replay_parametric(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison) {
  auto got = parametric_probabilities(golden, params, compat_paper);
  if (golden.paper && !compat_paper) {
    // A reference number in the default mode: Q22 acts on the anchors with a negative outside the limits. There the
    // default differs by design, and the reference form is what the file tells.
    const auto& limits = params.numbers("support_lim");
    const auto distances = distances::pairwise_distances(golden.at("in.embeddings"), 1e-4);
    const auto outside = distances.lt(limits[0]).logical_or(distances.gt(limits[1]));
    const auto quirk = outside.logical_and(miners::other_class(golden.at("in.labels"))).any(1, /*keepdim=*/true);
    got = at::where(quirk, parametric_probabilities(golden, params, true), got);
  }
  comparison.check("out.probability", got);
}

/// Anchors and sets of the rows that count; npair and lifted.
void replay_sets(const Case& golden, const Params& params, bool compat_paper, Comparison& comparison) {
  const auto& labels = golden.at("in.labels");
  const auto miner = miners::make_miner({golden.name, params}, compat_paper);
  if (!miner) throw CaseError(miner.error().message());
  const auto tuples = (*miner)->mine(golden.at("in.embeddings"), labels, seeded_generator(golden));
  const auto rows = tuples.valid.nonzero().squeeze(1);
  comparison.check("out.anchor", tuples.anchor.index_select(0, rows));
  check_lists("negative", "", tuples.negative_set.index_select(0, rows), comparison);
  const auto same = miners::same_class(labels).index_select(0, rows);
  if (golden.name == "lifted") {
    return check_lists("positive", "", tuples.positive_set.index_select(0, rows), comparison);
  }
  check_lists("positive", "_candidates", same, comparison);
  const auto drawn = tuples.positive.index_select(0, rows).unsqueeze(1);
  comparison.require(same.gather(1, drawn).all().item<bool>(), "a positive outside the anchor's class");
}

}  // namespace

void replay_miner(const Case& golden, bool compat_paper, Comparison& comparison) {
  using Replay = void (*)(const Case&, const Params&, bool, Comparison&);
  static const std::map<std::string, Replay> replays = {
      {"random", replay_random},
      {"semihard", replay_semihard},
      {"distance", replay_distance},
      {"rho_distance", replay_rho_distance},
      {"npair", replay_sets},
      {"lifted", replay_sets},
      {"softhard", replay_softhard},
      {"parametric", replay_parametric},
      {"random_distance", replay_random_distance},
      {"epshn", replay_epshn},
      {"shared_neg_distance", replay_shared_distance},
      {"shared_full_distance", replay_shared_distance},
      {"easypositive", replay_distance},
  };
  const ComponentChoice choice = choice_of(golden, catalogue::Kind::kMiner, {});
  const auto replay = replays.find(golden.name);
  if (replay == replays.end()) throw CaseError("no replay for the miner " + golden.name);
  replay->second(golden, choice.params, compat_paper, comparison);
}

}  // namespace oodml::golden
