#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/module.h>

#include <utility>

#include "core/criteria/criterion.h"
#include "core/train/adam.h"
#include "core/train/momentum_keys.h"
#include "core/train/optimizer.h"
#include "core/train/parameter_groups.h"
#include "tests/core/catalogue/default_choice.h"
#include "tests/golden/criterion_case.h"
#include "tests/golden/replay.h"

namespace oodml::golden {
namespace {

using Json = nlohmann::json;

/// embeddings = last_linear(relu(backbone(x))), of unit length if asked.
class TwoLayers : public torch::nn::Module {
 public:
  explicit TwoLayers(const Case& golden) {
    for (const auto& [own, file] : {std::pair("backbone", "backbone"), std::pair("last_linear", "head")}) {
      const auto layer = register_module(own, std::make_shared<torch::nn::Module>());
      for (const char* part : {"weight", "bias"}) {
        layer->register_parameter(part, golden.at(std::string("param.") + file + "." + part).clone());
      }
    }
  }
  torch::Tensor parameter(const std::string& name) const { return named_parameters()[name]; }

  torch::Tensor forward(const torch::Tensor& features, bool warmup, bool normalize) const {
    torch::Tensor hidden;
    {
      const at::AutoGradMode record(!warmup);
      hidden = at::linear(features, parameter("backbone.weight"), parameter("backbone.bias")).relu();
    }
    const auto rows = at::linear(hidden, parameter("last_linear.weight"), parameter("last_linear.bias"));
    return normalize ? rows / rows.norm(2, {1}, true).clamp_min(1e-12) : rows;
  }
};

void refuse_unknown_parameters(const Case& golden, const std::set<std::string>& known) {
  for (const auto& [name, value] : golden.params.items()) {
    if (!known.contains(name)) throw CaseError("unknown parameter " + name + " of " + golden.name);
  }
}

std::shared_ptr<criteria::Criterion> margin_of(const Case& golden, bool compat_paper) {
  const auto choice = testing::criterion_choice("margin", {{"margin", golden.params.at("margin").get<double>()},
                                                           {"beta_lr", golden.params.at("beta_lr").get<double>()}});
  const auto made = criteria::make_criterion(
      choice,
      {.embed_dim = golden.at("param.head.bias").size(0), .n_classes = golden.n_classes, .compat_paper = compat_paper});
  if (!made) throw CaseError(made.error().message());
  const at::NoGradGuard no_grad;
  (*made)->named_parameters()["beta"].copy_(golden.at("param.beta"));
  return *made;
}

std::unique_ptr<train::Optimizer> optimizer_of(const Case& golden, std::vector<train::ParameterGroup> groups) {
  const Json& params = golden.params;
  if (golden.name == "sgd") {
    return train::make_optimizer(std::move(groups),
                                 {.rule = train::UpdateRule::kSgd, .momentum = params.at("momentum").get<double>()});
  }
  if (params.value("eps", 1e-8) != 1e-8) throw CaseError("eps is 1e-8");
  const auto betas = params.value("betas", std::vector<double>{0.9, 0.999});
  if (betas.size() != 2) throw CaseError("there are two betas");
  return std::make_unique<train::Adam>(std::move(groups), train::Betas{.first = betas[0], .second = betas[1]});
}

/// Everything that a training run of the case consists of.
struct Run {
  Run(const Case& the_case, bool compat_paper)
      : golden(the_case), network(the_case), criterion(margin_of(the_case, compat_paper)) {
    const Json& params = golden.params;
    const train::GroupOptions rates = {.lr = params.at("lr").get<double>(),
                                       .fc_lr = params.at("fc_lr").get<double>(),
                                       .weight_decay = params.at("decay").get<double>()};
    optimizer = optimizer_of(golden, train::make_groups(network, *criterion, rates));
    tau = params.at("tau").get<std::vector<std::int64_t>>();
    gamma = params.at("gamma").get<double>();
    warmup = params.at("warmup").get<std::int64_t>();
    normalize = params.at("normalize").get<bool>();
  }

  /// The loss of step e, which is an epoch of its own, before its update.
  torch::Tensor step(std::int64_t e) {
    const miners::Tuples tuples = {golden.at("in.anchor")[e], golden.at("in.positive")[e], golden.at("in.negative")[e]};
    const auto embeddings = network.forward(golden.at("in.features")[e], e < warmup, normalize);
    const auto loss = criterion->forward({.embeddings = embeddings, .labels = golden.at("in.labels")}, tuples);
    optimizer->zero_grad();
    loss.backward();
    optimizer->step(train::rate_factor(tau, gamma, e));
    return loss;
  }
  /// One column a group that holds parameters.
  torch::Tensor rates(std::int64_t e) const {
    std::vector<double> rates;
    for (const auto& group : optimizer->groups()) {
      if (!group.parameters.empty()) rates.push_back(group.lr * train::rate_factor(tau, gamma, e));
    }
    return at::tensor(rates, at::kDouble);
  }

  const Case& golden;
  TwoLayers network;
  std::shared_ptr<criteria::Criterion> criterion;
  std::unique_ptr<train::Optimizer> optimizer;
  std::vector<std::int64_t> tau;
  double gamma = 1.0;
  std::int64_t warmup = 0;
  bool normalize = true;
};

/// Row e: rates and loss of step e, and the parameters behind it.
void replay_steps(const Case& golden, bool compat_paper, Comparison& comparison) {
  refuse_unknown_parameters(golden, {"lr", "decay", "beta_lr", "fc_lr", "tau", "gamma", "warmup", "normalize",
                                     "momentum", "betas", "eps", "margin", "steps"});
  Run run(golden, compat_paper);
  std::map<std::string, std::vector<torch::Tensor>> rows;
  const auto note = [&](const std::string& name, const torch::Tensor& value) {
    rows[name].push_back(value.detach().clone());
  };
  for (std::int64_t e = 0; e < golden.params.at("steps").get<std::int64_t>(); ++e) {
    note("out.lr", run.rates(e));
    note("out.loss", run.step(e));
    for (const std::string part : {"weight", "bias"}) {
      note("out.backbone." + part, run.network.parameter("backbone." + part));
      note("out.head." + part, run.network.parameter("last_linear." + part));
    }
    note("out.beta", run.criterion->named_parameters()["beta"]);
  }
  for (const auto& [name, values] : rows) comparison.check(name, at::stack(values));
}

/// Row s: the moving average and the queue after step s.
void replay_moco_update(const Case& golden, Comparison& comparison) {
  refuse_unknown_parameters(golden, {"momentum"});
  const auto momentum = golden.params.at("momentum").get<double>();
  const auto average = golden.at("in.key_parameter").clone();
  auto queue = golden.at("in.queue");
  std::vector<torch::Tensor> averages, queues;
  for (std::int64_t step = 0; step < golden.at("in.keys").size(0); ++step) {
    train::moving_average({average}, {golden.at("in.query_parameter")[step]}, momentum);
    queue = train::pushed(queue, golden.at("in.keys")[step]);
    averages.push_back(average.clone());
    queues.push_back(queue);
  }
  comparison.check("out.key_parameter", at::stack(averages));
  comparison.check("out.queue", at::stack(queues));
}

}  // namespace

void replay_optimizer(const Case& golden, bool compat_paper, Comparison& comparison) {
  try {
    if (golden.name == "adam" || golden.name == "sgd") return replay_steps(golden, compat_paper, comparison);
    if (golden.name == "moco_update") return replay_moco_update(golden, comparison);
  } catch (const Json::exception& error) {
    throw CaseError(std::string("parameters: ") + error.what());
  }
  throw CaseError("no replay for the optimizer case " + golden.name);
}

}  // namespace oodml::golden
