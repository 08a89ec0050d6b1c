#include "core/criteria/proxies/softtriplet.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/criteria/batch.h"
#include "core/criteria/proxies/classes.h"
#include "core/criteria/proxies/initial_values.h"
#include "core/criteria/single_pass/class_numbers.h"
#include "core/criteria/single_pass/cosine_pass.h"
#include "core/criteria/single_pass/cross_entropy.h"
#include "core/criteria/single_pass/row_kernels.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

constexpr double kTwoAndABit = 2.00001;  // keeps the root of equal centroids away from zero
constexpr double kSmallestSquare = 1e-20;
constexpr std::int64_t kRowsInSingle = 32;  // of products that are added in single precision

/// The same with its gradient (single_pass/cosine_pass.h), not in the reference's form.
class SofttripletPass {
 public:
  SofttripletPass(CosinePass pass, const torch::Tensor& centroids, const SofttripletOptions& options)
      : pass_(std::move(pass)),
        values_(centroids.detach().contiguous()),
        options_(options),
        sums_(options.n_classes),
        logits_(options.n_classes),
        terms_(pass_.columns()) {}

  torch::Tensor loss(std::span<const std::int64_t> own) && {
    double sum = 0.0;
    for (std::int64_t i = 0; i < pass_.rows(); ++i) sum += of_row(i, own[i]);
    sum /= static_cast<double>(pass_.rows());
    if (options_.n_centroids > 1) sum += options_.reg_weight * add_spread();
    return std::move(pass_).loss(sum);
  }

 private:
  double of_row(std::int64_t i, std::int64_t own) {
    const std::int64_t k = options_.n_centroids, classes = options_.n_classes;
    const float* const s = pass_.products(i);
    const auto gamma = static_cast<float>(1.0 / options_.gamma), lambda = static_cast<float>(options_.lambda);
    for (std::int64_t c = 0; c < classes; ++c) {
      const float* const of_class = s + c * k;
      const float largest = *std::max_element(of_class, of_class + k);
      for (std::int64_t j = 0; j < k; ++j) terms_[c * k + j] = (of_class[j] - largest) * gamma;
    }
    // None is above zero, so with the 1 they are the exponentials themselves.
    kernels_.exponentials(terms_.data(), nullptr, classes * k, /*plus_one=*/true, terms_.data());
    for (std::int64_t c = 0; c < classes; ++c) {
      float total = 0.0f, weighted = 0.0f;
      for (std::int64_t j = c * k; j < (c + 1) * k; ++j) {
        total += terms_[j];
        weighted += terms_[j] * s[j];
      }
      const float share = 1.0f / total;
      for (std::int64_t j = c * k; j < (c + 1) * k; ++j) terms_[j] *= share;
      sums_[c] = weighted * share;
      logits_[c] = lambda * sums_[c];
    }
    logits_[own] -= lambda * static_cast<float>(options_.margin_delta);
    const double loss = cross_entropy_of_row(logits_.data(), own, classes, 1.0f / static_cast<float>(pass_.rows()));
    float* const derivatives = pass_.derivatives(i);
    for (std::int64_t c = 0; c < classes; ++c) {
      for (std::int64_t j = c * k; j < (c + 1) * k; ++j) {
        derivatives[j] = lambda * logits_[c] * terms_[j] * (1 + (s[j] - sums_[c]) * gamma);
      }
    }
    return loss;
  }

  /// Cosines of centroid j and j + offset, by j.
  std::vector<double> cosines_at(std::int64_t offset) const {
    const std::int64_t columns = pass_.columns(), dim = values_.size(0);
    const float* const w = values_.const_data_ptr<float>();
    std::vector<double> cosines(columns);
    std::vector<float> some(columns);
    for (std::int64_t d = 0; d < dim; ++d) {
      kernels_.add_weighted(some.data(), w + d * columns, w + d * columns + offset, 1.0f, columns - offset);
      if (d % kRowsInSingle != kRowsInSingle - 1 && d + 1 != dim) continue;
      for (std::int64_t j = 0; j < columns; ++j) cosines[j] += std::exchange(some[j], 0.0f);
    }
    const auto& factors = pass_.factors_of_b();
    for (std::int64_t j = 0; j + offset < columns; ++j)
      cosines[j] *= static_cast<double>(factors[j]) * factors[j + offset];
    return cosines;
  }

  double add_spread() {
    const std::int64_t k = options_.n_centroids, columns = pass_.columns(), dim = values_.size(0);
    const double pairs = static_cast<double>(columns * (k - 1));
    const auto& factors = pass_.factors_of_b();
    const float* const w = values_.const_data_ptr<float>();
    float* const beside = pass_.beside_b().mutable_data_ptr<float>();
    std::vector<float> radial(columns);
    double sum = 0.0;
    for (std::int64_t offset = 1; offset < k; ++offset) {
      const auto cosines = cosines_at(offset);
      std::vector<float> towards(columns);  // derivative in w_j . w_{j + offset}
      for (std::int64_t j = 0; j + offset < columns; ++j) {
        if (j % k + offset >= k) continue;  // of another class
        const double root = std::sqrt(std::max(kTwoAndABit - 2 * cosines[j], kSmallestSquare));
        const double slope = -options_.reg_weight / (root * pairs);
        sum += root;
        towards[j] = static_cast<float>(slope * factors[j] * factors[j + offset]);
        radial[j] -= static_cast<float>(slope * cosines[j] * factors[j] * factors[j]);
        radial[j + offset] -= static_cast<float>(slope * cosines[j] * factors[j + offset] * factors[j + offset]);
      }
      for (std::int64_t d = 0; d < dim; ++d) {
        const float* const row = w + d * columns;
        float* const to = beside + d * columns;
        kernels_.add_weighted(to, row + offset, towards.data(), 1.0f, columns - offset);
        kernels_.add_weighted(to + offset, row, towards.data(), 1.0f, columns - offset);
        if (offset + 1 == k) kernels_.add_weighted(to, row, radial.data(), 1.0f, columns);
      }
    }
    return sum / pairs;
  }

  CosinePass pass_;
  torch::Tensor values_;  ///< The centroids, [D, C * K].
  SofttripletOptions options_;
  std::vector<float> sums_, logits_;  ///< [C]
  std::vector<float> terms_;          ///< [C * K]
  const RowKernels& kernels_ = row_kernels();
};

}  // namespace

Softtriplet::Softtriplet(SofttripletOptions options, const at::Generator& generator) : options_(options) {
  const auto columns = options.n_classes * options.n_centroids;
  const double bound = 1.0 / std::sqrt(static_cast<double>(columns));
  centroids_ = register_parameter("centroids", initial_uniform({options.embed_dim, columns}, bound, generator));
}

torch::Tensor Softtriplet::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  check_batch(batch);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  if (const auto own = own_classes(batch.labels, options_.n_classes); own && !options_.reference_form) {
    auto pass = CosinePass::of({.vectors = batch.embeddings, .unit_length = false},
                               {.vectors = centroids_, .are_columns = true});
    if (pass) return SofttripletPass(std::move(*pass), centroids_, options_).loss(*own);
  }
  const auto centroids = options_.reference_form ? distances::unit_rows(centroids_).t().contiguous()
                                                 : distances::unit_rows(centroids_.t().contiguous());  // [C * K, D]
  const auto similarities = class_similarities(batch.embeddings, centroids);                           // [B, C]
  const auto own = not_of_class(batch.labels, options_.n_classes).logical_not();                       // [B, C]
  const auto logits = options_.lambda * (similarities - options_.margin_delta * own);
  const auto loss = at::cross_entropy_loss(logits, batch.labels);
  return options_.n_centroids == 1 ? loss : loss + options_.reg_weight * spread(centroids);
}

torch::Tensor Softtriplet::class_similarities(const torch::Tensor& embeddings, const torch::Tensor& centroids) const {
  const auto by_class = embeddings.mm(centroids.t()).view({-1, options_.n_classes, options_.n_centroids});
  const auto s = by_class.transpose(1, 2).contiguous();  // [B, K, C]: a softmax over few neighbours in memory is slow
  const auto share =
      options_.reference_form ? at::softmax(options_.gamma * s, /*dim=*/2) : at::softmax(s / options_.gamma, /*dim=*/1);
  return (share * s).sum(1);
}

torch::Tensor Softtriplet::spread(const torch::Tensor& centroids) const {
  const auto k = options_.n_centroids;
  const auto by_class = centroids.view({options_.n_classes, k, -1});  // [C, K, D]
  const auto squares = kTwoAndABit - 2 * by_class.bmm(by_class.transpose(1, 2));
  const auto pairs = squares.clamp_min(kSmallestSquare).sqrt().triu(1);  // [C, K, K], k < l
  return pairs.sum() / static_cast<double>(options_.n_classes * k * (k - 1));
}

std::vector<ParameterGroup> Softtriplet::parameter_groups() const {
  return {{.parameters = {centroids_}, .lr = options_.centroid_lr}};
}

Result<std::shared_ptr<Criterion>> make_softtriplet(const Params& params, const CriterionContext& context) {
  return std::make_shared<Softtriplet>(SofttripletOptions{.n_centroids = params.integer("n_centroids"),
                                                          .margin_delta = params.number("margin_delta"),
                                                          .gamma = params.number("gamma"),
                                                          .lambda = params.number("lambda"),
                                                          .reg_weight = params.number("reg_weight"),
                                                          .centroid_lr = context.lr * params.number("lrmulti"),
                                                          .reference_form = context.compat_paper,
                                                          .n_classes = context.n_classes,
                                                          .embed_dim = context.embed_dim},
                                       context.generator);
}

}  // namespace oodml::criteria
