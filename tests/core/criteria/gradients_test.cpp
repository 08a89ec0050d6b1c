// Gradients of every criterion against central differences in double precision.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <set>

#include "core/catalogue/catalogue.h"
#include "tests/core/criteria/check_vectors.h"
#include "tests/core/criteria/differences.h"

namespace oodml {
namespace {

using testing::criterion_choice;
using testing::labels_of;

/// Forms to look at beside, or in place of, those of the catalogue's defaults.
std::vector<ComponentChoice> chosen_forms() {
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
      criterion_choice("npair", {{"l2", 0.1}}),
      criterion_choice("lifted", {{"l2", 0.1}}),
      criterion_choice("angular", {{"alpha", 30.0}, {"npair_l2", 0.1}}),
      criterion_choice("quadruplet", {{"margin_alpha_1", 0.9}, {"margin_alpha_2", 0.9}}),
      criterion_choice("snr", {{"margin", 1.5}, {"reg_lambda", 0.1}}),
      criterion_choice("histogram", {{"nbins", std::int64_t{9}}}),
      criterion_choice("proxynca"),
      criterion_choice("proxynca", {{"sq_dist", true}, {"temperature", 0.5}}),
      criterion_choice("proxynca", {{"cosine_dist", true}, {"convert_to_p", true}}),
      criterion_choice("softmax"),
      criterion_choice("softtriplet", {{"n_centroids", std::int64_t{3}}}),
      criterion_choice("softtriplet", {{"n_centroids", std::int64_t{1}}}),
  };
}

/// Checked in tests of their own, as are those that read more of a batch than embeddings and labels: criteria with too
/// many parameters for differences, and such as stop gradients on purpose.
const std::set<std::string> kElsewhere = {"nir"};

/// Every other criterion: as chosen above, else with its defaults.
std::vector<ComponentChoice> every_form() {
  std::vector<ComponentChoice> forms = chosen_forms();
  for (const auto& criterion : catalogue::components(catalogue::Kind::kCriterion)) {
    const auto is_it = [&](const ComponentChoice& form) { return form.name == criterion.name; };
    const bool elsewhere = !criterion.inputs.empty() || kElsewhere.contains(criterion.name);
    if (!elsewhere && std::none_of(forms.begin(), forms.end(), is_it)) {
      forms.push_back(criterion_choice(criterion.name));
    }
  }
  return forms;
}

/// Forms that compat: paper changes.
std::vector<ComponentChoice> every_paper_form() {
  return {
      criterion_choice("quadruplet", {{"margin_alpha_1", 0.9}, {"margin_alpha_2", 0.9}}),
      criterion_choice("multisimilarity"),
      criterion_choice("softtriplet", {{"n_centroids", std::int64_t{3}}}),
  };
}

void expect_gradients(const ComponentChoice& choice, bool compat_paper) {
  SCOPED_TRACE(choice.name + (compat_paper ? ", paper" : ""));
  const auto criterion = testing::make(choice, 4, 5, compat_paper);
  criterion->to(at::kDouble);
  // A class of one row, a class absent from the batch, some rows that a miner left out.
  const auto labels = labels_of({0, 0, 1, 1, 1, 3});
  const miners::Tuples triplets{labels_of({0, 1, 2, 3, 4, 5}), labels_of({1, 0, 3, 2, 2, 5}),
                                labels_of({2, 3, 5, 0, 1, 0}), labels_of({1, 1, 1, 1, 1, 0}).to(at::kBool)};
  const auto tuples = testing::with_sets(triplets, labels);
  const auto x = testing::random_unit_rows(6, 5, 3, at::kDouble).requires_grad_();
  const auto loss = [&] {
    return criterion->forward({.embeddings = x, .labels = labels, .generator = testing::seeded(3)}, tuples);
  };
  loss().backward();
  testing::expect_gradient(x, loss);
  EXPECT_GT(x.grad().abs().max().item<double>(), 1e-3) << "nothing to compare";
  for (const auto& item : criterion->named_parameters()) {
    SCOPED_TRACE(item.key());
    testing::expect_gradient(item.value(), loss);
  }
}

TEST(GradientsTest, EveryCriterionAgreesWithDifferencesInRowsAndParameters) {
  for (const ComponentChoice& choice : every_form()) expect_gradients(choice, /*compat_paper=*/false);
  for (const ComponentChoice& choice : every_paper_form()) expect_gradients(choice, /*compat_paper=*/true);
}

}  // namespace
}  // namespace oodml
