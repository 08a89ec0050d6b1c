#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/criteria/criterion.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

/// Understood here rather than by the catalogue: how the case was computed, and one text in place of a number.
std::vector<std::string> own_parameters(const Case& golden) {
  std::vector<std::string> own = {"dtype", "reference_compat"};
  if (golden.params.contains("beta") && golden.params["beta"].is_string()) own.push_back("beta");
  return own;
}

/// Leaves of the graph: one matrix of embeddings, or one each for anchors, positives and negatives.
struct Inputs {
  std::vector<std::string> names;
  std::vector<torch::Tensor> leaves;
};

Inputs inputs_of(const Case& golden) {
  Inputs inputs;
  for (const char* name : {"embeddings", "embeddings_positive", "embeddings_negative"}) {
    if (!golden.has(std::string("in.") + name)) continue;
    inputs.names.push_back(name);
    inputs.leaves.push_back(golden.at(std::string("in.") + name).clone().requires_grad_());
  }
  if (inputs.leaves.size() != 1 && inputs.leaves.size() != 3) throw CaseError("one or three matrices are wanted");
  return inputs;
}

/// With three matrices they are stacked, and the positions of positives and negatives moved to their own.
std::optional<miners::Tuples> triplets_of(const Case& golden, std::int64_t stacked_by) {
  if (!golden.has("in.anchor")) return std::nullopt;
  return miners::Tuples{
      golden.at("in.anchor"), golden.at("in.positive") + stacked_by, golden.at("in.negative") + 2 * stacked_by, {}};
}

void load_parameters(const Case& golden, criteria::Criterion& criterion) {
  const at::NoGradGuard no_grad;
  auto parameters = criterion.named_parameters();
  for (const auto& item : parameters) item.value().copy_(golden.at("param." + item.key()));
  for (const auto& [name, tensor] : golden.tensors) {
    if (name.starts_with("param.") && parameters.find(name.substr(6)) == nullptr) {
      throw CaseError("the criterion has no parameter " + name.substr(6));
    }
  }
}

void check_gradient(const std::string& name, const torch::Tensor& leaf, const Case& golden, Comparison& comparison) {
  if (!golden.has("grad." + name)) return;
  comparison.check("grad." + name, leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf));
}

}  // namespace

void replay_criterion(const Case& golden, bool compat_paper, Comparison& comparison) {
  const ComponentChoice choice = choice_of(golden, catalogue::Kind::kCriterion, own_parameters(golden));
  const Inputs inputs = inputs_of(golden);
  const auto made =
      criteria::make_criterion(choice, {.embed_dim = inputs.leaves[0].size(1),
                                        .n_classes = golden.n_classes,
                                        .compat_paper = compat_paper,
                                        .generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1})});
  if (!made) throw CaseError(made.error().message());
  criteria::Criterion& criterion = **made;
  criterion.to(inputs.leaves[0].scalar_type());
  load_parameters(golden, criterion);

  const bool stacked = inputs.leaves.size() == 3;
  const auto& labels = golden.at("in.labels");
  const criteria::BatchOutput batch{.embeddings = at::cat(inputs.leaves),
                                    .labels = stacked ? at::cat({labels, labels, labels}) : labels};
  const auto loss = criterion.forward(batch, triplets_of(golden, stacked ? labels.size(0) : 0));
  comparison.check("out.loss", loss);
  loss.backward();
  for (std::size_t i = 0; i < inputs.names.size(); ++i) {
    check_gradient(inputs.names[i], inputs.leaves[i], golden, comparison);
  }
  for (const auto& item : criterion.named_parameters()) {
    check_gradient(item.key(), item.value(), golden, comparison);
  }
}

}  // namespace oodml::golden
