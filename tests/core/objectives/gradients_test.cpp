// Gradients of every criterion against central differences in double precision.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "tests/core/objectives/batches.h"

namespace oodml {
namespace {

using testing::criterion_choice;

constexpr double kStep = 1e-6;

std::vector<ComponentChoice> every_form() {
  const auto text = [](const char* value) { return Value(std::string(value)); };
  return {
      criterion_choice("triplet", {{"margin", 0.6}}),
      criterion_choice("triplet", {{"margin", 0.6}, {"reduction", text("sum")}}),
      criterion_choice("contrastive", {{"pos_margin", 0.3}, {"neg_margin", 1.4}}),
      criterion_choice("margin"),
      criterion_choice("margin", {{"beta", 0.9}, {"nu", 0.05}, {"count", text("pairs")}}),
      criterion_choice("margin", {{"beta", 0.9}, {"beta_constant", true}}),
      criterion_choice("multisimilarity"),
      criterion_choice("multisimilarity", {{"d_mode", text("euclidean")}}),
      criterion_choice("multisimilarity", {{"variant", text("revisiting")}}),
      criterion_choice("multisimilarity", {{"variant", text("nir")}}),
      criterion_choice("oproxy"),
      criterion_choice("oproxy", {{"unique", true}}),
      criterion_choice("oproxy", {{"mode", text("nca")}}),
      criterion_choice("oproxy", {{"mode", text("nca")}, {"unique", true}}),
      criterion_choice("oproxy", {{"euclidean", true}, {"pos_alpha", 4.0}, {"neg_alpha", 4.0}}),
      criterion_choice("arcface"),
  };
}

/// d loss / d leaf by differences: one entry at a time.
torch::Tensor differences(const torch::Tensor& leaf, const std::function<double()>& loss) {
  const at::NoGradGuard no_grad;
  auto gradient = at::zeros_like(leaf);
  double* const values = leaf.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < leaf.numel(); ++i) {
    const double kept = values[i];
    values[i] = kept + kStep;
    const double above = loss();
    values[i] = kept - kStep;
    const double below = loss();
    values[i] = kept;
    gradient.view({-1})[i] = (above - below) / (2 * kStep);
  }
  return gradient;
}

TEST(GradientsTest, EveryCriterionAgreesWithDifferencesInRowsAndParameters) {
  for (const ComponentChoice& choice : every_form()) {
    SCOPED_TRACE(choice.name);
    const auto criterion = testing::make(choice, 4, 5);
    criterion->to(at::kDouble);
    // A class of one row, a class absent from the batch, some rows that a miner left out.
    const auto labels = testing::labels_of({0, 0, 1, 1, 1, 3});
    const miners::Tuples triplets{testing::labels_of({0, 1, 2, 3, 4, 5}), testing::labels_of({1, 0, 3, 2, 2, 5}),
                                    testing::labels_of({2, 3, 5, 0, 1, 0}),
                                    testing::labels_of({1, 1, 1, 1, 1, 0}).to(at::kBool)};
    const auto x = testing::random_unit_rows(6, 5, 3, at::kDouble).requires_grad_();
    const auto loss = [&] { return criterion->forward({.embeddings = x, .labels = labels}, triplets); };
    loss().backward();
    const auto value = [&] { return loss().item<double>(); };
    const auto want = differences(x, value);
    EXPECT_TRUE(x.grad().allclose(want, 1e-5, 1e-7)) << x.grad() << want;
    EXPECT_GT(want.abs().max().item<double>(), 1e-3) << "nothing to compare";
    for (const auto& item : criterion->named_parameters()) {
      const auto of_parameter = differences(item.value(), value);
      EXPECT_TRUE(item.value().grad().allclose(of_parameter, 1e-5, 1e-7)) << item.key() << of_parameter;
    }
  }
}

}  // namespace
}  // namespace oodml
