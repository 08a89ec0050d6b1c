#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <sstream>

#include "core/base/safetensors.h"
#include "tests/core/trial/tiny_trial.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

/// The set of docs/check_vectors.md#metrics-set as lines of a CSV file; labels are animals.
std::string check_lines(bool with_labels) {
  const std::vector<double> degrees = {0, 11, 40, 29, 63, 90, 104, 170};
  const std::vector<std::string> labels = {"cat", "cat", "cat", "dog", "dog", "dog", "eel", "eel"};
  std::string text;
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    const double angle = degrees[i] * std::numbers::pi / 180, norm = std::sqrt(1.25);
    text += std::to_string(std::cos(angle) / norm) + "," + std::to_string(std::sin(angle) / norm) + "," +
            std::to_string(0.5 / norm);
    text += with_labels ? "," + labels[i] + "\n" : "\n";
  }
  return text;
}

class EvaluateTest : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    write_text(folder_.path() / name, text);
    return (folder_.path() / name).string();
  }
  static Output evaluate(std::vector<std::string> words) {
    words.insert(words.begin(), {program("oodml-core"), "evaluate"});
    return run(words);
  }

  TemporaryFolder folder_;
};

TEST_F(EvaluateTest, PrintsTheCheckVectorsAsATableAndAsJson) {
  const std::string file = write("set.csv", check_lines(true));
  const Output table = evaluate({file});
  ASSERT_EQ(table.exit_code, 0) << table.err;
  EXPECT_NE(table.out.find("e_recall@1              0.375000\n"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("3 dimensions, 3 classes"), std::string::npos) << table.out;
  EXPECT_EQ(table.err, "");  // no terminal, no progress

  const Output output = evaluate({file, "--metrics", "mAP_c,f1,rho_spectrum@0", "-o", "json", "--threads", "1"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto document = nlohmann::json::parse(output.out);
  EXPECT_EQ(document.at("version"), 1);
  EXPECT_EQ(document.at("files").at("rows").at("rows"), 8);
  EXPECT_EQ(document.at("clusters"), 3);
  EXPECT_NEAR(document.at("metrics").at("mAP_c").get<double>(), 0.28472222, 1e-5);
  EXPECT_NEAR(document.at("metrics").at("f1").get<double>(), 0.42857143, 1e-5);
  EXPECT_EQ(document.at("metrics").at("rho_spectrum@0").size(), 3U);
}

TEST_F(EvaluateTest, OptionsReachTheMetrics) {
  const std::string file = write("rows.csv", check_lines(false));
  const std::string labels = write("labels.txt", "0\n0\n0\n1\n1\n1\n2\n2\n");
  const auto value = [&](const std::string& metric, std::vector<std::string> more) {
    std::vector<std::string> words = {file, "--labels", labels, "--metrics", metric, "-o", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const Output output = evaluate(words);
    EXPECT_EQ(output.exit_code, 0) << output.err;
    return nlohmann::json::parse(output.out).at("metrics").at(metric).get<double>();
  };
  EXPECT_NEAR(value("mAP", {}), 0.36909722, 1e-5);
  EXPECT_NEAR(value("mAP", {"--compat", "paper"}), 0.40034722, 1e-5);
  EXPECT_NEAR(value("mAP", {"--map-normalizer", "relevant"}), 0.59270833, 1e-5);
  EXPECT_NEAR(value("nmi", {"--clusters", "1"}), 0.0, 1e-9);
  EXPECT_EQ(evaluate({file, "--labels", labels, "--metrics", "all"}).exit_code, 0);
}

/// The check vectors behind a column of row numbers, under the headings that pandas writes.
std::string pandas_lines() {
  std::string text = ",e0,e1,e2,label\n";
  std::istringstream lines(check_lines(true));
  int row = 0;
  for (std::string line; std::getline(lines, line); ++row) text += std::to_string(row) + "," + line + "\n";
  return text;
}

TEST_F(EvaluateTest, TablesAsOtherProgramsWriteThemGiveTheSameFigures) {
  const std::string rows = write("rows.csv", check_lines(false));
  const std::string cub = write("cub.txt", "1 0\n2 0\n3 0\n4 1\n5 1\n6 1\n7 2\n8 2\n");
  const std::vector<std::vector<std::string>> files = {
      {write("set.csv", check_lines(true))},
      {write("pandas.csv", pandas_lines())},
      {write("savetxt.csv", "# cub test, D=3\n" + check_lines(true))},
      {rows, "--labels", cub, "--label-column", "2"},
      {"--label-column", "5", "--skip-columns", "1", write("chosen.csv", pandas_lines())}};
  for (auto words : files) {
    words.insert(words.end(), {"--metrics", "e_recall@1,nmi", "-o", "json"});
    const Output output = evaluate(words);
    ASSERT_EQ(output.exit_code, 0) << words[0] << output.err;
    const auto document = nlohmann::json::parse(output.out);
    EXPECT_EQ(document.at("dimension"), 3) << words[0];
    EXPECT_NEAR(document.at("metrics").at("e_recall@1").get<double>(), 0.375, 1e-12) << words[0];
    EXPECT_NEAR(document.at("metrics").at("nmi").get<double>(), 0.55887304, 1e-5) << words[0];
  }
  EXPECT_NE(evaluate(files[1]).err.find("pandas.csv: column 1 is left out"), std::string::npos);
}

TEST_F(EvaluateTest, QueriesWithNothingToFindAreCountedAsMissesAndSaid) {
  const std::string alone = write("alone.csv", "0.5,1,a\n1,0.5,b\n0.25,3,c\n");
  const Output all = evaluate({alone, "--metrics", "e_recall@1", "-o", "json"});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  EXPECT_EQ(nlohmann::json::parse(all.out).at("metrics").at("e_recall@1"), 0.0);
  EXPECT_EQ(all.err,
            "note: 3 of 3 rows have no other row of their class: nothing can be found for them, and they count "
            "with 0 in recall and mAP\n");

  const std::string one = write("one.csv", "0.5,1,a\n0.5,1.25,a\n7,3,c\n");
  const Output some = evaluate({one, "--metrics", "e_recall@1", "-o", "json"});
  EXPECT_NEAR(nlohmann::json::parse(some.out).at("metrics").at("e_recall@1").get<double>(), 2.0 / 3, 1e-12);
  EXPECT_NE(some.err.find("note: 1 of 3 rows have no other row"), std::string::npos) << some.err;

  const Output queries =
      evaluate({"--query", alone, "--gallery", write("g.csv", "1,1.5,a\n2,2.5,z\n"), "--metrics", "e_recall@1"});
  ASSERT_EQ(queries.exit_code, 0) << queries.err;
  EXPECT_NE(queries.err.find("note: 2 of 3 queries have no row of their class in the gallery"), std::string::npos)
      << queries.err;
}

TEST_F(EvaluateTest, QueriesInAGalleryShareTheirLabels) {
  const std::string query = write("query.csv", "0,b\n3,a\n"), gallery = write("gallery.csv", "1,a\n2,b\n2.5,c\n");
  const Output output =
      evaluate({"--query", query, "--gallery", gallery, "--metrics", "e_recall@1,e_recall@2,mAP", "-o", "json"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto metrics = nlohmann::json::parse(output.out).at("metrics");
  EXPECT_EQ(metrics.at("e_recall@1"), 0.0);
  EXPECT_EQ(metrics.at("e_recall@2"), 0.5);
  EXPECT_NEAR(metrics.at("mAP").get<double>(), (1.0 / 2 + 1.0 / 3) / 2, 1e-12);
  EXPECT_EQ(evaluate({"--query", query, "--gallery", gallery, "--metrics", "all"}).exit_code, 0);
  EXPECT_EQ(evaluate({"--query", query, "--gallery", gallery, "--metrics", "nmi"}).exit_code, 2);
}

TEST_F(EvaluateTest, QueriesAndGalleryMayBeArraysOfOneFile) {
  const std::vector<float> queries = {0, 3}, gallery = {1, 2, 2.5};
  const std::vector<std::int32_t> query_labels = {1, 0}, gallery_labels = {0, 1, 2};
  const auto stored = [](const char* type, const auto& values) {
    const auto rows = static_cast<std::int64_t>(values.size());
    const std::string_view bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
    return StoredTensor{type, *type == 'F' ? std::vector<std::int64_t>{rows, 1} : std::vector<std::int64_t>{rows},
                        bytes};
  };
  const auto file = folder_.path() / "both.safetensors";
  ASSERT_TRUE(write_safetensors(file, {{"q", stored("F32", queries)},
                                       {"ql", stored("I32", query_labels)},
                                       {"g", stored("F32", gallery)},
                                       {"gl", stored("I32", gallery_labels)}})
                  .ok());
  const Output output = evaluate({"--query", file.string(), "--gallery", file.string(), "--query-array", "q",
                                  "--gallery-array", "g", "--query-label-array", "ql", "--gallery-label-array", "gl",
                                  "--metrics", "e_recall@1,e_recall@2", "-o", "json"});
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto metrics = nlohmann::json::parse(output.out).at("metrics");
  EXPECT_EQ(metrics.at("e_recall@1"), 0.0);
  EXPECT_EQ(metrics.at("e_recall@2"), 0.5);
}

TEST_F(EvaluateTest, WrongInputEndsWithAMessageThatNamesIt) {
  const std::string good = write("good.csv", check_lines(true)), bare = write("bare.csv", check_lines(false));
  struct Case {
    std::vector<std::string> words;
    std::string message;
    int exit_code = 2;
  };
  const std::vector<Case> cases = {
      {{}, "needs a file of embeddings, --query and --gallery, or a --checkpoint"},
      {{good, "--metrics", "e_recal@1"}, "did you mean 'e_recall'?"},
      {{write("nan.csv", "1,2,a\n3,nan,b\n")}, "nan.csv:2: 'nan' in column 2 is no number"},
      {{write("large.csv", "1,2,a\n3,1e300,b\n")}, "row 1 is the first"},
      {{write("hole.csv", "1,,a\n3,4,b\n")}, "hole.csv:1: column 2 is empty"},
      {{bare, "--labels", write("cub.txt", "1 0\n2 0\n3 0\n4 1\n5 1\n6 1\n7 2\n8 2\n")}, "--label-column 2"},
      {{bare}, "--label-column"},
      {{good, "--array", "x"}, "--array is for .npz"},
      {{good, "--heading", "maybe"}, "--heading"},
      {{bare, "--labels", write("few.txt", "a\nb\n")}, "2 labels, but"},
      {{bare, "--labels", write("empty.txt", "")}, "empty.txt: no labels in it"},
      {{good, "--clusters", "9"}, "9 clusters asked for, possible are 1 to 8"},
      {{(folder_.path() / "none.npy").string()}, "none.npy", 5},
      {{bare, "--labels", (folder_.path() / "none.txt").string()}, "none.txt", 5},
      {{write("cut.npy", "\x93NUMPY\x01")}, "cut.npy: no NumPy array"},
      {{good, "-o", "xml"}, "xml"},
      {{"--query", good}, "--gallery"},
  };
  for (const auto& [words, message, exit_code] : cases) {
    const Output output = evaluate(words);
    EXPECT_EQ(output.exit_code, exit_code) << output.err;
    EXPECT_NE((output.err + output.out).find(message), std::string::npos) << output.err;
  }
  EXPECT_NE(evaluate({good, "--device", "cuda:99"}).exit_code, 0);
  EXPECT_EQ(evaluate({"--help"}).exit_code, 0);
}

}  // namespace
}  // namespace oodml::testing
