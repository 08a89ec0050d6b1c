// The sweeps of configs/sweeps against the tables of the studies (configs/sweeps/README.md), written down here again.
#include <cstdlib>
#include <filesystem>

#include "tests/core/sweep/plans.h"

namespace oodml::sweep {
namespace {

using Counts = std::map<std::string, std::int64_t>;
using Values = std::vector<std::pair<std::string, Value>>;
using Integers = std::vector<std::int64_t>;
using Numbers = std::vector<double>;

job::SweepPlan published(const std::string& name) {
  const auto text = resolve_extends(std::filesystem::path(std::getenv("OODML_SOURCE")) / "configs/sweeps" / name);
  if (text) return planned(*text);
  ADD_FAILURE() << text.error().message();
  return {};
}

Value integer(std::int64_t value) { return value; }
Value text(const char* value) { return std::string(value); }

/// How many trials stand at each label of the axis.
Counts counts_of(const job::SweepPlan& plan, const std::string& axis) {
  Counts counts;
  for (const auto& trial : plan.trials) {
    if (const auto label = trial.labels.find(axis); label != trial.labels.end()) ++counts[label->second];
  }
  return counts;
}

/// Every trial with these labels has these values, and there is one.
void expect_values(const job::SweepPlan& plan, const Labels& labels, const Values& values) {
  std::size_t found = 0;
  for (const auto& trial : plan.trials) {
    if (!stands_at(trial, labels)) continue;
    ++found;
    for (const auto& [key, value] : values) {
      const Value* actual = trial.spec.values.find(key);
      ASSERT_NE(actual, nullptr) << key << " of " << ::testing::PrintToString(trial.labels);
      EXPECT_EQ(to_text(*actual), to_text(value)) << key << " of " << ::testing::PrintToString(trial.labels);
    }
  }
  EXPECT_GT(found, 0u) << ::testing::PrintToString(labels);
}

/// A method of a table: what it says on each of CUB, CARS and SOP, besides what it says everywhere.
struct Row {
  std::string label;
  Values everywhere;
  Values cub = {}, cars = {}, sop = {};
};

void expect_row(const job::SweepPlan& plan, const Row& row, const std::vector<std::string>& benchmarks) {
  const std::vector<const Values*> own = {&row.cub, &row.cars, &row.sop};
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    expect_values(plan, {{"criterion", row.label}, {"benchmark", benchmarks[i]}}, row.everywhere);
    expect_values(plan, {{"criterion", row.label}, {"benchmark", benchmarks[i]}}, *own[i]);
  }
}

// ---- ooDML, zero shot

const std::vector<Row>& zero_shot_methods() {
  const auto diva = [](double rho, double alpha, std::int64_t batches) -> Values {
    return {{"criterion.rho_decorrelation", Numbers(3, rho)},
            {"criterion.alpha_ssl", alpha},
            {"criterion.alpha_shared", alpha},
            {"criterion.alpha_intra", alpha},
            {"criterion.n_key_batches", integer(batches)}};
  };
  const auto prior = [](double weight, std::int64_t iter, std::int64_t latent) -> Values {
    return {{"uniformity_prior.weight", weight},
            {"uniformity_prior.iter", integer(iter)},
            {"uniformity_prior.latent", integer(latent)}};
  };
  const auto s2sd = [](const char* miner, double beta, double w, std::int64_t delay, bool aggregated) -> Values {
    return {{"miner", text(miner)},
            {"criterion.margin_beta", beta},
            {"criterion.w", w},
            {"criterion.feat_w", w},
            {"criterion.feat_distill_delay", integer(delay)},
            {"criterion.pool_aggr", aggregated}};
  };
  const auto flipped = [](Values values, double cp) {
    values.emplace_back("miner.cp", cp);
    return values;
  };
  static const std::vector<Row> rows = {
      {"Margin_b12_Distance",
       {{"criterion", text("margin")},
        {"miner", text("distance")},
        {"criterion.beta", 1.2},
        {"criterion.beta_lr", 5e-4}}},
      {"Multisimilarity",
       {{"criterion", text("multisimilarity")},
        {"criterion.pos_weight", 2.0},
        {"criterion.neg_weight", 40.0},
        {"criterion.margin", 0.1},
        {"criterion.pos_thresh", 0.5},
        {"criterion.neg_thresh", 0.5},
        {"criterion.variant", text("oodml")}}},
      {"ArcFace",
       {{"criterion", text("arcface")},
        {"criterion.lr", 5e-4},
        {"criterion.angular_margin", 0.5},
        {"criterion.feature_scale", 16.0}}},
      {"oproxy",
       {{"criterion", text("oproxy")},
        {"criterion.mode", text("anchor")},
        {"criterion.lrmulti", 2000.0},
        {"criterion.pos_alpha", 32.0},
        {"criterion.neg_alpha", 32.0},
        {"criterion.pos_delta", 0.1},
        {"criterion.neg_delta", -0.1}},
       {{"warmup", integer(0)}},
       {{"warmup", integer(0)}},
       {{"warmup", integer(1)}}},
      {"RMargin_b06_Distance",
       {{"criterion", text("margin")}, {"miner", text("rho_distance")}, {"criterion.beta_lr", 5e-4}},
       {{"criterion.beta", 0.6}, {"miner.cp", 0.4}},
       {{"criterion.beta", 0.6}, {"miner.cp", 0.35}},
       {{"criterion.beta", 0.9}, {"miner.cp", 0.15}}},
      {"MaxEntropy",
       {{"criterion", text("margin")},
        {"miner", text("distance")},
        {"criterion.beta", 1.2},
        {"uniformity_prior.chunksize", integer(128)}},
       prior(0.2, 10, 100),
       prior(0.2, 10, 100),
       prior(0.02, 200, 50)},
      {"S2SD",
       {{"criterion", text("s2sd")},
        {"criterion.source", text("margin")},
        {"criterion.target", text("margin")},
        {"criterion.T", 1.0},
        {"criterion.target_dims", Integers{1024, 1536, 2048}},
        {"criterion.feat_distill", true},
        {"criterion.sub_lr", text("base")}},
       flipped(s2sd("rho_distance", 0.6, 50.0, 0, true), 0.4),
       flipped(s2sd("rho_distance", 0.6, 50.0, 0, true), 0.3),
       s2sd("distance", 0.9, 5.0, 1000, false)},
      {"DiVA",
       {{"criterion", text("diva")},
        {"criterion.loss", text("margin")},
        {"criterion.margin_beta", 1.2},
        {"criterion.margin_beta_lr", 5e-4},
        {"miner", text("distance")},
        {"embed_dim", integer(128)},
        {"batch_size", integer(108)},
        {"arch", text("multifeature_resnet50_frozen_normalize")}},
       diva(1500.0, 0.3, 30),
       diva(100.0, 0.15, 30),
       diva(150.0, 0.2, 70)},
  };
  return rows;
}

const std::vector<std::string> kShiftBenchmarks = {"CUB", "CAR", "SOP"};

TEST(PublishedSweepsTest, TheZeroShotStudyHas25SplitsEightMethodsAndFiveSeeds) {
  const auto plan = published("oodml_zero_shot.yaml");
  EXPECT_EQ(plan.trials.size(), 25u * 8u * 5u);
  EXPECT_EQ(counts_of(plan, "benchmark"), (Counts{{"CUB", 360}, {"CAR", 320}, {"SOP", 320}}));
  EXPECT_EQ(counts_of(plan, "criterion").size(), 8u);
  EXPECT_EQ(counts_of(plan, "seed"), (Counts{{"0", 200}, {"1", 200}, {"2", 200}, {"3", 200}, {"4", 200}}));
  for (const auto& [method, trials] : counts_of(plan, "criterion")) EXPECT_EQ(trials, 125) << method;
  EXPECT_EQ(counts_of(plan, "split").at("9"), 8 * 5) << "CUB alone has nine";
  EXPECT_EQ(counts_of(plan, "split").at("8"), 3 * 8 * 5);
  EXPECT_EQ(counts_of(plan, "group").size(), 200u);
}

TEST(PublishedSweepsTest, TheZeroShotStudyHasThePublishedSettings) {
  const auto plan = published("oodml_zero_shot.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"samples_per_class", integer(2)},
                 {"optimizer", text("adam")},
                 {"sampler", text("class_random")},
                 {"augmentation", text("base")},
                 {"tau", Integers{10000}},
                 {"evaluate.every", integer(1)},
                 {"weights", text("imagenet")},
                 {"recipe", text("oodml")}});
  expect_values(plan, {{"benchmark", "CUB"}}, {{"benchmark", text("cub200")}, {"epochs", integer(200)}});
  expect_values(plan, {{"benchmark", "CAR"}}, {{"benchmark", text("cars196")}, {"epochs", integer(200)}});
  expect_values(plan, {{"benchmark", "SOP"}}, {{"benchmark", text("online_products")}, {"epochs", integer(150)}});
  for (const Row& row : zero_shot_methods()) expect_row(plan, row, kShiftBenchmarks);
  for (const auto& trial : plan.trials) {
    const std::string& method = trial.labels.at("criterion");
    const bool larger = method == "S2SD" && trial.labels.at("benchmark") == "SOP";
    const auto& values = trial.spec.values;
    EXPECT_EQ(values.integer("warmup"), method == "oproxy" && trial.labels.at("benchmark") == "SOP" ? 1 : 0);
    EXPECT_EQ(values.number("uniformity_prior.weight") > 0.0, method == "MaxEntropy");
    if (method == "DiVA") continue;
    EXPECT_EQ(values.integer("embed_dim"), 512);
    EXPECT_EQ(values.integer("batch_size"), larger ? 104 : 112);
    EXPECT_EQ(values.text("arch"), larger ? "resnet101_frozen_normalize" : "resnet50_frozen_normalize");
  }
}

TEST(PublishedSweepsTest, TheZeroShotStudysGroupsGoByTheirPublishedNames) {
  const auto groups = counts_of(published("oodml_zero_shot.yaml"), "group");
  for (const char* name : {"CUB_ID-9_Margin_b12_Distance", "CAR_ID-1_oproxy", "SOP_ID-8_DiVA", "CAR_ID-3_S2SD",
                           "SOP_R101_ID-1_S2SD", "CUB_ID-2_MaxEntropy", "SOP_ID-4_RMargin_b06_Distance"}) {
    EXPECT_TRUE(groups.contains(name)) << name;
  }
  EXPECT_FALSE(groups.contains("SOP_ID-1_S2SD"));
}

TEST(PublishedSweepsTest, TheScriptOfTheStudyRunsOneSplitAndTwoSeeds) {
  const auto plan = published("oodml_zero_shot_script.yaml");
  EXPECT_EQ(plan.trials.size(), 48u);
  EXPECT_EQ(counts_of(plan, "split"), (Counts{{"1", 48}}));
  for (const Row& row : zero_shot_methods()) expect_row(plan, row, kShiftBenchmarks);
}

TEST(PublishedSweepsTest, LikeForLikeEveryMethodHasTheSameBackbone) {
  const auto plan = published("oodml_zero_shot_one_backbone.yaml");
  EXPECT_EQ(plan.trials.size(), 1000u);
  expect_values(plan, {{"criterion", "S2SD"}},
                {{"arch", text("resnet50_frozen_normalize")}, {"batch_size", integer(112)}});
  EXPECT_TRUE(counts_of(plan, "group").contains("SOP_ID-1_S2SD"));
}

// ---- Revisiting DML

Row revisited(std::string label, const char* criterion, const char* miner, Values values = {}) {
  Values all = {{"criterion", text(criterion)}, {"miner", text(miner)}};
  all.insert(all.end(), values.begin(), values.end());
  return {std::move(label), std::move(all)};
}

std::vector<Row> revisited_rows() {
  const Values triplet = {{"criterion.margin", 0.2}};
  const Values contrastive = {{"criterion.pos_margin", 0.0}, {"criterion.neg_margin", 1.0}};
  const Values snr = {{"criterion.margin", 0.2}, {"criterion.reg_lambda", 0.005}};
  const Values centroids = {{"criterion.n_centroids", integer(2)}, {"criterion.lrmulti", 1.0}};
  std::vector<Row> rows = {
      revisited("Npair", "npair", "npair", {{"criterion.l2", 0.005}}),
      revisited("GenLifted", "lifted", "lifted", {{"criterion.neg_margin", 1.0}, {"criterion.l2", 0.005}}),
      revisited("Angular", "angular", "npair", {{"criterion.alpha", 45.0}}),
      revisited("Contrastive", "contrastive", "distance", contrastive),
      revisited("ArcFace", "arcface", "none", {{"criterion.lr", 5e-4}}),
      revisited("Triplet_Random", "triplet", "random", triplet),
      revisited("Triplet_Semihard", "triplet", "semihard", triplet),
      revisited("Triplet_Softhard", "triplet", "softhard", triplet),
      revisited("Triplet_Distance", "triplet", "distance", triplet),
      revisited("Quadruplet_Distance", "quadruplet", "distance",
                {{"criterion.margin_alpha_1", 0.2}, {"criterion.margin_alpha_2", 0.2}}),
      revisited("Margin_b06_Distance", "margin", "distance", {{"criterion.beta", 0.6}, {"criterion.beta_lr", 5e-4}}),
      revisited("Margin_b12_Distance", "margin", "distance", {{"criterion.beta", 1.2}, {"criterion.beta_lr", 5e-4}}),
      revisited("SNR_Distance", "snr", "distance", snr),
      revisited("MS", "multisimilarity", "none", {{"criterion.variant", text("revisiting")}}),
      revisited("Histogram", "histogram", "none"),
      revisited("Softmax", "softmax", "none"),
      revisited("ProxyNCA", "proxynca", "none", {{"criterion.lrmulti", 50.0}}),
      revisited("SoftTriple", "softtriplet", "none", centroids),
  };
  rows[14].cub = rows[14].cars = {{"criterion.nbins", integer(65)}};
  rows[14].sop = {{"criterion.nbins", integer(11)}};
  rows[15].cub = rows[15].cars = {{"criterion.lr", 1e-5}};
  rows[15].sop = {{"criterion.lr", 2e-3}};
  return rows;
}

/// The trials of one block: the regularised ones have a label `miner`.
job::SweepPlan only(job::SweepPlan plan, bool regularised) {
  std::erase_if(plan.trials, [&](const auto& trial) { return trial.labels.contains("miner") != regularised; });
  return plan;
}

TEST(PublishedSweepsTest, RevisitingDmlHas67GroupsOfFiveSeeds) {
  const auto plan = published("revisiting_dml.yaml");
  EXPECT_EQ(plan.trials.size(), 335u);
  const auto groups = counts_of(plan, "group");
  EXPECT_EQ(groups.size(), 67u);
  Counts by_prefix;
  for (const auto& [name, trials] : groups) {
    EXPECT_EQ(trials, 5) << name;
    ++by_prefix[name.substr(0, name.find('_') + 1)];
  }
  EXPECT_EQ(by_prefix,
            (Counts{{"CUB_", 18}, {"CARS_", 18}, {"SOP_", 16}, {"CUBreg_", 5}, {"CARreg_", 5}, {"SOPreg_", 5}}));
  EXPECT_FALSE(groups.contains("SOP_ProxyNCA") || groups.contains("SOP_SoftTriple"));
  EXPECT_TRUE(groups.contains("CARreg_Margin_b06_Distance") && groups.contains("CARS_MS"));
}

TEST(PublishedSweepsTest, RevisitingDmlHasThePublishedSettings) {
  const auto plan = published("revisiting_dml.yaml");
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"tau", Integers{1000}},
                 {"batch_size", integer(112)},
                 {"samples_per_class", integer(2)},
                 {"embed_dim", integer(128)},
                 {"augmentation", text("base")},
                 {"optimizer", text("adam")},
                 {"weights", text("imagenet")},
                 {"split", text("default")},
                 {"warmup", integer(0)},
                 {"recipe", text("revisiting")}});
  expect_values(plan, {{"benchmark", "CUB"}}, {{"benchmark", text("cub200")}, {"epochs", integer(150)}});
  expect_values(plan, {{"benchmark", "CARS"}}, {{"benchmark", text("cars196")}, {"epochs", integer(150)}});
  expect_values(plan, {{"benchmark", "SOP"}}, {{"benchmark", text("online_products")}, {"epochs", integer(100)}});
  const auto plain = only(plan, false);
  for (const Row& row : revisited_rows()) {
    const bool without_sop = row.label == "ProxyNCA" || row.label == "SoftTriple";
    expect_row(plain, row,
               without_sop ? std::vector<std::string>{"CUB", "CARS"} : std::vector<std::string>{"CUB", "CARS", "SOP"});
  }
  for (const auto& trial : plan.trials) {
    const std::string& method = trial.labels.at("criterion");
    const bool any_length = method == "Npair" || method == "GenLifted" || method == "Angular";
    EXPECT_EQ(trial.spec.values.text("arch"), any_length ? "resnet50_frozen" : "resnet50_frozen_normalize") << method;
  }
}

TEST(PublishedSweepsTest, RevisitingDmlRegularisesWithThePublishedFlips) {
  const auto plan = only(published("revisiting_dml.yaml"), true);
  struct Flips {
    const char* label;
    const char* criterion;
    double cub, cars, sop;
  };
  for (const Flips& row :
       {Flips{"Contrastive", "contrastive", 0.4, 0.35, 0.15}, Flips{"Margin_b06_Distance", "margin", 0.4, 0.35, 0.15},
        Flips{"Margin_b12_Distance", "margin", 0.35, 0.35, 0.15}, Flips{"Triplet_Distance", "triplet", 0.4, 0.35, 0.15},
        Flips{"SNR_Distance", "snr", 0.3, 0.35, 0.15}}) {
    expect_row(plan,
               {row.label,
                {{"criterion", text(row.criterion)}, {"miner", text("rho_distance")}},
                {{"miner.cp", row.cub}},
                {{"miner.cp", row.cars}},
                {{"miner.cp", row.sop}}},
               {"CUB", "CARS", "SOP"});
  }
  expect_values(plan, {{"criterion", "Margin_b06_Distance"}}, {{"criterion.beta", 0.6}});
  expect_values(plan, {{"criterion", "Margin_b12_Distance"}}, {{"criterion.beta", 1.2}});
}

// ---- NIR

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

// ---- PADS

TEST(PublishedSweepsTest, TheBaselinesOfPadsHaveItsSettings) {
  const auto plan = published("pads_baselines.yaml");
  EXPECT_EQ(plan.trials.size(), 12u);
  EXPECT_EQ(counts_of(plan, "miner"), (Counts{{"random", 3}, {"semihard", 3}, {"softhard", 3}, {"distance", 3}}));
  expect_values(plan, {},
                {{"lr", 1e-5},
                 {"weight_decay", 4e-4},
                 {"gamma", 0.3},
                 {"batch_size", integer(112)},
                 {"embed_dim", integer(128)},
                 {"criterion", text("margin")},
                 {"criterion.margin", 0.2},
                 {"arch", text("resnet50_frozen_normalize")},
                 {"recipe", text("pads")}});
  struct Row {
    const char* benchmark;
    std::int64_t seed, epochs, tau, per_class;
    double beta, beta_lr;
  };
  for (const Row& row : {Row{"CUB", 3, 300, 150, 2, 0.6, 1e-3}, Row{"CARS", 0, 300, 140, 4, 0.6, 5e-4},
                         Row{"SOP", 0, 120, 80, 2, 1.2, 1e-3}}) {
    expect_values(plan, {{"benchmark", row.benchmark}},
                  {{"seed", integer(row.seed)},
                   {"epochs", integer(row.epochs)},
                   {"tau", Integers{row.tau}},
                   {"samples_per_class", integer(row.per_class)},
                   {"criterion.beta", row.beta},
                   {"criterion.beta_lr", row.beta_lr}});
  }
}

// ---- Ours

TEST(PublishedSweepsTest, TheSmokeSweepHasThreeSplitsThreeCriteriaAnUntrainedRowAndTwoSeeds) {
  const auto plan = published("smoke.yaml");
  EXPECT_GE(counts_of(plan, "split").size(), 3u);
  EXPECT_GE(counts_of(plan, "criterion").size(), 4u);
  EXPECT_GE(counts_of(plan, "seed").size(), 2u);
  expect_values(plan, {{"criterion", "untrained"}}, {{"epochs", integer(0)}});
}

TEST(PublishedSweepsTest, EveryPairingIsPlannedWithoutAMistake) {
  EXPECT_GE(published("every_pairing.yaml").trials.size(), 100u);
}

}  // namespace
}  // namespace oodml::sweep
