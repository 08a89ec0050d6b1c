#include "core/samplers/coreset.h"
#include "core/samplers/d2_weights.h"
#include "core/samplers/disthist_cost.h"
#include "core/samplers/fid_cost.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

std::int64_t integer_of(const Case& golden, const char* parameter) {
  if (!golden.params.contains(parameter) || !golden.params.at(parameter).is_number_integer()) {
    throw CaseError(std::string("parameter ") + parameter + " must be an integer");
  }
  return golden.params.at(parameter).get<std::int64_t>();
}

void replay_greedy_coreset(const Case& golden, const Params&, Comparison& comparison) {
  const auto picks = samplers::greedy_picks(samplers::squared_distances(golden.at("in.embeddings")),
                                            integer_of(golden, "first"), integer_of(golden, "picks"));
  comparison.check("out.picks", at::tensor(picks, at::kLong));
}

/// Row q: the probabilities of the next pick after the first q + 1.
void replay_d2_coreset(const Case& golden, const Params& params, Comparison& comparison) {
  samplers::D2Weights weights(golden.at("in.embeddings"), params.number("d2_coreset_lambda"));
  const auto& picked = golden.at("in.picked");
  std::vector<torch::Tensor> rows;
  for (std::int64_t q = 0; q < picked.size(0); ++q) {
    weights.pick(picked[q].item<std::int64_t>());
    rows.push_back(at::tensor(weights.probabilities(), at::kDouble));
  }
  comparison.check("out.probability", at::stack(rows));
}

void replay_disthist_batchmatch(const Case& golden, const Params&, Comparison& comparison) {
  comparison.check("out.cost", samplers::disthist_cost(golden.at("in.embeddings"), golden.at("in.candidates"),
                                                       integer_of(golden, "bins")));
}

void replay_fid_batchmatch(const Case& golden, const Params&, Comparison& comparison) {
  comparison.check("out.cost", samplers::fid_cost(golden.at("in.embeddings"), golden.at("in.candidates")));
}

}  // namespace

void replay_sampler(const Case& golden, bool, Comparison& comparison) {
  struct Replay {
    void (*run)(const Case&, const Params&, Comparison&);
    std::vector<std::string> own;  ///< Parameters that say which piece of the sampler the case is about.
  };
  static const std::map<std::string, Replay> replays = {
      {"greedy_coreset", {replay_greedy_coreset, {"first", "picks"}}},
      {"d2_coreset", {replay_d2_coreset, {}}},
      {"disthist_batchmatch", {replay_disthist_batchmatch, {"bins"}}},
      {"fid_batchmatch", {replay_fid_batchmatch, {}}},
  };
  const auto replay = replays.find(golden.name);
  if (replay == replays.end()) throw CaseError("no replay for the sampler " + golden.name);
  const ComponentChoice choice = choice_of(golden, catalogue::Kind::kSampler, replay->second.own);
  replay->second.run(golden, choice.params, comparison);
}

}  // namespace oodml::golden
