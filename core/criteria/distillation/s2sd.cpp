#include "core/criteria/distillation/s2sd.h"

#include <set>
#include <stdexcept>

#include "core/criteria/batch.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

/// Those that the references give no parameter groups of their own, so that inside of s2sd they train at lr (Q18).
bool has_no_groups_in_the_references(const std::string& criterion) {
  static const std::set<std::string> names = {"margin", "arcface", "softmax"};
  return names.contains(criterion);
}

S2sdOptions s2sd_options_of(const Params& params, const CriterionContext& context) {
  return {.temperature = params.number("T"),
          .weight = params.number("w"),
          .pool_aggr = params.flag("pool_aggr"),
          .target_dims = params.integers("target_dims"),
          .feat_distill = params.flag("feat_distill"),
          .feat_weight = params.number("feat_w"),
          .feat_distill_delay = params.integer("feat_distill_delay"),
          .own_rates = params.text("sub_lr") == "own",
          .lr = context.lr,
          .feature_dim = context.feature_dim};
}

torch::Tensor similarities(const torch::Tensor& rows) { return rows.mm(rows.t()); }

}  // namespace

torch::Tensor similarity_divergence(const torch::Tensor& student, const torch::Tensor& teacher, double temperature) {
  const auto log_s = (student / temperature).log_softmax(1);
  const auto log_q = (teacher.detach() / temperature).log_softmax(1);
  return temperature * temperature * (log_q.exp() * (log_q - log_s)).sum(1).mean();
}

S2sd::S2sd(S2sdOptions options, InnerCriterion source, std::vector<InnerCriterion> targets, at::Generator generator)
    : options_(std::move(options)), source_(std::move(source)), targets_(std::move(targets)) {
  const auto nets = register_module("target_net", std::make_shared<torch::nn::Module>());
  const auto criteria = register_module("target_criterion", std::make_shared<torch::nn::Module>());
  for (std::size_t j = 0; j < targets_.size(); ++j) {
    const auto dim = options_.target_dims.at(j);
    const std::vector<std::int64_t> widths = {options_.feature_dim, dim, dim};
    target_nets_.push_back(nets->register_module(std::to_string(j), std::make_shared<Perceptron>(widths, generator)));
    criteria->register_module(std::to_string(j), targets_[j].criterion);
  }
  register_module("source_criterion", source_.criterion);
  iteration_ = register_buffer("iteration", at::zeros({}, at::kLong));
}

torch::Tensor S2sd::features(const BatchOutput& batch) const {
  const auto& given = options_.pool_aggr ? batch.features : batch.avg_features;
  const std::int64_t dims = options_.pool_aggr ? 4 : 2;
  if (!given.defined() || given.dim() != dims || given.size(0) != batch.labels.size(0) ||
      given.size(1) != options_.feature_dim) {
    const std::string shape = "[B, " + std::to_string(options_.feature_dim) + (options_.pool_aggr ? ", h, w]" : "]");
    throw std::invalid_argument("s2sd: needs features " + shape);
  }
  if (!options_.pool_aggr) return given;
  const auto flat = given.flatten(2);                      // [B, F, h w]
  return flat.mean(2) + std::get<0>(flat.max(/*dim=*/2));  // the gradient of a tied maximum goes to one place
}

torch::Tensor S2sd::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  return loss(batch, std::nullopt);
}

torch::Tensor S2sd::loss(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  check_batch(batch);
  const auto phi = features(batch);  // [B, F]
  if (phi.size(0) == 0) return attached_zero(batch.embeddings) + attached_zero(phi);

  BatchOutput inner = batch;
  inner.embeddings = distances::unit_rows(batch.embeddings);
  const auto student = similarities(inner.embeddings);  // [B, B]
  const auto source_loss = source_.loss(inner, given);

  std::vector<torch::Tensor> losses, distillations;
  for (std::size_t j = 0; j < targets_.size(); ++j) {
    inner.embeddings = distances::unit_rows(target_nets_[j]->forward(phi));  // [B, t_j]
    losses.push_back(targets_[j].loss(inner, given));
    distillations.push_back(similarity_divergence(student, similarities(inner.embeddings), options_.temperature));
  }
  auto total = (at::stack(losses).mean() + source_loss) / 2 + options_.weight * at::stack(distillations).mean();
  if (options_.feat_distill) {
    const auto due = iteration_.ge(options_.feat_distill_delay).to(total.scalar_type());
    const auto teacher = similarities(distances::unit_rows(phi.detach()));
    total = total + options_.feat_weight * due * similarity_divergence(student, teacher, options_.temperature);
  }
  const at::NoGradGuard no_grad;
  iteration_.add_(1);
  return total;
}

std::vector<ParameterGroup> S2sd::parameter_groups() const {
  std::vector<ParameterGroup> groups = {{.parameters = {}, .lr = options_.lr}};
  for (const auto& net : target_nets_) {
    for (const auto& parameter : net->parameters()) groups[0].parameters.push_back(parameter);
  }
  const auto add = [&](const InnerCriterion& inner) {
    const bool at_lr = !options_.own_rates && has_no_groups_in_the_references(inner.name);
    for (auto& group : inner.criterion->parameter_groups()) {
      groups.push_back({std::move(group.parameters), at_lr ? options_.lr : group.lr});
    }
  };
  for (const auto& target : targets_) add(target);
  add(source_);
  return groups;
}

std::vector<const miners::Miner*> S2sd::miners_inside() const {
  std::vector<const InnerCriterion*> inside = {&source_};
  for (const InnerCriterion& target : targets_) inside.push_back(&target);
  return miners_of(inside);
}

Result<std::shared_ptr<Criterion>> make_s2sd(const Params& params, const CriterionContext& context) {
  const S2sdOptions options = s2sd_options_of(params, context);
  if (options.feature_dim < 1) return invalid_argument("criterion s2sd reads a backbone's features; there are none");
  if (options.target_dims.empty()) return invalid_argument("criterion s2sd: target_dims needs one dimension or more");
  std::vector<InnerCriterion> targets;
  for (const std::int64_t dim : options.target_dims) {
    CriterionContext inside = context;
    inside.embed_dim = dim;
    OODML_ASSIGN_OR_RETURN(InnerCriterion target, make_inner_criterion(params.text("target"), params, inside));
    targets.push_back(std::move(target));
  }
  OODML_ASSIGN_OR_RETURN(InnerCriterion source, make_inner_criterion(params.text("source"), params, context));
  return std::make_shared<S2sd>(options, std::move(source), std::move(targets), context.generator);
}

}  // namespace oodml::criteria
