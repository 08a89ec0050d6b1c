#include <algorithm>

#include "core/criteria/criterion.h"
#include "core/train/training_step.h"
#include "tests/golden/formula_network.h"
#include "tests/golden/replay.h"
#include "tests/golden/weight_formula.h"

namespace oodml::golden {
namespace {

constexpr std::string_view kCriterion = "criterion.";
constexpr std::string_view kAfter = "out.after.", kFirstMoment = "out.first_moment.";

void refuse_unknown_parameters(const Case& golden) {
  static const std::set<std::string> known = {"arch", "embed_dim", "side",     "gain",
                                              "lr",   "decay",     "class_lr", "temperature"};
  for (const auto& [name, value] : golden.params.items()) {
    if (!known.contains(name)) throw CaseError("unknown parameter " + name);
  }
}

/// Softmax over classes, with the formula's class map.
std::shared_ptr<criteria::Criterion> softmax_of(const Case& golden) {
  ComponentChoice choice{.name = "softmax", .params = {}};
  choice.params.set("temperature", golden.params.at("temperature").get<double>());
  choice.params.set("lr", golden.params.at("class_lr").get<double>());
  const std::int64_t embed_dim = golden.params.at("embed_dim");
  const auto made = criteria::make_criterion(choice, {.embed_dim = embed_dim, .n_classes = golden.n_classes});
  if (!made) throw CaseError(made.error().message());
  const torch::NoGradGuard no_grad;
  (*made)->named_parameters()["class_map"].copy_(formula_values("class_map", {golden.n_classes, embed_dim}, 1.0));
  return *made;
}

/// Copies of everything that trains, and of the network's buffers.
struct Snapshot {
  explicit Snapshot(const train::Parts& parts) {
    for (const auto& item : parts.network->named_parameters()) trained[item.key()] = item.value().detach().clone();
    for (const auto& item : parts.criterion->named_parameters()) {
      trained[std::string(kCriterion) + item.key()] = item.value().detach().clone();
    }
    for (const auto& item : parts.network->named_buffers()) buffers[item.key()] = item.value().clone();
  }
  models::NamedTensors trained, buffers;
};

/// The optimiser's moments by the names of the parameters; group 0 is the network, group 2 the criterion.
models::NamedTensors moments(const train::Parts& parts, const models::NamedTensors& state, const std::string& which) {
  models::NamedTensors found;
  const auto add = [&](const torch::nn::Module& module, const std::string& group, std::string_view prefix) {
    std::size_t index = 0;
    for (const auto& item : module.named_parameters()) {
      found[std::string(prefix) + item.key()] = state.at(group + "." + std::to_string(index++) + "." + which);
    }
  };
  add(*parts.network, "0", "");
  add(*parts.criterion, "2", kCriterion);
  return found;
}

torch::Tensor norms(const models::NamedTensors& tensors) {
  std::vector<torch::Tensor> all;
  for (const auto& [name, tensor] : tensors) all.push_back(tensor.to(torch::kFloat64).norm());
  return torch::stack(all);
}

models::NamedTensors moved(const Snapshot& before, const Snapshot& after) {
  models::NamedTensors differences;
  for (const auto& [name, tensor] : after.trained) differences[name] = tensor - before.trained.at(name);
  return differences;
}

bool equal(const models::NamedTensors& left, const models::NamedTensors& right) {
  return std::ranges::equal(left, right, [](const auto& a, const auto& b) { return at::equal(a.second, b.second); });
}

}  // namespace

void replay_training_step(const Case& golden, bool, Comparison& comparison) {
  refuse_unknown_parameters(golden);
  const train::Parts parts = {.network = formula_network(golden), .criterion = softmax_of(golden)};
  const train::TrainOptions options = {
      .epochs = 1, .groups = {.lr = golden.params.at("lr"), .weight_decay = golden.params.at("decay")}};
  parts.network->to(golden.device);
  parts.criterion->to(golden.device);
  parts.network->train();
  train::TrainingStep step(parts, options);

  const auto& labels = golden.at("in.labels");
  const Snapshot before(parts);
  const auto images = formula_images(labels.size(0), golden.params.at("side")).to(golden.device);
  const auto outcome = step.run({.images = images, .labels = labels}, {});
  const Snapshot after(parts);
  const auto state = step.optimizer_state();
  const auto first = moments(parts, state, "exp_avg");

  comparison.check("out.loss", outcome.loss);
  comparison.check("out.embeddings", outcome.embeddings);
  comparison.check("out.moved_norms", norms(moved(before, after)));
  comparison.check("out.first_moment_norms", norms(first));
  comparison.check("out.second_moment_norms", norms(moments(parts, state, "exp_avg_sq")));
  for (const auto& [name, wanted] : golden.tensors) {
    if (name.starts_with(kAfter)) comparison.check(name, after.trained.at(name.substr(kAfter.size())));
    if (name.starts_with(kFirstMoment)) comparison.check(name, first.at(name.substr(kFirstMoment.size())));
  }
  comparison.require(equal(before.buffers, after.buffers), "statistics of a frozen batch norm have moved");
}

}  // namespace oodml::golden
