#include "core/criteria/flow/nir.h"

#include "core/criteria/batch.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

constexpr double kHighestExponent = 80.0;

NirOptions nir_options_of(const Params& params, const CriterionContext& context) {
  const bool xavier = params.text("nf_fc_init") == "xavier";
  return {.w_align = params.number("w_align"),
          .noise = params.number("noise"),
          .proxy_lr = context.lr * params.number("proxy_lrmulti"),
          .flow_lr = context.lr * params.number("lrmulti"),
          .proxy = {.pos_alpha = params.number("pos_alpha"),
                    .neg_alpha = params.number("neg_alpha"),
                    .pos_delta = params.number("pos_delta"),
                    .neg_delta = params.number("neg_delta"),
                    .nir = true,
                    .n_classes = context.n_classes,
                    .embed_dim = context.embed_dim},
          .flow = {.coupling = {.dim = context.embed_dim,
                                .depth = params.integer("nf_fc_depth"),
                                .width = params.integer("nf_fc_width"),
                                .clamp_alpha = params.number("nf_clamp_alpha"),
                                .init = xavier ? LinearInit::kXavierAfterFirst : LinearInit::kFanIn},
                   .blocks = params.integer("nf_cblocks"),
                   .mode = condition_mode(params.text("nf_cond_mode"))}};
}

}  // namespace

Nir::Nir(NirOptions options, at::Generator generator) : options_(std::move(options)) {
  const auto initial = initial_proxies(options_.proxy.n_classes, options_.proxy.embed_dim, generator);
  proxies_ = register_parameter("proxies", initial);
  flow_ = register_module("flow", std::make_shared<ConditionalFlow>(options_.flow, generator));
  conditioner_ = register_module("condition", std::make_shared<Conditioner>(options_.flow, generator));
}

torch::Tensor Nir::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  torch::Tensor uniform;
  if (options_.noise > 0) uniform = at::rand(batch.embeddings.sizes(), batch.generator, batch.embeddings.options());
  return terms(batch, uniform).loss;
}

NirTerms Nir::terms(const BatchOutput& batch, const torch::Tensor& uniform) const {
  const auto& x = batch.embeddings;
  const auto noisy = options_.noise > 0 ? distances::unit_rows(x + options_.noise * uniform) : x;  // [B, D]
  const auto own_proxies = distances::unit_rows(proxies_).index_select(0, batch.labels);           // [B, D]
  const auto [z, log_det] = flow_->forward(noisy, conditioner_->forward(own_proxies));
  const auto exponent = (0.5 * z.square().sum(1) - log_det).to(at::kDouble).clamp_max(kHighestExponent);  // [B]

  NirTerms terms{.z = z, .log_det = log_det};
  terms.flow_loss = exponent.exp().mean().to(x.scalar_type());
  terms.proxy_loss = oproxy_loss(x, batch.labels, proxies_, options_.proxy);
  terms.loss = terms.flow_loss + options_.w_align * terms.proxy_loss;
  return terms;
}

std::vector<ParameterGroup> Nir::parameter_groups() const {
  return {{.parameters = {proxies_}, .lr = options_.proxy_lr},
          {.parameters = flow_->parameters(), .lr = options_.flow_lr},
          {.parameters = conditioner_->parameters(), .lr = options_.flow_lr}};
}

Result<std::shared_ptr<Criterion>> make_nir(const Params& params, const CriterionContext& context) {
  if (context.embed_dim < 2) {
    return invalid_argument("criterion nir needs embeddings of 2 or more dimensions, got " +
                            std::to_string(context.embed_dim) + ": its flow transforms them in halves");
  }
  return std::make_shared<Nir>(nir_options_of(params, context), context.generator);
}

}  // namespace oodml::criteria
