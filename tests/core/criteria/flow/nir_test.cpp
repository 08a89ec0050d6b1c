#include "core/criteria/flow/nir.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/criteria/flow/permutation.h"
#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"
#include "tests/core/criteria/differences.h"

namespace oodml {
namespace {

using criteria::BatchOutput;
using criteria::Nir;
using criteria::seeded_permutation;
using testing::criterion_choice;
using testing::labels_of;
using testing::seeded;

const char* const kModes[] = {"dense", "dense_embed", "dense_embed_multi", "dense_embed_multi_stacked", "start",
                              "mid",   "end"};

ComponentChoice small_nir(std::initializer_list<std::pair<const std::string, Value>> changes = {}) {
  auto choice = criterion_choice(
      "nir", {{"nf_cblocks", std::int64_t{2}}, {"nf_fc_depth", std::int64_t{3}}, {"nf_fc_width", std::int64_t{3}}});
  for (const auto& [key, value] : changes) choice.params.set(key, value);
  return choice;
}

std::shared_ptr<Nir> made_nir(const ComponentChoice& choice, std::int64_t dim) {
  return std::dynamic_pointer_cast<Nir>(testing::make(choice, 3, dim));
}

TEST(PermutationTest, IsThatOfTheLegacyGenerator) {
  const std::vector<std::vector<std::int64_t>> of_128 = {
      {40, 24, 86, 51, 8}, {121, 104, 55, 56, 33}, {92, 36, 12, 3, 30}, {35, 8, 113, 34, 5}, {5, 24, 29, 61, 19}};
  const std::vector<std::vector<std::int64_t>> of_4 = {
      {2, 3, 1, 0}, {3, 2, 0, 1}, {2, 3, 1, 0}, {3, 1, 0, 2}, {0, 1, 3, 2}};
  for (std::uint32_t k = 0; k < 5; ++k) {
    EXPECT_TRUE(seeded_permutation(k, 128).slice(0, 0, 5).equal(at::tensor(of_128[k], at::kLong))) << k;
    EXPECT_TRUE(seeded_permutation(k, 4).equal(at::tensor(of_4[k], at::kLong))) << k;
    EXPECT_TRUE(std::get<0>(seeded_permutation(k, 77).sort()).equal(at::arange(77))) << k;
  }
  EXPECT_TRUE(seeded_permutation(3, 1).equal(labels_of({0})));
}

TEST(NirTest, GivesTheSpecifiedTerms) {
  const auto vectors = testing::check_vectors();
  const auto nir = made_nir(small_nir(), 4);
  {
    const at::NoGradGuard no_grad;
    for (auto& item : nir->named_parameters()) {
      auto& parameter = item.value();
      if (item.key() == "proxies") {
        parameter.copy_(vectors.proxies);
      } else if (item.key().ends_with("bias")) {
        parameter.fill_(0.05);
      } else {
        const auto i = at::arange(parameter.size(0)).unsqueeze(1), j = at::arange(parameter.size(1)).unsqueeze(0);
        parameter.copy_(0.1 * (i + 2 * j).remainder(5) - 0.2);
      }
    }
  }
  const auto x = vectors.x.clone().requires_grad_();
  const auto terms = nir->terms({.embeddings = distances::unit_rows(x), .labels = vectors.labels}, {});
  const std::vector<float> z0 = {0.55954492f, 1.01289678f, 0.10091283f, 0.56288809f};
  const std::vector<float> z5 = {0.55756992f, -0.34118652f, 0.10993006f, 1.00023413f};
  const std::vector<float> j = {0.40364048f, 0.41268671f, 0.43380529f, 0.41486239f, 0.40917638f, 0.41349328f};
  EXPECT_TRUE(terms.z[0].allclose(at::tensor(z0), 1e-5, 1e-6)) << terms.z[0];
  EXPECT_TRUE(terms.z[5].allclose(at::tensor(z5), 1e-5, 1e-6)) << terms.z[5];
  EXPECT_TRUE(terms.log_det.allclose(at::tensor(j), 1e-5, 1e-6)) << terms.log_det;
  EXPECT_NEAR(terms.flow_loss.item<double>(), 1.49757147, 2e-5);
  EXPECT_NEAR(terms.proxy_loss.item<double>(), 25.50607109, 3e-4);
  EXPECT_NEAR(terms.loss.item<double>(), 1.75263223, 2e-5);
  terms.loss.backward();
  EXPECT_NEAR(x.grad().norm().item<double>(), 0.06479368, 1e-5);
  EXPECT_NEAR(nir->named_parameters()["proxies"].grad().norm().item<double>(), 0.09752645, 1e-5);
}

TEST(NirTest, HasTheSpecifiedSizeAndRates) {
  const auto nir = made_nir(criterion_choice("nir"), 128);
  const auto groups = nir->parameter_groups();
  ASSERT_EQ(groups.size(), 3u);
  std::int64_t numbers = 0;
  for (const auto& parameter : groups[1].parameters) numbers += parameter.numel();
  EXPECT_EQ(numbers, 1402880);
  EXPECT_TRUE(groups[2].parameters.empty());
  EXPECT_DOUBLE_EQ(groups[0].lr, 0.04);
  EXPECT_DOUBLE_EQ(groups[1].lr, 5e-4);
  const auto embedded =
      made_nir(small_nir({{"nf_cond_mode", std::string("dense_embed_multi")}}), 8)->parameter_groups();
  EXPECT_EQ(embedded[2].parameters.size(), 2 * 4u);
  EXPECT_DOUBLE_EQ(embedded[2].lr, 5e-4);
}

TEST(NirTest, LogDetIsThatOfTheJacobianInEveryModeAndDimension) {
  for (const char* mode : kModes) {
    for (const std::int64_t dim : {2, 3, 5, 6, 7}) {
      const auto nir = made_nir(small_nir({{"nf_cond_mode", std::string(mode)}, {"nf_cblocks", std::int64_t{3}}}), dim);
      nir->to(at::kDouble);
      const auto x = testing::random_unit_rows(1, dim, 2, at::kDouble);
      const auto terms = [&] { return nir->terms({.embeddings = x, .labels = labels_of({1})}, {}); };
      std::vector<torch::Tensor> rows;
      for (std::int64_t d = 0; d < dim; ++d) {
        rows.push_back(testing::differences(x, [&] { return terms().z[0][d]; }).squeeze(0));
      }
      const double want = std::log(std::abs(at::linalg_det(at::stack(rows)).item<double>()));
      EXPECT_NEAR(terms().log_det.item<double>(), want, 1e-6) << mode << dim;
    }
  }
}

TEST(NirTest, GradientsAgreeWithDifferencesInEveryMode) {
  const auto uniform = at::rand({6, 3}, seeded(9), at::TensorOptions(at::kDouble));
  for (const char* mode : kModes) {
    const auto nir = made_nir(small_nir({{"nf_cond_mode", std::string(mode)}, {"noise", 0.3}, {"w_align", 0.1}}), 3);
    nir->to(at::kDouble);
    const auto x = testing::random_unit_rows(6, 3, 3, at::kDouble).requires_grad_();
    const BatchOutput batch{.embeddings = x, .labels = labels_of({0, 0, 1, 1, 1, 0})};
    const auto loss = [&] { return nir->terms(batch, uniform).loss; };
    loss().backward();
    testing::expect_gradient(x, loss);
    for (const auto& item : nir->named_parameters()) {
      SCOPED_TRACE(std::string(mode) + " " + item.key());
      testing::expect_gradient(item.value(), loss);
    }
  }
}

TEST(NirTest, NoiseIsDrawnFromTheBatchsGenerator) {
  const auto nir = made_nir(small_nir({{"noise", 0.5}}), 4);
  const auto loss = [&](std::uint64_t seed) {
    const auto vectors = testing::check_vectors();
    return nir->forward({.embeddings = vectors.z, .labels = vectors.labels, .generator = seeded(seed)}, {})
        .item<double>();
  };
  EXPECT_EQ(loss(1), loss(1));
  EXPECT_NE(loss(1), loss(2));
}

TEST(NirTest, NoiseMovesTheRowsOnTheSphereBeforeTheFlowAlone) {
  const auto noisy = made_nir(small_nir({{"noise", 0.5}}), 4), plain = made_nir(small_nir(), 4);
  const auto vectors = testing::check_vectors();
  const auto x = distances::unit_rows(vectors.x);
  const auto uniform = at::rand(x.sizes(), seeded(4), x.options());
  const auto moved = x + 0.5 * uniform;
  const auto terms = noisy->terms({.embeddings = x, .labels = vectors.labels}, uniform);
  const auto of_moved = plain->terms({.embeddings = moved / moved.norm(2, 1, true), .labels = vectors.labels}, {});
  const auto of_rows = plain->terms({.embeddings = x, .labels = vectors.labels}, {});
  EXPECT_TRUE(terms.z.allclose(of_moved.z, 1e-5, 1e-6));
  EXPECT_NEAR(terms.flow_loss.item<double>(), of_moved.flow_loss.item<double>(), 1e-5);
  EXPECT_EQ(terms.proxy_loss.item<double>(), of_rows.proxy_loss.item<double>());
  EXPECT_NE(terms.flow_loss.item<double>(), of_rows.flow_loss.item<double>());
}

TEST(NirTest, XavierChangesAllLayersOfASubnetButTheFirst) {
  const auto plain = made_nir(small_nir({{"nf_fc_width", std::int64_t{50}}}), 8);
  const auto xavier =
      made_nir(small_nir({{"nf_fc_width", std::int64_t{50}}, {"nf_fc_init", std::string("xavier")}}), 8);
  const auto parameters = xavier->named_parameters();
  EXPECT_LE(parameters["flow.1.s2.0.weight"].abs().max().item<double>(), 1 / std::sqrt(12.0));
  EXPECT_GT(parameters["flow.1.s2.0.bias"].abs().max().item<double>(), 0.0);
  const double bound = std::sqrt(6.0 / 100);
  const double largest = parameters["flow.1.s2.1.weight"].abs().max().item<double>();
  EXPECT_LE(largest, bound);
  EXPECT_GT(largest, 0.95 * bound);
  EXPECT_EQ(parameters["flow.1.s2.1.bias"].abs().max().item<double>(), 0.0);
  EXPECT_LE(plain->named_parameters()["flow.1.s2.1.weight"].abs().max().item<double>(), 1 / std::sqrt(50.0));
}

TEST(NirTest, ADivergedFlowIsALargeFiniteLoss) {
  const auto nir = made_nir(small_nir(), 4);
  const auto x = at::full({2, 4}, 1e4f).requires_grad_();
  const auto loss = nir->forward({.embeddings = x, .labels = labels_of({0, 1})}, {});
  loss.backward();
  EXPECT_GT(loss.item<double>(), 1e34);
  EXPECT_TRUE(loss.isfinite().item<bool>() && x.grad().isfinite().all().item<bool>());
  EXPECT_EQ(nir->forward({.embeddings = at::empty({0, 4}), .labels = labels_of({})}, {}).item<double>(), 0.0);
}

TEST(NirTest, OneDimensionHasNoHalves) {
  const auto refused = criteria::make_criterion(small_nir(), {.embed_dim = 1, .generator = seeded(1)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(refused.error().message().find("2 or more"), std::string::npos);
}

}  // namespace
}  // namespace oodml
