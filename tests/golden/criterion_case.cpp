#include "tests/golden/criterion_case.h"

#include <ATen/CPUGeneratorImpl.h>

namespace oodml::golden {
namespace {

/// Lists one after the other and where each begins -> [lists, columns] bool.
torch::Tensor set_of(const Case& golden, const std::string& name, std::int64_t columns) {
  const auto &flat = golden.at("in." + name), &offsets = golden.at("in." + name + "_offsets");
  const auto set = at::zeros({offsets.size(0) - 1, columns}, flat.options().dtype(at::kBool));
  const auto row = at::repeat_interleave(offsets.diff());
  set.index_put_({row, flat}, at::ones({flat.size(0)}, flat.options().dtype(at::kBool)));
  return set;
}

}  // namespace

ComponentChoice criterion_choice(const Case& golden, std::vector<std::string> own) {
  for (const char* name : {"dtype", "reference_compat", "multisimilarity_reference_compat"}) own.push_back(name);
  if (golden.name == "npair") own.push_back("arch");
  if (golden.name == "snr") own.push_back("miner");
  // Of the margin criterion: a text that points to param.beta in place of the number.
  if (golden.params.contains("beta") && golden.params["beta"].is_string()) own.push_back("beta");
  return choice_of(golden, catalogue::Kind::kCriterion, own);
}

criteria::CriterionContext context_of(const Case& golden, bool compat_paper) {
  return {.embed_dim = golden.at("in.embeddings").size(1),
          .n_classes = golden.n_classes,
          .arch = golden.params.value("arch", ""),
          .miner = {.name = golden.params.value("miner", "none"), .params = {}},
          .compat_paper = compat_paper,
          .generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1})};
}

std::shared_ptr<criteria::Criterion> criterion_of(const ComponentChoice& choice,
                                                  const criteria::CriterionContext& context, const Case& golden) {
  const auto made = criteria::make_criterion(choice, context);
  if (!made) throw CaseError(made.error().message());
  (*made)->to(golden.device, golden.at("in.embeddings").scalar_type());
  load_parameters(golden, **made);
  return *made;
}

void load_parameters(const Case& golden, torch::nn::Module& module) {
  const at::NoGradGuard no_grad;
  auto parameters = module.named_parameters();
  for (const auto& item : parameters) item.value().copy_(golden.at("param." + item.key()));
  for (const auto& [name, tensor] : golden.tensors) {
    if (name.starts_with("param.") && parameters.find(name.substr(6)) == nullptr) {
      throw CaseError("the criterion has no parameter " + name.substr(6));
    }
  }
}

torch::Tensor leaf(const Case& golden, const std::string& name) {
  return golden.at("in." + name).clone().requires_grad_();
}

std::optional<miners::Tuples> tuples_of(const Case& golden) {
  if (!golden.has("in.anchor")) return std::nullopt;
  const auto rows = golden.at("in.labels").size(0);
  miners::Tuples tuples{.anchor = golden.at("in.anchor")};
  (golden.has("in.positive_offsets") ? tuples.positive_set : tuples.positive) =
      golden.has("in.positive_offsets") ? set_of(golden, "positive", rows) : golden.at("in.positive");
  (golden.has("in.negative_offsets") ? tuples.negative_set : tuples.negative) =
      golden.has("in.negative_offsets") ? set_of(golden, "negative", rows) : golden.at("in.negative");
  return tuples;
}

void check_gradient(const std::string& name, const torch::Tensor& leaf, const Case& golden, Comparison& comparison) {
  if (!golden.has("grad." + name)) return;
  comparison.check("grad." + name, leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf));
}

void check_gradients(torch::nn::Module& module, const Case& golden, Comparison& comparison) {
  for (const auto& item : module.named_parameters()) check_gradient(item.key(), item.value(), golden, comparison);
}

}  // namespace oodml::golden
