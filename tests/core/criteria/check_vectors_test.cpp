// Every number of docs/check_vectors.md that today's criteria and miners give.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/distances/pairwise.h"
#include "core/miners/distance.h"
#include "tests/core/criteria/check_vectors.h"

namespace oodml {
namespace {

using testing::check_vectors;
using testing::criterion_choice;
using testing::labels_of;
using testing::make;

struct VectorOutcome {
  double loss = 0.0, gradient_norm = 0.0, parameter_gradient_norm = 0.0;
  torch::Tensor parameter_gradient;
};

/// Loss on the check vectors; gradients with respect to the raw rows X, through their normalisation.
VectorOutcome outcome_of(const ComponentChoice& choice, bool compat_paper = false, torch::Tensor labels = {}) {
  const auto vectors = check_vectors();
  const auto criterion = make(choice, 3, 4, compat_paper);
  for (auto& item : criterion->named_parameters()) {
    const at::NoGradGuard no_grad;
    if (item.value().dim() == 2) item.value().copy_(vectors.proxies);
  }
  const auto x = vectors.x.clone().requires_grad_();
  const auto loss = criterion->forward(
      {.embeddings = distances::unit_rows(x), .labels = labels.defined() ? labels : vectors.labels}, vectors.triplets);
  loss.backward();
  VectorOutcome outcome{.loss = loss.item<double>(), .gradient_norm = x.grad().norm().item<double>()};
  for (auto& item : criterion->named_parameters()) {
    outcome.parameter_gradient = item.value().grad();
    outcome.parameter_gradient_norm = outcome.parameter_gradient.norm().item<double>();
  }
  return outcome;
}

void expect_near_relative(double got, double want, double tolerance) {
  EXPECT_NEAR(got, want, tolerance * std::abs(want));
}

struct Row {
  const char* title;
  ComponentChoice choice;
  double loss, gradient, parameter_gradient;  ///< 0: not given
};

TEST(CheckVectorsTest, CriteriaGiveTheSpecifiedLossAndGradientNorms) {
  const std::vector<Row> rows = {
      {"triplet", criterion_choice("triplet"), 0.05018223, 0.24673167, 0},
      {"triplet sum", criterion_choice("triplet", {{"reduction", std::string("sum")}}), 0.30109337, 0, 0},
      {"margin", criterion_choice("margin"), 0.53665733, 0.22841577, 0},
      {"margin 0.6", criterion_choice("margin", {{"beta", 0.6}}), 0.32018751, 0.33264655, 0},
      {"margin pairs", criterion_choice("margin", {{"beta", 0.6}, {"count", std::string("pairs")}}), 0.24014063, 0, 0},
      {"contrastive", criterion_choice("contrastive"), 0.83609098, 0.33493951, 0},
      {"multisimilarity A", criterion_choice("multisimilarity"), 0.55007303, 0.19501466, 0},
      {"multisimilarity B", criterion_choice("multisimilarity", {{"variant", std::string("revisiting")}}), 0.55007303,
       0.19501466, 0},
      {"multisimilarity euclidean", criterion_choice("multisimilarity", {{"d_mode", std::string("euclidean")}}),
       0.48853070, 0.27109993, 0},
      {"multisimilarity C", criterion_choice("multisimilarity", {{"variant", std::string("nir")}}), 0.63810986,
       0.11724958, 0},
      {"oproxy anchor", criterion_choice("oproxy"), 25.50607109, 4.37291813, 8.04531860},
      {"oproxy nca", criterion_choice("oproxy", {{"mode", std::string("nca")}}), 20.30256271, 4.14725208, 8.17375946},
      {"oproxy euclidean", criterion_choice("oproxy", {{"euclidean", true}}), 12.91121674, 5.67727184, 8.20051956},
      {"arcface", criterion_choice("arcface"), 1.56990051, 2.07653856, 1.80280662},
      {"snr", criterion_choice("snr"), 0.20772664, 0, 0},
      {"histogram", criterion_choice("histogram"), 0.15861002, 0.27518484, 0},
      {"proxynca", criterion_choice("proxynca"), -6.36373281, 2.54636455, 3.86826611},
      {"proxynca sq_dist", criterion_choice("proxynca", {{"sq_dist", true}}), -0.96058273, 0.57809019, 0.63531232},
      {"proxynca cosine_dist", criterion_choice("proxynca", {{"cosine_dist", true}}), -2.98899984, 1.21292222,
       1.68840539},
      {"proxynca convert_to_p", criterion_choice("proxynca", {{"convert_to_p", true}}), 0.08990312, 0.42759314,
       0.40272915},
      {"proxynca T = 0.5", criterion_choice("proxynca", {{"temperature", 0.5}}), -4.42882156, 3.36201763, 4.09472084},
      {"softmax", criterion_choice("softmax"), 0.08324932, 0.45590070, 0.43497476},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.title);
    const VectorOutcome outcome = outcome_of(row.choice);
    expect_near_relative(outcome.loss, row.loss, 1e-5);
    if (row.gradient != 0) expect_near_relative(outcome.gradient_norm, row.gradient, 1e-4);
    if (row.parameter_gradient != 0)
      expect_near_relative(outcome.parameter_gradient_norm, row.parameter_gradient, 1e-4);
  }
}

TEST(CheckVectorsTest, MarginMovesEachBoundaryByItsActiveTerms) {
  const auto wide = outcome_of(criterion_choice("margin")).parameter_gradient;
  EXPECT_TRUE(wide.allclose(at::full({3}, 1.0 / 3), 1e-5, 1e-6)) << wide;
  const auto narrow = outcome_of(criterion_choice("margin", {{"beta", 0.6}})).parameter_gradient;
  EXPECT_TRUE(narrow.allclose(at::tensor(std::vector<float>{-1.f / 3, -1.f / 6, -1.f / 6}), 1e-5, 1e-6)) << narrow;
}

TEST(CheckVectorsTest, OproxyAveragesPositivesOverSamplesOrClasses) {
  const auto labels = labels_of({0, 0, 0, 1, 1, 2});
  expect_near_relative(outcome_of(criterion_choice("oproxy"), false, labels).loss, 28.60428047, 1e-5);
  expect_near_relative(outcome_of(criterion_choice("oproxy", {{"unique", true}}), false, labels).loss, 28.60388374,
                       1e-5);
}

TEST(CheckVectorsTest, MultisimilaritySelfPairEntersOnlyInThePapersForm) {
  const auto x = at::tensor(std::vector<float>{1, 0, 0, 0.9f, 0.3f, 0, 1, 0.1f, 0, 0, 1, 0}).view({4, 3});
  const criteria::BatchOutput batch{.embeddings = distances::unit_rows(x), .labels = labels_of({0, 0, 1, 1})};
  const auto loss = [&](bool paper) {
    return make(criterion_choice("multisimilarity"), 2, 3, paper)->forward(batch, {}).item<double>();
  };
  expect_near_relative(loss(true), 0.81869531, 1e-5);
  expect_near_relative(loss(false), 0.74715902, 1e-5);
}

TEST(CheckVectorsTest, MultisimilarityWithNothingMined) {
  const auto x = at::eye(6).index_select(0, labels_of({0, 0, 1, 1, 2, 2})).requires_grad_();
  const criteria::BatchOutput batch{.embeddings = x, .labels = labels_of({0, 0, 1, 1, 2, 2})};
  const auto loss = [&](const ComponentChoice& choice, bool paper) {
    const auto value = make(choice, 3, 6, paper)->forward(batch, {});
    value.backward();  // attached in every form
    return value.item<double>();
  };
  expect_near_relative(loss(criterion_choice("multisimilarity"), true), 0.36390227, 1e-5);
  expect_near_relative(loss(criterion_choice("multisimilarity", {{"variant", std::string("nir")}}), false), 0.36390227,
                       1e-5);
  EXPECT_EQ(loss(criterion_choice("multisimilarity"), false), 0.0);
  EXPECT_EQ(loss(criterion_choice("multisimilarity", {{"variant", std::string("revisiting")}}), false), 0.0);
}

TEST(CheckVectorsTest, DistanceMinerWeightsTheNegativesOfTheFirstAnchor) {
  const auto vectors = check_vectors();
  const auto clipped = distances::pairwise_distances(vectors.z, 0.0).clamp_min(0.5).select(0, 0);
  const std::vector<float> distances = {0.5f, 0.81649649f, 0.99999988f, 0.67599291f, 0.95464009f, 1.29099441f};
  EXPECT_TRUE(clipped.allclose(at::tensor(distances), 1e-5, 1e-6)) << clipped;
  const auto weights = miners::distance_negative_weights(vectors.z, vectors.labels, 0.5).select(0, 0);
  const std::vector<float> probabilities = {0, 0, 0.20940515f, 0.42167320f, 0.22645575f, 0.14246584f};
  EXPECT_TRUE((weights / weights.sum()).allclose(at::tensor(probabilities), 1e-4, 1e-6)) << weights;
}

}  // namespace
}  // namespace oodml
