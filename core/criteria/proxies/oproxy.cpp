#include "core/criteria/proxies/oproxy.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/criteria/proxies/classes.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/criteria/single_pass/class_numbers.h"
#include "core/criteria/single_pass/cosine_pass.h"
#include "core/criteria/single_pass/row_kernels.h"
#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::criteria {
namespace {

constexpr double kProxyFloor = 1e-20;

torch::Tensor anchor_loss(const torch::Tensor& u, const torch::Tensor& v, const torch::Tensor& labels,
                          const OproxyOptions& options) {
  const auto same = miners::class_equality(labels);                             // [B, B]
  const auto pull = log1p_sum_exp(u.index_select(1, labels), same, /*dim=*/0);  // [B], one for each sample
  const auto negatives = not_of_class(labels, options.n_classes);               // [B, C]
  const auto push = log1p_sum_exp(v, negatives, /*dim=*/0).sum();
  const auto pushed_classes = negatives.any(0).sum().clamp_min(1);
  const auto push_mean = options.nir ? push / options.n_classes : push / pushed_classes;
  if (!options.unique) return pull.mean() + push_mean;
  const auto share = same.sum(0).to(pull.scalar_type()).reciprocal();  // [B], 1 / samples of the class
  return (pull * share).sum() / share.sum() + push_mean;
}

torch::Tensor nca_loss(const torch::Tensor& u, const torch::Tensor& v, const torch::Tensor& labels,
                       const OproxyOptions& options) {
  auto pull = u.gather(1, labels.unsqueeze(1)).squeeze(1);  // [B]
  if (!options.unique) pull = pull + miners::class_equality(labels).sum(1).to(u.scalar_type()).log();
  const auto push = log1p_sum_exp(v, not_of_class(labels, options.n_classes), /*dim=*/1);
  return log1p_exp(pull).mean() + push.mean();
}

/// The same with its gradient (single_pass/cosine_pass.h): ProxyAnchor on cosines, a row for each class.
class AnchorPass {
 public:
  AnchorPass(CosinePass pass, const std::vector<float>& labels, const OproxyOptions& options)
      : pass_(std::move(pass)), labels_(labels), options_(options), pull_(labels.size()), push_(labels.size()) {}

  torch::Tensor loss() && {
    const auto b = static_cast<double>(labels_.size());
    const std::int64_t classes = pass_.rows();
    std::vector<std::int64_t> samples(classes);
    for (const float label : labels_) ++samples[static_cast<std::size_t>(label)];
    const auto there = std::ranges::count_if(samples, [](std::int64_t n) { return n > 0; });
    const auto pushed = classes - std::ranges::count(samples, std::ssize(labels_));
    const auto pushes = static_cast<double>(options_.nir ? classes : std::max<std::int64_t>(pushed, 1));
    double sum = 0.0;
    for (std::int64_t c = 0; c < classes; ++c) {
      const double share = options_.unique ? (samples[c] > 0 ? 1.0 / static_cast<double>(there) : 0.0)
                                           : static_cast<double>(samples[c]) / b;
      sum += of_class(c, share, 1.0 / pushes);
    }
    return std::move(pass_).loss(sum);
  }

 private:
  double of_class(std::int64_t c, double pull_share, double push_share) {
    const auto b = std::ssize(labels_);
    constexpr Bounds kAll{.lowest_same = kNoTerm, .highest_other = -kNoTerm};
    kernels_.take(pass_.products(c), labels_.data(), static_cast<float>(c), kAll, /*margin=*/0.0f,
                  line_of(-options_.pos_alpha, options_.pos_delta), line_of(options_.neg_alpha, options_.neg_delta), b,
                  pull_.data(), push_.data());
    const auto pull = kernels_.exponentials(pull_.data(), nullptr, b, /*plus_one=*/true, pull_.data());
    const auto push = kernels_.exponentials(push_.data(), nullptr, b, /*plus_one=*/true, push_.data());
    float* const derivatives = pass_.derivatives(c);
    const auto of_pull = static_cast<float>(-options_.pos_alpha * pull_share) * pull.share;
    const auto of_push = static_cast<float>(options_.neg_alpha * push_share) * push.share;
    if (of_pull != 0.0f) kernels_.add_scaled(derivatives, pull_.data(), of_pull, b);
    kernels_.add_scaled(derivatives, push_.data(), of_push, b);
    return pull_share * pull.log + push_share * push.log;
  }

  CosinePass pass_;
  const std::vector<float>& labels_;
  OproxyOptions options_;
  std::vector<float> pull_, push_;  ///< [B]
  const RowKernels& kernels_ = row_kernels();
};

std::optional<torch::Tensor> in_one_pass(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                         const torch::Tensor& proxies, const OproxyOptions& options) {
  if (options.nca || options.euclidean || !own_classes(labels, options.n_classes)) return std::nullopt;
  const auto classes = class_numbers(labels);
  auto pass = classes ? CosinePass::of({proxies}, {embeddings}) : std::nullopt;
  if (!pass) return std::nullopt;
  return AnchorPass(std::move(*pass), *classes, options).loss();
}

}  // namespace

torch::Tensor oproxy_loss(const torch::Tensor& embeddings, const torch::Tensor& labels, const torch::Tensor& proxies,
                          const OproxyOptions& options) {
  if (const auto loss = in_one_pass(embeddings, labels, options.detach_proxies ? proxies.detach() : proxies, options)) {
    return *loss;
  }
  const auto x = distances::unit_rows(embeddings);                                                        // [B, D]
  const auto p = distances::unit_rows(options.detach_proxies ? proxies.detach() : proxies);               // [C, D]
  const auto sigma = options.euclidean ? distances::pairwise_distances(x, p, kProxyFloor) : x.mm(p.t());  // [B, C]
  const double sign = options.euclidean ? -1.0 : 1.0;
  const auto u = -sign * options.pos_alpha * (sigma - options.pos_delta);
  const auto v = sign * options.neg_alpha * (sigma - options.neg_delta);
  return options.nca ? nca_loss(u, v, labels, options) : anchor_loss(u, v, labels, options);
}

Oproxy::Oproxy(OproxyOptions options, at::Generator generator) : options_(options) {
  proxies_ = register_parameter("proxies", initial_proxies(options.n_classes, options.embed_dim, generator));
}

torch::Tensor Oproxy::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  return oproxy_loss(batch.embeddings, batch.labels, proxies_, options_);
}

std::vector<ParameterGroup> Oproxy::parameter_groups() const {
  return {{.parameters = {proxies_}, .lr = options_.proxy_lr}};
}

Result<std::shared_ptr<Criterion>> make_oproxy(const Params& params, const CriterionContext& context) {
  return std::make_shared<Oproxy>(OproxyOptions{.nca = params.text("mode") == "nca",
                                                .pos_alpha = params.number("pos_alpha"),
                                                .neg_alpha = params.number("neg_alpha"),
                                                .pos_delta = params.number("pos_delta"),
                                                .neg_delta = params.number("neg_delta"),
                                                .euclidean = params.flag("euclidean"),
                                                .detach_proxies = params.flag("detach_proxies"),
                                                .unique = params.flag("unique"),
                                                .nir = params.text("variant") == "nir",
                                                .proxy_lr = context.lr * params.number("lrmulti"),
                                                .n_classes = context.n_classes,
                                                .embed_dim = context.embed_dim},
                                  context.generator);
}

}  // namespace oodml::criteria
