#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/criteria/flow/nir.h"
#include "core/criteria/flow/permutation.h"
#include "tests/golden/criterion_case.h"
#include "tests/golden/replay.h"
#include "tests/golden/replay_criteria.h"

namespace oodml::golden {
namespace {

void check_known(const Case& golden, const std::vector<std::string>& known) {
  for (const auto& [name, value] : golden.params.items()) {
    if (std::count(known.begin(), known.end(), name) == 0) {
      throw CaseError("unknown parameter " + name + " of " + golden.name);
    }
  }
}

torch::Tensor permutations_of(const criteria::ConditionalFlow& flow) {
  std::vector<torch::Tensor> permutations;
  for (const auto& block : flow.blocks()) permutations.push_back(block->permutation());
  return at::stack(permutations);
}

void replay_permutation(const Case& golden, Comparison& comparison) {
  check_known(golden, {"embed_dim", "nf_cblocks"});
  std::vector<torch::Tensor> permutations;
  for (std::uint32_t k = 0; k < golden.params.at("nf_cblocks").get<std::uint32_t>(); ++k) {
    permutations.push_back(criteria::seeded_permutation(k, golden.params.at("embed_dim")));
  }
  comparison.check("out.permutations", at::stack(permutations));
}

/// The flow of nir on a given condition, without the proxies that it comes from.
void replay_nir_flow(const Case& golden, Comparison& comparison) {
  check_known(golden, {"nf_cond_mode", "nf_cblocks", "nf_fc_depth", "nf_fc_width", "nf_clamp_alpha", "dtype"});
  const auto& x = golden.at("in.embeddings");
  const criteria::FlowOptions options{.coupling = {.dim = x.size(1),
                                                   .depth = golden.params.at("nf_fc_depth"),
                                                   .width = golden.params.at("nf_fc_width"),
                                                   .clamp_alpha = golden.params.at("nf_clamp_alpha")},
                                      .blocks = golden.params.at("nf_cblocks"),
                                      .mode = criteria::condition_mode(golden.params.at("nf_cond_mode"))};
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1});
  torch::nn::Module both;
  const auto flow = both.register_module("flow", std::make_shared<criteria::ConditionalFlow>(options, generator));
  const auto conditioner =
      both.register_module("condition", std::make_shared<criteria::Conditioner>(options, generator));
  both.to(x.device(), x.scalar_type());
  load_parameters(golden, both);
  const auto [z, log_det] = flow->forward(x, conditioner->forward(golden.at("in.condition")));
  comparison.check("out.z", z);
  comparison.check("out.log_det", log_det);
  comparison.check("out.permutations", permutations_of(*flow));
}

}  // namespace

void replay_flow(const Case& golden, bool /*compat_paper*/, Comparison& comparison) {
  if (golden.name == "nir_permutation") return replay_permutation(golden, comparison);
  if (golden.name == "nir_flow") return replay_nir_flow(golden, comparison);
  throw CaseError("unknown flow " + golden.name);
}

/// The noise is given in place of a draw.
void replay_nir(const Case& golden, bool compat_paper, Comparison& comparison) {
  const auto criterion = criterion_of(criterion_choice(golden), context_of(golden, compat_paper), golden);
  const auto& nir = dynamic_cast<const criteria::Nir&>(*criterion);
  const auto embeddings = leaf(golden, "embeddings");
  const auto noise = golden.params.value("noise", 0.0) > 0.0 ? golden.at("in.noise_uniform") : torch::Tensor();
  const auto terms = nir.terms({.embeddings = embeddings, .labels = golden.at("in.labels")}, noise);
  comparison.check("out.loss", terms.loss);
  comparison.check("out.z", terms.z);
  comparison.check("out.log_det", terms.log_det);
  comparison.check("out.flow_loss", terms.flow_loss);
  comparison.check("out.proxy_loss", terms.proxy_loss);
  comparison.check("out.permutations", permutations_of(nir.flow()));
  terms.loss.backward();
  check_gradient("embeddings", embeddings, golden, comparison);
  check_gradients(*criterion, golden, comparison);
}

}  // namespace oodml::golden
