#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct SofttripletOptions {
  std::int64_t n_centroids = 2;  ///< K, of each class.
  double margin_delta = 0.01;    ///< Subtracted from the similarity to the own class.
  double gamma = 0.1;            ///< Smoothness of the choice among a class's centroids.
  double lambda = 8.0;           ///< Scale of the logits.
  double reg_weight = 0.2;       ///< Of the regulariser that merges the centroids of a class.
  double centroid_lr = 1e-5;
  bool reference_form = false;  ///< The form of the Revisiting code (Q6), see below.
  std::int64_t n_classes = 1;
  std::int64_t embed_dim = 128;
};

/// SoftTriple: trained centroids w_ck of unit length, s_ick = x_i . w_ck, a_ick the softmax over k of s / gamma,
///   S_ic = sum_k a_ick s_ick,   L = CE(lambda (S_ic - margin_delta 1[c = y_i]), y) + reg_weight R,
///   R = sum_c sum_{k<l} sqrt(2.00001 - 2 w_ck . w_cl) / (C K (K-1)), zero for K = 1. Assumes rows of unit length.
/// The reference form scales each of the D rows of the centroid matrix to unit length, not the columns; takes the
/// softmax over the classes, separately for each k; and multiplies s by gamma. A root of less than zero, which its
/// regulariser can meet, counts as zero.
/// Source: Qian et al., ICCV 2019; docs/criteria.md#softtriple.
class Softtriplet final : public Criterion {
 public:
  Softtriplet(SofttripletOptions options, const at::Generator& generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  torch::Tensor class_similarities(const torch::Tensor& embeddings, const torch::Tensor& centroids) const;
  torch::Tensor spread(const torch::Tensor& centroids) const;

  SofttripletOptions options_;
  torch::Tensor centroids_;  ///< [D, C * K], column = class * K + k
};

Result<std::shared_ptr<Criterion>> make_softtriplet(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
