#include <gtest/gtest.h>

#include <filesystem>

#include "coordinator/cli/report/kinds.h"
#include "core/figures/draw.h"
#include "tests/coordinator/cli/report/document_parts.h"
#include "tests/coordinator/cli/report/study_runs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli::report {
namespace {

/// Every figure that any of the studies draws, of names that a shell or gnuplot might take for commands.
Run run_with_everything(const std::string& method, std::int64_t seed, double level, const std::string& split,
                        double fid) {
  Run run = run_of("cub200", method, seed);
  run.group = "CUB_" + method;
  run.split = split;
  run.fid = fid;
  run.labels["shots"] = "2";
  for (const char* figure : {"test:e_recall@1", "test:e_recall@2", "test:e_recall@4", "test:e_recall@8", "test:nmi",
                             "test:f1", "test:mAP_lim", "test:mAP_1000", "train:dists@intra", "train:dists@inter",
                             "train:dists@intra_over_inter", "train:rho_spectrum@2"})
    with(run, figure, {0.3 * level, level, 0.9 * level});
  for (const char* metric : {"e_recall@1", "mAP_1000"}) {
    with_final(run, std::string("test:zero_shot.") + metric, level, 3);
    with_final(run, std::string("test:few_shot.") + metric, 1.1 * level, 3);
  }
  for (const char* bin : {"0", "1", "2"}) with(run, std::string("policy:sampling@") + bin, {0.2, 0.0, level});
  return run;
}

std::vector<Run> runs_with_everything() {
  std::vector<Run> runs;
  for (const std::int64_t seed : {0, 1}) {
    const double more = 0.01 * static_cast<double>(seed);
    runs.push_back(run_with_everything("MS", seed, 0.50 + more, "1", 20));
    runs.push_back(run_with_everything("it's `$HOME` \"x\"", seed, 0.55 - more, "2", 40));
    runs.push_back(run_with_everything("a_b^c {d} \\n", seed, 0.60 + 2 * more, "3", 80));
  }
  return runs;
}

class DrawnStudiesTest : public ::testing::TestWithParam<Document (*)(const std::vector<Run>&, const ReportOptions&)> {
};

TEST_P(DrawnStudiesTest, EveryPictureIsDrawn) {
  if (figures::gnuplot_program().empty()) GTEST_SKIP() << "gnuplot is not installed";
  const auto drawings = drawings_of(GetParam()(runs_with_everything(), {}));
  ASSERT_FALSE(drawings.empty());
  const testing::TemporaryFolder folder;
  const Status drawn = figures::draw(drawings, folder.path());
  ASSERT_TRUE(drawn.ok()) << drawn.message();
  for (const figures::Figure& figure : drawings) {
    EXPECT_GT(std::filesystem::file_size(folder.path() / (figure.name + ".svg")), 1000U) << figure.name;
    EXPECT_GT(std::filesystem::file_size(folder.path() / (figure.name + ".pdf")), 1000U) << figure.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, DrawnStudiesTest,
                         ::testing::Values(make_revisiting, make_few_shot, make_nir, make_pads));

}  // namespace
}  // namespace oodml::cli::report
