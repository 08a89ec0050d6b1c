#include "coordinator/cli/output/components_text.h"

#include <gtest/gtest.h>

#include "coordinator/cli/output/text.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using catalogue::Kind;
const CatalogueChoice kAll = {
    {Kind::kCriterion, Kind::kMiner, Kind::kSampler, Kind::kBackbone, Kind::kMetric, Kind::kBenchmark}, true};

TEST(ComponentsTextTest, EveryComponentAndParameterIsNamedInEveryFormat) {
  const std::string text = components_text(kAll, {}), markdown = components_markdown(kAll);
  const Json json = components_json(kAll);
  for (const Kind kind : kAll.kinds) {
    ASSERT_EQ(json[to_plural(kind)].size(), catalogue::components(kind).size());
    for (const auto& component : catalogue::components(kind)) {
      EXPECT_NE(text.find("\n" + component.name), std::string::npos) << component.name;
      EXPECT_NE(markdown.find("| `" + component.name), std::string::npos) << component.name;
      for (const auto& parameter : component.parameters) {
        EXPECT_NE(text.find("    " + parameter.name + " "), std::string::npos) << parameter.name;
        EXPECT_NE(markdown.find("`" + parameter.name + "` "), std::string::npos) << parameter.name;
      }
    }
  }
  EXPECT_EQ(json["keys"].size(), catalogue::trial_keys().size());
}

TEST(ComponentsTextTest, EveryRecipeIsThereWithWhatItSets) {
  const std::string text = components_text({{}, true}, {}), markdown = components_markdown({{}, true});
  const Json json = components_json({{}, true});
  EXPECT_NE(text.find("\npads\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    tau: [150]\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    on online_products evaluate.metrics: [e_recall@1, e_recall@10"), std::string::npos) << text;
  EXPECT_NE(markdown.find("| `nir` | Roth et al., CVPR 2022 | `evaluate.metrics: ["), std::string::npos) << markdown;
  ASSERT_EQ(json["recipes"].size(), 5u);
  EXPECT_EQ(json["recipes"][1]["name"], "revisiting");
  EXPECT_EQ(json["recipes"][1]["defaults"]["seed"], 1);
}

TEST(ComponentsTextTest, LinesFitTheTerminal) {
  const std::string text = components_text(kAll, {.width = 100});
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    EXPECT_LE(display_width(text.substr(start, end - start)), 100u) << text.substr(start, end - start);
    start = end + 1;
  }
}

TEST(ComponentsTextTest, MarkdownRowsHaveAsManyCellsAsTheirHeading) {
  const std::string markdown = components_markdown({{Kind::kCriterion}, false});
  std::size_t expected = 0;
  for (std::size_t start = markdown.find('|'); start < markdown.size();) {
    const std::size_t end = markdown.find('\n', start);
    const auto cells = std::count(markdown.begin() + start, markdown.begin() + end, '|');
    if (expected == 0) expected = cells;
    EXPECT_EQ(cells, expected) << markdown.substr(start, end - start);
    start = end + 1;
  }
}

using ComponentsCommandTest = CliTest;

TEST_F(ComponentsCommandTest, KindsCanBeChosenAndTyposAreNamed) {
  const Outcome miners = run({"components", "miners"});
  EXPECT_TRUE(miners.out.starts_with("Miners\n")) << miners.out;
  EXPECT_EQ(miners.out.find("Criteria"), std::string::npos);
  const Outcome typo = run({"components", "criterai"});
  EXPECT_EQ(typo.code, 2);
  EXPECT_NE(typo.err.find("did you mean 'criteria'?"), std::string::npos) << typo.err;
}

}  // namespace
}  // namespace oodml::cli
