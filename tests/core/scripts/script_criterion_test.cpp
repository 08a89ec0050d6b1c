// Criteria that came as a file.
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "core/criteria/criterion.h"
#include "tests/core/scripts/sample_modules.h"
#include "tests/support/temporary_folder.h"

namespace oodml::criteria {
namespace {

using testing::SampleModule;

/// Squared distance of anchor and positive, times a trained factor.
SampleModule pulling() {
  return {.code =
              "def forward(self, embeddings, labels, tuples):\n"
              "  a = embeddings[torch.select(tuples, 1, 0)]\n"
              "  p = embeddings[torch.select(tuples, 1, 1)]\n"
              "  return torch.sum((a - p) * (a - p)) * self.factor\n",
          .parameters = {{"factor", at::full({}, 0.5F)}},
          .buffers = {},
          .attributes = {}};
}

SampleModule returning(const std::string& expression, const std::string& more_arguments = "") {
  SampleModule module = pulling();
  module.code = "def forward(self, x, y" + more_arguments + "):\n  return " + expression + "\n";
  return module;
}

class ScriptCriterionTest : public ::testing::Test {
 protected:
  ScriptCriterionTest() {
    batch_.embeddings = at::arange(8, at::kFloat).view({4, 2}).clone().requires_grad_();
    batch_.labels = torch::tensor({0, 0, 1, 1}, at::kLong);
    batch_.avg_features = at::full({4, 3}, 2.0F);
  }
  Result<std::shared_ptr<Criterion>> make(const SampleModule& module, const std::string& miner = "none") {
    module.save(folder_ / "loss.pt");
    const Params params = {{"file", std::string("loss.pt")}, {"sha256", std::string()}, {"lr_multi", 10.0}};
    return make_criterion({"script", params}, {.lr = 0.01,
                                               .miner = {.name = miner, .params = {}},
                                               .generator = at::make_generator<at::CPUGeneratorImpl>(1),
                                               .scripts = {.allowed = true, .root = folder_.path()}});
  }
  torch::Tensor loss(const SampleModule& module, const std::optional<miners::Tuples>& tuples = std::nullopt) {
    auto criterion = make(module, tuples ? "random" : "none");
    if (!criterion) throw std::invalid_argument(criterion.error().message());
    return (*criterion)->forward(batch_, tuples);
  }
  std::string refusal(const SampleModule& module, const std::string& miner = "none") {
    try {
      auto criterion = make(module, miner);
      if (!criterion) return criterion.error().message();
      (*criterion)->forward(batch_, std::nullopt);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  }
  static miners::Tuples two_triplets() {
    return {.anchor = torch::tensor({0, 2}, at::kLong),
            .positive = torch::tensor({1, 3}, at::kLong),
            .negative = torch::tensor({2, 0}, at::kLong)};
  }

  testing::TemporaryFolder folder_;
  BatchOutput batch_;
};

bool says(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

TEST_F(ScriptCriterionTest, GetsTheTripletsThatCount) {
  miners::Tuples tuples = two_triplets();  // each positive is (2, 2) away: 8
  EXPECT_FLOAT_EQ(loss(pulling(), tuples).item<float>(), 0.5F * 16);
  tuples.valid = torch::tensor({true, false});
  const auto one = loss(pulling(), tuples);
  EXPECT_FLOAT_EQ(one.item<float>(), 0.5F * 8);
  one.backward();
  EXPECT_TRUE(batch_.embeddings.grad().equal(torch::tensor({{-2., -2.}, {2., 2.}, {0., 0.}, {0., 0.}}, at::kFloat)));
  tuples.valid = torch::tensor({false, false});
  const auto none = loss(pulling(), tuples);
  EXPECT_EQ(none.item<float>(), 0.0F);
  EXPECT_TRUE(none.requires_grad());
}

TEST_F(ScriptCriterionTest, ReadsWhatItsForwardNames) {
  EXPECT_FLOAT_EQ(loss(returning("x.mean() * features.mean()", ", features")).item<float>(), 3.5F * 2);
  EXPECT_FLOAT_EQ(loss(returning("(x.mean() + y.sum()).view([1])")).item<float>(), 3.5F + 2);
  EXPECT_TRUE(says(refusal(returning("x.mean()", ", teacher")), "its forward needs 'teacher'"));
  SampleModule one = returning("x.mean()");
  one.code = "def forward(self, x):\n  return x.mean()\n";
  EXPECT_TRUE(says(refusal(one), "must take embeddings and labels"));
}

TEST_F(ScriptCriterionTest, MinerAndTuplesGoTogether) {
  EXPECT_TRUE(says(refusal(pulling()), "reads tuples: name a miner"));
  EXPECT_TRUE(says(refusal(returning("x.mean()"), "random"), "has no argument `tuples`, but miner is random"));
  SampleModule module = returning("x.mean()");
  module.attributes = {{"needs_miner", true}};
  EXPECT_TRUE(says(refusal(module, "random"), "says needs_miner, but its forward has no argument `tuples`"));
  module = returning("x.mean()", ", tuples: Optional[Tensor] = None");
  EXPECT_EQ(refusal(module), "");
  EXPECT_EQ(refusal(module, "random"), "");
}

TEST_F(ScriptCriterionTest, ParametersTrainAtTheRatesThatItSays) {
  SampleModule module = returning("x.mean() * self.factor");
  module.parameters.emplace_back("frozen", at::zeros({2}));
  const auto plain = *make(module);
  ASSERT_EQ(plain->parameter_groups().size(), 1U);
  EXPECT_DOUBLE_EQ(plain->parameter_groups()[0].lr, 0.1);
  EXPECT_EQ(plain->parameter_groups()[0].parameters.size(), 2U);
  c10::Dict<std::string, double> factors;
  factors.insert("factor", 3.0);
  module.attributes = {{"parameter_groups", factors}};
  const auto groups = (*make(module))->parameter_groups();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_DOUBLE_EQ(groups[1].lr, 0.3);
  EXPECT_TRUE(groups[1].parameters[0].equal(at::full({}, 0.5F)));
  factors.insert("beta", 1.0);
  EXPECT_TRUE(says(refusal(module), "parameter_groups names 'beta'")) << refusal(module);
}

TEST_F(ScriptCriterionTest, WhatIsNoLossIsRefusedWithWhatWasReturned) {
  EXPECT_TRUE(
      says(refusal(returning("x")), "script loss.pt returned Float [4, 2]; accepted is a floating-point scalar"));
  EXPECT_TRUE(says(refusal(returning("y.sum()")), "returned Long []"));
  EXPECT_TRUE(says(refusal(returning("x.detach().sum()")), "depends on no embedding"));
  const std::string own = refusal(returning("x[9].sum()"));
  EXPECT_TRUE(says(own, "script loss.pt: ") && says(own, "index 9") && says(own, "return x[9].sum()")) << own;
}

TEST_F(ScriptCriterionTest, WhatItDrawsFollowsTheSeedOfTheStep) {
  batch_.generator = at::make_generator<at::CPUGeneratorImpl>(5);
  const SampleModule module = returning("(x * torch.rand_like(x)).sum()");
  const auto first = loss(module);
  EXPECT_TRUE(loss(module).equal(first));
  batch_.generator = at::make_generator<at::CPUGeneratorImpl>(6);
  EXPECT_FALSE(loss(module).equal(first));
}

}  // namespace
}  // namespace oodml::criteria
