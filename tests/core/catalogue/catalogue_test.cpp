#include "core/catalogue/catalogue.h"
#include "core/catalogue/script_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace oodml::catalogue {
namespace {

const std::vector<Kind> kKinds = {Kind::kCriterion, Kind::kMiner,  Kind::kSampler,
                                  Kind::kBackbone,  Kind::kMetric, Kind::kBenchmark};

bool has_type(const Value& value, ValueType type) {
  switch (type) {
    case ValueType::kFlag:
      return std::holds_alternative<bool>(value);
    case ValueType::kInteger:
      return std::holds_alternative<std::int64_t>(value);
    case ValueType::kNumber:
      return std::holds_alternative<double>(value);
    case ValueType::kText:
      return std::holds_alternative<std::string>(value);
    case ValueType::kIntegers:
      return std::holds_alternative<std::vector<std::int64_t>>(value);
    case ValueType::kNumbers:
      return std::holds_alternative<std::vector<double>>(value);
    case ValueType::kTexts:
      return std::holds_alternative<std::vector<std::string>>(value);
  }
  return false;
}

std::vector<double> numbers_in(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return {static_cast<double>(*integer)};
  if (const auto* number = std::get_if<double>(&value)) return {*number};
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) return *numbers;
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&value)) {
    return {integers->begin(), integers->end()};
  }
  return {};
}

void expect_sound(const Parameter& p, const std::string& owner) {
  SCOPED_TRACE(owner + " " + p.name);
  EXPECT_FALSE(p.help.empty());
  EXPECT_TRUE(has_type(p.fallback, p.type)) << oodml::to_text(p.fallback);
  EXPECT_FALSE(p.at_least && p.above);
  EXPECT_FALSE(p.at_most && p.below);
  for (const double number : numbers_in(p.fallback)) {
    EXPECT_TRUE(!p.at_least || number >= *p.at_least) << number;
    EXPECT_TRUE(!p.at_most || number <= *p.at_most) << number;
    EXPECT_TRUE(!p.above || number > *p.above) << number;
    EXPECT_TRUE(!p.below || number < *p.below) << number;
  }
  if (p.is_interval) {
    EXPECT_EQ(p.type, ValueType::kNumbers);
    EXPECT_EQ(numbers_in(p.fallback).size(), 2U);
    EXPECT_LT(numbers_in(p.fallback).front(), numbers_in(p.fallback).back());
  }
  if (!p.choices.empty()) {
    const auto* list = std::get_if<std::vector<std::string>>(&p.fallback);
    for (const auto& text : list != nullptr ? *list : std::vector{std::get<std::string>(p.fallback)}) {
      EXPECT_NE(std::find(p.choices.begin(), p.choices.end(), text), p.choices.end()) << text;
    }
    EXPECT_EQ(std::set<std::string>(p.choices.begin(), p.choices.end()).size(), p.choices.size());
  }
}

TEST(CatalogueTest, EveryDefaultLiesInItsOwnRangeAndHasItsType) {
  for (const Parameter& key : trial_keys()) expect_sound(key, "trial key");
  for (const Kind kind : kKinds) {
    for (const Component& component : components(kind)) {
      for (const Parameter& parameter : component.parameters) expect_sound(parameter, component.name);
    }
  }
}

TEST(CatalogueTest, NamesAreUniqueAndFound) {
  for (const Kind kind : kKinds) {
    EXPECT_FALSE(components(kind).empty());
    std::set<std::string> names;
    for (const Component& component : components(kind)) {
      EXPECT_TRUE(names.insert(component.name).second) << component.name;
      EXPECT_EQ(component.kind, kind);
      EXPECT_FALSE(component.summary.empty()) << component.name;
      EXPECT_EQ(find(kind, component.name), &component);
      for (const std::string& alias : component.aliases) {
        EXPECT_TRUE(names.insert(alias).second) << alias;
        EXPECT_EQ(find(kind, alias), &component) << alias;
        EXPECT_EQ(name_of(kind, alias), component.name);
      }
      std::set<std::string> parameters;
      for (const Parameter& p : component.parameters) {
        EXPECT_TRUE(parameters.insert(p.name).second) << component.name << "." << p.name;
        EXPECT_NE(p.name, "name") << component.name << ": taken by {name: ...}";
      }
    }
  }
  std::set<std::string> keys;
  for (const Parameter& key : trial_keys()) EXPECT_TRUE(keys.insert(key.name).second) << key.name;
  for (const Kind kind : chosen_kinds()) EXPECT_TRUE(keys.insert(to_text(kind)).second) << to_text(kind);
}

TEST(CatalogueTest, GroupsOfTrialKeysStandTogether) {
  // A trial file writes one map a group, in this order.
  std::set<std::string> closed;
  std::string open;
  for (const Parameter& key : trial_keys()) {
    const auto dot = key.name.find('.');
    const std::string group = dot == std::string::npos ? "" : key.name.substr(0, dot);
    if (group == open) continue;
    closed.insert(open);
    open = group;
    EXPECT_FALSE(!group.empty() && closed.contains(group)) << group;
  }
}

TEST(CatalogueTest, ReferencesBetweenEntriesHold) {
  for (const Component& criterion : components(Kind::kCriterion)) {
    EXPECT_TRUE(criterion.needs_miner || criterion.miners.empty()) << criterion.name;
    for (const std::string& miner : criterion.miners) EXPECT_NE(find(Kind::kMiner, miner), nullptr) << miner;
  }
  for (const Component& benchmark : components(Kind::kBenchmark)) {
    const auto& ids = benchmark.split_ids;
    EXPECT_NE(std::find(ids.begin(), ids.end(), benchmark.default_split), ids.end()) << benchmark.name;
    const auto& layouts = find_trial_key("layout")->choices;
    EXPECT_NE(std::find(layouts.begin(), layouts.end(), benchmark.layout), layouts.end()) << benchmark.name;
  }
  for (const Component& backbone : components(Kind::kBackbone)) {
    EXPECT_EQ(backbone.feature_dim > 0, backbone.name != kScript) << backbone.name;
    EXPECT_FALSE(backbone.published_weights.empty()) << backbone.name;
  }
  EXPECT_TRUE(parse_arch(std::get<std::string>(find_trial_key("arch")->fallback)).has_value());
  for (const std::string& metric : std::get<std::vector<std::string>>(find_trial_key("evaluate.metrics")->fallback)) {
    EXPECT_TRUE(parse_metric(metric).has_value()) << metric;
  }
}

TEST(CatalogueTest, BenchmarksHaveTheirOfficialIds) {
  EXPECT_EQ(find(Kind::kBenchmark, "cub200")->split_ids.size(), 9u);
  EXPECT_EQ(find(Kind::kBenchmark, "cub200")->default_split, "3");
  EXPECT_EQ(find(Kind::kBenchmark, "cars196")->split_ids.size(), 8u);
  EXPECT_EQ(find(Kind::kBenchmark, "cars196")->default_split, "1");
  EXPECT_EQ(find(Kind::kBenchmark, "online_products")->split_ids.size(), 8u);
  EXPECT_EQ(find(Kind::kBenchmark, "online_products")->default_split, "1");
}

TEST(CatalogueTest, ArchNamesComeApart) {
  const Arch full = *parse_arch("resnet50_frozen_normalize");
  EXPECT_EQ(full.backbone, "resnet50");
  EXPECT_TRUE(full.frozen && full.normalize && !full.double_pool);
  const Arch small = *parse_arch("small_conv_double");
  EXPECT_EQ(small.backbone, "small_conv");
  EXPECT_TRUE(!small.frozen && !small.normalize && small.double_pool);
  EXPECT_EQ(parse_arch("resnet18")->backbone, "resnet18");
  const Arch inception = *parse_arch("bninception_lp2_lp3_he");
  EXPECT_TRUE(inception.lp2_pool && inception.lp3_pool && inception.kaiming_head && !inception.double_pool);
  EXPECT_FALSE(parse_arch("resnet50_lp2").has_value());
  const Arch heads = *parse_arch("multifeature_resnet50_frozen_normalize");
  EXPECT_EQ(heads.backbone, "resnet50");
  EXPECT_TRUE(heads.several_heads && heads.frozen && heads.normalize && !full.several_heads);

  EXPECT_NE(parse_arch("resnet51").error().message().find("did you mean 'resnet50'?"), std::string::npos);
  EXPECT_NE(parse_arch("resnet50_frosen").error().message().find("did you mean 'frozen'?"), std::string::npos);
  for (const char* bad : {"", "_", "resnet50_", "resnet50__frozen", "resnet501", "small", "multifeature_",
                          "multifeature_multifeature_resnet18", "resnet18_multifeature"}) {
    EXPECT_FALSE(parse_arch(bad).has_value()) << bad;
  }
}

TEST(CatalogueTest, AnArchNamesTheFileOfAScript) {
  const Arch arch = *parse_arch("multifeature_script:a/vit.pt_small.pt_frozen_normalize");
  EXPECT_EQ(arch.backbone, kScript);
  EXPECT_EQ(arch.script, "a/vit.pt_small.pt");
  EXPECT_TRUE(arch.several_heads && arch.frozen && arch.normalize && !arch.double_pool);
  EXPECT_EQ(parse_arch("script:.hidden.pt")->script, ".hidden.pt");
  EXPECT_TRUE(parse_arch("resnet18")->script.empty());
  EXPECT_NE(parse_arch("script:net.pt_frosen").error().message().find("did you mean 'frozen'?"), std::string::npos);
  for (const char* bad : {"script", "script_normalize", "script:", "script:.pt", "script:net", "script:net.pth",
                          "script:/etc/net.pt", "script:../net.pt", "script:a/../../net.pt", "script:a b.pt",
                          "script:net.pt_", "script:net.pt normalize", "resnet18_script:net.pt"}) {
    EXPECT_FALSE(parse_arch(bad).has_value()) << bad;
  }
  EXPECT_TRUE(check_pairing({"script", {}}, "none").ok());
  EXPECT_TRUE(check_pairing({"script", {}}, "distance").ok());
  EXPECT_FALSE(check_pairing({"script", {}}, "npair").ok()) << "it gives sets";
}

TEST(CatalogueTest, EvaluatedEmbeddingsComeApart) {
  const Arch one = *parse_arch("small_conv_normalize"), several = *parse_arch("multifeature_small_conv_normalize");
  EXPECT_TRUE(parse_embeddings("embeds", one)->heads.empty());
  EXPECT_FALSE(parse_embeddings("embeds", one)->are_features);
  for (const Arch& arch : {one, several}) EXPECT_TRUE(parse_embeddings("avg_features", arch)->are_features);
  const Embeddings all =
      *parse_embeddings("Combined_discriminative_shared_selfsimilarity_intra-0.75-1.25-1-2", several);
  EXPECT_EQ(all.heads, head_names());
  EXPECT_EQ(all.weights, (std::vector<double>{0.75, 1.25, 1.0, 2.0}));
  EXPECT_EQ(parse_embeddings("intra", several)->weights, std::vector<double>{1.0});  // Q44
  EXPECT_EQ(parse_embeddings("shared_intra", several)->weights, (std::vector<double>{1.0, 1.0}));
  for (const char* bad : {"embeds", "", "Combined_", "intra_", "intra-", "intra-x", "intra-1-2", "intra_shared-1",
                          "intra-1e-3", "intra-inf", "discriminativ-1", "Combined_Combined_intra-1"}) {
    EXPECT_FALSE(parse_embeddings(bad, several).has_value()) << bad;
  }
  EXPECT_NE(parse_embeddings("intra", one).error().message().find("multifeature_"), std::string::npos);
  EXPECT_NE(parse_embeddings("inter", several).error().message().find("it has discriminative, shared"),
            std::string::npos);
  for (const Arch& arch : {one, several}) {
    for (const auto& text : default_embeddings(arch)) EXPECT_TRUE(parse_embeddings(text, arch).has_value()) << text;
  }
  EXPECT_EQ(default_embeddings(one), std::vector<std::string>{"embeds"});
  EXPECT_EQ(default_embeddings(several).size(), 3U);
}

TEST(CatalogueTest, MetricNamesComeApart) {
  EXPECT_EQ(parse_metric("e_recall@10")->k, 10);
  EXPECT_EQ(parse_metric("e_recall@10")->base, "e_recall");
  EXPECT_EQ(parse_metric("dists@intra")->variant, "intra");
  EXPECT_EQ(parse_metric("nmi")->base, "nmi");
  EXPECT_EQ(parse_metric("rho_spectrum@-2")->k, -2);
  EXPECT_NE(
      parse_metric("rho_spectrum@1@avg_features").error().message().find("is NIR's name; write rho_spectrum@1, which"),
      std::string::npos);
  EXPECT_EQ(parse_metric("rho_spectrum@0")->k, 0);
  for (const char* bad :
       {"e_recall", "e_recall@", "e_recall@0", "e_recall@1x", "e_recall@-1", "nmi@1", "dists", "dists@outer", "recal@1",
        "", "@", "rho_spectrum", "rho_spectrum@", "rho_spectrum@1.5", "e_recall@99999999999999999999"}) {
    EXPECT_FALSE(parse_metric(bad).has_value()) << bad;
  }
}

TEST(CatalogueTest, PairingsSayWhatWouldBeAccepted) {
  EXPECT_TRUE(check_pairing({"margin"}, "distance").ok());
  EXPECT_TRUE(check_pairing({"multisimilarity"}, "none").ok());
  EXPECT_NE(check_pairing({"margin"}, "none").message().find("needs a miner: one of random"), std::string::npos);
  EXPECT_NE(check_pairing({"arcface"}, "distance").message().find("takes no miner"), std::string::npos);
  EXPECT_NE(check_pairing({"margin"}, "distanc").message().find("did you mean 'distance'?"), std::string::npos);
  EXPECT_NE(check_pairing({"marign"}, "none").message().find("did you mean 'margin'?"), std::string::npos);
}

TEST(CatalogueTest, NearestFindsTyposAndNothingElse) {
  const std::vector<std::string> words = {"margin", "arcface", "multisimilarity"};
  EXPECT_EQ(nearest("marign", words), "margin");
  EXPECT_EQ(nearest("multisimilarty", words), "multisimilarity");
  EXPECT_EQ(nearest("zzzzzz", words), "");
  EXPECT_EQ(nearest("xy", {"lr", "tau"}), "");
  EXPECT_EQ(nearest(std::string(100000, 'a'), words), "");
}

TEST(CatalogueTest, RangesReadAsWords) {
  EXPECT_EQ((Parameter{.type = ValueType::kNumber, .at_least = 0.2}).range_text(), "0.2 or more");
  EXPECT_EQ((Parameter{.type = ValueType::kNumber, .above = 0.0}).range_text(), "more than 0");
  EXPECT_EQ((Parameter{.type = ValueType::kInteger, .at_least = 1, .at_most = 64}).range_text(), "from 1 to 64");
  EXPECT_EQ((Parameter{.type = ValueType::kText, .choices = {"anchor", "nca"}}).range_text(), "one of anchor, nca");
  EXPECT_EQ((Parameter{}).range_text(), "");
}

}  // namespace
}  // namespace oodml::catalogue
