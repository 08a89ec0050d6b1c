#include "core/catalogue/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

using Integers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

/// A row of docs/training.md#defaults-of-the-references: a key and its defaults in Revisiting, ooDML, NIR and PADS.
struct Row {
  std::string key;
  std::vector<Value> of_recipe;
};

Row everywhere(std::string key, const Value& value) { return {std::move(key), {value, value, value, value}}; }
Value integer(std::int64_t value) { return value; }
Value text(const char* value) { return std::string(value); }

const Texts kRevisiting = {"e_recall@1",
                           "e_recall@2",
                           "e_recall@4",
                           "nmi",
                           "f1",
                           "mAP_1000",
                           "mAP_lim",
                           "mAP_c",
                           "dists@intra",
                           "dists@inter",
                           "dists@intra_over_inter",
                           "rho_spectrum@0",
                           "rho_spectrum@-1",
                           "rho_spectrum@1",
                           "rho_spectrum@2",
                           "rho_spectrum@10"};
const Texts kOodml = {"e_recall@1",
                      "e_recall@2",
                      "e_recall@4",
                      "nmi",
                      "f1",
                      "mAP_1000",
                      "mAP_c",
                      "dists@intra",
                      "dists@inter",
                      "dists@intra_over_inter",
                      "rho_spectrum@0",
                      "rho_spectrum@-1",
                      "rho_spectrum@1",
                      "rho_spectrum@2",
                      "rho_spectrum@10"};
const Texts kNir = {"e_recall@1", "e_recall@2", "e_recall@4", "e_recall@10", "nmi", "f1", "mAP_1000"};
const Texts kPads = {"e_recall@1", "e_recall@2", "e_recall@4", "e_recall@8", "nmi", "f1", "dists@intra", "dists@inter"};

const std::vector<Row>& table() {
  static const Texts best = {"e_recall@1"}, with_train = {"test", "train"}, test_only = {"test"};
  static const std::vector<Row> rows = {
      everywhere("lr", 1e-5),
      everywhere("fc_lr", -1.0),
      everywhere("weight_decay", 4e-4),
      everywhere("epochs", integer(150)),
      everywhere("batch_size", integer(112)),
      {"samples_per_class", {integer(2), integer(2), integer(2), integer(4)}},
      {"seed", {integer(1), integer(0), integer(0), integer(1)}},
      everywhere("scheduler", text("step")),
      everywhere("gamma", 0.3),
      {"tau", {Integers{1000}, Integers{10000}, Integers{10000}, Integers{150}}},
      everywhere("optimizer", text("adam")),
      everywhere("momentum", 0.9),
      everywhere("embed_dim", integer(128)),
      everywhere("arch", text("resnet50_frozen_normalize")),  // PADS freezes and normalises without saying so (8.1)
      everywhere("augmentation", text("base")),
      everywhere("warmup", integer(0)),
      everywhere("precision", text("float32")),
      {"evaluate.sets", {with_train, with_train, with_train, test_only}},
      {"evaluate.metrics", {kRevisiting, kOodml, kNir, kPads}},
      {"keep_best", {best, best, Texts{}, best}},    // NIR: only with --store_improvements (4.9)
      {"log.gradients", {true, true, false, true}},  // 4.7
      {"not_finite", {text("fail"), text("fail"), text("skip"), text("fail")}},  // NIR's scaler is always on (7.4)
  };
  return rows;
}

TEST(RecipeTest, HasTheDefaultsOfItsProject) {
  const Texts names = {"revisiting", "oodml", "nir", "pads"};
  for (const auto& [key, of_recipe] : table()) {
    const Parameter* parameter = find_trial_key(key);
    ASSERT_NE(parameter, nullptr) << key;
    for (std::size_t i = 0; i < names.size(); ++i) {
      EXPECT_EQ(oodml::to_text(fallback_of(*parameter, names[i], "cub200")), oodml::to_text(of_recipe[i]))
          << names[i] << " " << key;
    }
  }
}

TEST(RecipeTest, DiffersFromTheCatalogueInNothingThatTheTableDoesNotName) {
  for (const Recipe& recipe : recipes()) {
    for (const auto& [key, value] : recipe.defaults) {
      EXPECT_TRUE(std::ranges::any_of(table(), [&](const Row& row) { return row.key == key; })) << recipe.name << key;
    }
  }
}

TEST(RecipeTest, ItsValuesAreOnesThatATrialMaySay) {
  for (const Recipe& recipe : recipes()) {
    for (const auto& [key, value] : recipe.defaults) {
      const Parameter* parameter = find_trial_key(key);
      ASSERT_NE(parameter, nullptr) << recipe.name << " " << key;
      EXPECT_EQ(value.index(), parameter->fallback.index()) << recipe.name << " " << key;
    }
  }
}

TEST(RecipeTest, DefaultAndUnknownRecipesChangeNothing) {
  for (const Parameter& key : trial_keys()) {
    EXPECT_EQ(fallback_of(key, "default", "cub200"), key.fallback) << key.name;
    EXPECT_EQ(fallback_of(key, "no such recipe", "cub200"), key.fallback) << key.name;
  }
}

TEST(RecipeTest, ABenchmarksOwnDefaultComesBeforeTheRecipes) {
  const Parameter& metrics = *find_trial_key("evaluate.metrics");
  const Texts wanted = {"e_recall@1", "e_recall@10", "e_recall@100", "e_recall@1000",
                        "nmi",        "f1",          "dists@intra",  "dists@inter"};
  EXPECT_EQ(fallback_of(metrics, "pads", "online_products"), Value(wanted));
  EXPECT_EQ(fallback_of(metrics, "oodml", "online_products"), Value(kOodml));
  EXPECT_EQ(fallback_of(*find_trial_key("seed"), "pads", "online_products"), integer(1));
}

}  // namespace
}  // namespace oodml::catalogue
