// NIR.
#include <cstdlib>

#include "tests/core/sweep/published_sweeps/tables.h"

namespace oodml::sweep {
namespace {

TEST(PublishedSweepsTest, NirHasFourteenRuns) {
  const auto plan = published("nir.yaml");
  EXPECT_EQ(plan.trials.size(), 14u);
  EXPECT_EQ(counts_of(plan, "benchmark"), (Counts{{"CUB", 5}, {"CARS", 5}, {"SOP", 4}}));
  EXPECT_EQ(counts_of(plan, "criterion"), (Counts{{"ProxyAnchor", 2}, {"NIR", 12}}));
  expect_values(plan, {{"criterion", "ProxyAnchor"}},
                {{"embed_dim", integer(128)}, {"arch", text("resnet50_frozen_normalize")}});
  for (const char* benchmark : {"CUB", "CARS", "SOP"}) {
    for (const char* dim : {"128", "512"}) {
      const Labels at = {{"criterion", "NIR"}, {"benchmark", benchmark}, {"embed_dim", dim}};
      Labels average = at, twice = at;
      average["arch"] = "average";
      twice["arch"] = "double";
      const Value width = integer(std::atoi(dim));
      expect_values(plan, average, {{"arch", text("resnet50_frozen_normalize")}, {"embed_dim", width}});
      expect_values(plan, twice, {{"arch", text("resnet50_frozen_normalize_double")}, {"embed_dim", width}});
    }
  }
}

TEST(PublishedSweepsTest, NirHasThePublishedSettings) {
  const auto plan = published("nir.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"batch_size", integer(90)},
                 {"samples_per_class", integer(2)},
                 {"seed", integer(0)},
                 {"augmentation", text("base")},
                 {"optimizer", text("adam")},
                 {"evaluate.sets", std::vector<std::string>{"test"}},
                 {"recipe", text("nir")},
                 {"not_finite", text("skip")},
                 {"weights", text("imagenet")}});
  const Values hundred = {{"epochs", integer(100)}, {"tau", Integers{100}}, {"gamma", 0.1}};
  expect_values(plan, {{"benchmark", "CUB"}}, hundred);
  expect_values(plan, {{"benchmark", "CARS"}}, hundred);
  expect_values(plan, {{"benchmark", "SOP"}}, {{"epochs", integer(300)}, {"tau", Integers{140, 230}}, {"gamma", 0.2}});
  expect_values(plan, {{"criterion", "ProxyAnchor"}},
                {{"criterion", text("oproxy")},
                 {"criterion.mode", text("anchor")},
                 {"criterion.lrmulti", 2000.0},
                 {"criterion.variant", text("nir")},
                 {"warmup", integer(0)}});
  const Row row = {"NIR",
                   {{"criterion", text("nir")},
                    {"criterion.proxy_lrmulti", 4000.0},
                    {"criterion.nf_cblocks", integer(5)},
                    {"criterion.nf_fc_depth", integer(8)},
                    {"criterion.nf_fc_width", integer(128)},
                    {"criterion.nf_clamp_alpha", 2.0},
                    {"criterion.nf_cond_mode", text("dense")}},
                   {{"criterion.w_align", 0.0075}, {"criterion.lrmulti", 50.0}, {"warmup", integer(1)}},
                   {{"criterion.w_align", 0.01}, {"criterion.lrmulti", 50.0}, {"warmup", integer(1)}},
                   {{"criterion.w_align", 0.3}, {"criterion.lrmulti", 1.0}, {"warmup", integer(5)}}};
  expect_row(plan, row, {"CUB", "CARS", "SOP"});
}

}  // namespace
}  // namespace oodml::sweep
