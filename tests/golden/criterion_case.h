#pragma once

#include <torch/nn/module.h>

#include "core/criteria/criterion.h"
#include "tests/golden/case.h"
#include "tests/golden/comparison.h"

namespace oodml::golden {

// What the replays of criteria have in common. Each throws CaseError for what it does not know.

/// The choice with the case's parameters, without those that say how it was computed: dtype, reference_compat, `own`.
ComponentChoice criterion_choice(const Case& golden, std::vector<std::string> own = {});

/// Dimension and classes of the case, its arch and miner where it names them; the generator has a fixed seed.
criteria::CriterionContext context_of(const Case& golden, bool compat_paper);

/// The criterion in the precision of `in.embeddings`, holding every `param.*` of the case.
std::shared_ptr<criteria::Criterion> criterion_of(const ComponentChoice& choice,
                                                  const criteria::CriterionContext& context, const Case& golden);

/// Copies every `param.*` into the parameter of that name; each parameter and each tensor must have its partner.
void load_parameters(const Case& golden, torch::nn::Module& module);

/// `in.<name>` as a leaf of the graph.
torch::Tensor leaf(const Case& golden, const std::string& name);

/// The tuples of the case: triplets, or sets where the file has offsets. Nothing when it has no `in.anchor`.
std::optional<miners::Tuples> tuples_of(const Case& golden);

/// Holds the gradient of a leaf, zero when it has none, against `grad.<name>` where the file has that.
void check_gradient(const std::string& name, const torch::Tensor& leaf, const Case& golden, Comparison& comparison);
/// The same for every parameter of a module.
void check_gradients(torch::nn::Module& module, const Case& golden, Comparison& comparison);

}  // namespace oodml::golden
