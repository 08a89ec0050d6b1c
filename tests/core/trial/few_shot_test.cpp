// The whole few-shot protocol by the real program: figures, files, kills between and inside of episodes, bad input.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/core/trial/few_shot_files.h"
#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

class FewShotTrialTest : public ::testing::Test {
 protected:
  FewShotTrialTest() { make_few_shot(trial_); }

  std::map<std::string, double> values(const std::string& run) const {
    std::map<std::string, double> found;
    for (const auto& metric : all_of<job::Metric>(last_attempt(trial_.events_log(run)))) {
      found[metric.set + " " + metric.name] = metric.value;
    }
    return found;
  }
  std::vector<std::string> figures_of(const std::string& run) const {
    return figures(last_attempt(trial_.events_log(run)));
  }
  std::string refusal(int exit_code) {
    const Output output = trial_.finish("refused");
    EXPECT_EQ(output.exit_code, exit_code) << output.out << output.err;
    return output.out + output.err;
  }
  bool log_has(const std::string& run, const std::string& text) const {
    std::error_code missing;
    return std::filesystem::exists(trial_.events_log(run), missing) &&
           read_text(trial_.events_log(run)).find(text) != std::string::npos;
  }
  /// Starts the trial and sends `signal` once its log holds `text`; what it ended with.
  int disturb(const std::string& run, const std::string& text, int signal) {
    Process process(trial_.words(run));
    EXPECT_TRUE(wait_until([&] { return log_has(run, text); }));
    process.signal(signal);
    return process.wait();
  }

  TinyTrial trial_;
};

TEST_F(FewShotTrialTest, EpisodesAndTheirMeansAreFiguresOfTheSelectedEpoch) {
  const Output output = trial_.finish("calm");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  auto found = values("calm");
  double best = 0.0;
  std::int64_t selected = -1;
  std::map<std::int64_t, double> scores;
  for (const auto& metric : all_of<job::Metric>(last_attempt(trial_.events_log("calm")))) {
    if (metric.set == "val" && (metric.name == "e_recall@1" || metric.name == "mAP_1000")) {
      scores[metric.epoch] += metric.value;
    }
  }
  for (const auto& [epoch, score] : scores) {
    if (score > best) best = score, selected = epoch;
  }
  ASSERT_EQ(scores.size(), 3U);
  for (const auto& metric : all_of<job::Metric>(last_attempt(trial_.events_log("calm")))) {
    if (metric.set.starts_with("episode-")) {
      EXPECT_EQ(metric.epoch, selected);
      EXPECT_EQ(metric.embeds, "embeds");
    }
  }
  for (const std::string kind : {"zero_shot", "few_shot"}) {
    for (const std::string metric : {"e_recall@1", "mAP_1000", "nmi", "dists@intra"}) {
      const double a = found.at("episode-0 " + kind + "." + metric), b = found.at("episode-1 " + kind + "." + metric),
                   c = found.at("episode-2 " + kind + "." + metric), mean = (a + b + c) / 3;
      EXPECT_NEAR(found.at("test " + kind + "." + metric), mean, 1e-12);
      const double variance = ((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) / 2;
      // Student's t for 2 degrees of freedom at 0.975 is 4.302652729749464.
      EXPECT_NEAR(found.at("test " + kind + "_conf." + metric), 4.302652729749464 * std::sqrt(variance / 3), 1e-9);
    }
  }
  const double zero = found.at("test zero_shot.dists@intra"), few = found.at("test few_shot.dists@intra");
  EXPECT_NEAR(found.at("test gain.dists@intra"), (few - zero) / zero, 1e-12);
  EXPECT_NE(found.at("test zero_shot.dists@intra"), found.at("test few_shot.dists@intra")) << "nothing adapted";
}

TEST_F(FewShotTrialTest, TheRunDirectoryHasATableAndTheResults) {
  ASSERT_EQ(trial_.finish("calm").exit_code, 0);
  const std::string table = read_text(trial_.run_dir("calm") / "test_summary.txt");
  EXPECT_TRUE(table.starts_with("Metric,Few-Shot Mean,Few-Shot Conf.,Zero-Shot Mean,Zero-Shot Conf.\ne_recall@1,"))
      << table;
  EXPECT_EQ(std::ranges::count(table, '\n'), 5);
  const auto results = nlohmann::json::parse(read_text(trial_.run_dir("calm") / "results.json"));
  EXPECT_NEAR(results.at("best").at("test").at("few_shot.e_recall@1").at("value").get<double>(),
              values("calm").at("test few_shot.e_recall@1"), 1e-15);
  EXPECT_TRUE(results.at("last").at("test").contains("gain.nmi"));
  EXPECT_TRUE(results.at("last").at("episode-2").contains("few_shot.nmi"));
}

TEST_F(FewShotTrialTest, KilledBetweenAndInsideOfEpisodesGivesTheSameBits) {
  trial_.set("few_shot", "{shots: 2, episodes: 3, steps: 800, lr_multi: 10, only_last: true, views: 3}");
  ASSERT_EQ(trial_.finish("calm").exit_code, 0);
  EXPECT_EQ(disturb("killed", "checkpoint epoch=1", SIGKILL), 128 + SIGKILL);
  EXPECT_EQ(disturb("killed", "phase=adapting", SIGKILL), 128 + SIGKILL);
  EXPECT_EQ(disturb("killed", "set=episode-0", SIGKILL), 128 + SIGKILL);
  EXPECT_EQ(disturb("killed", "set=episode-1", SIGTERM), 75);
  const auto kept = nlohmann::json::parse(read_text(trial_.run_dir("killed") / "few_shot.json"));
  EXPECT_GE(kept.at("episodes").size(), 2U);
  ASSERT_EQ(trial_.finish("killed").exit_code, 0);
  EXPECT_EQ(figures_of("killed"), figures_of("calm"));
  EXPECT_EQ(read_text(trial_.run_dir("killed") / "test_summary.txt"),
            read_text(trial_.run_dir("calm") / "test_summary.txt"));
}

TEST_F(FewShotTrialTest, FinishedEpisodesAreNotAdaptedAgainNorInAnotherRunDirectory) {
  ASSERT_EQ(trial_.finish("first").exit_code, 0);
  std::filesystem::remove(trial_.run_dir("first") / "results.json");
  const auto elsewhere = trial_.benchmark().parent_path() / "gone";
  std::filesystem::rename(trial_.benchmark(), elsewhere);
  ASSERT_EQ(trial_.finish("first").exit_code, 0) << "all is known, so no image is needed";
  EXPECT_TRUE(std::filesystem::exists(trial_.run_dir("first") / "results.json"));
  std::filesystem::rename(elsewhere, trial_.benchmark());
  const auto figures = figures_of("first");
  EXPECT_TRUE(log_has("first", "set=episode-2"));
  ASSERT_EQ(trial_.finish("second", {"--resume-from", trial_.run_dir("first").string()}).exit_code, 0);
  EXPECT_EQ(figures_of("second"), figures);
}

TEST_F(FewShotTrialTest, AllParametersAdaptWithImagesAugmentedAnew) {
  trial_.set("few_shot", "{shots: 2, episodes: 2, steps: 6, lr_multi: 10, criterion: triplet}");
  ASSERT_EQ(trial_.finish("whole").exit_code, 0);
  const auto whole = values("whole");
  trial_.set("few_shot",
             "{shots: 2, episodes: 2, steps: 6, lr_multi: 10, criterion: triplet, only_last: true, views: 0}");
  ASSERT_EQ(trial_.finish("head").exit_code, 0);
  const auto head = values("head");
  EXPECT_NEAR(whole.at("episode-0 zero_shot.dists@intra"), head.at("episode-0 zero_shot.dists@intra"), 1e-12);
  EXPECT_NE(whole.at("episode-0 few_shot.dists@intra"), head.at("episode-0 few_shot.dists@intra"));
  EXPECT_NE(head.at("episode-0 zero_shot.dists@intra"), head.at("episode-0 few_shot.dists@intra"));
}

TEST_F(FewShotTrialTest, WithoutARateNothingChanges) {
  trial_.set("few_shot", "{shots: 2, episodes: 1, steps: 5, lr_multi: 0, only_last: true, optimizer: sgd}");
  ASSERT_EQ(trial_.finish("still").exit_code, 0);
  const auto found = values("still");
  for (const std::string metric : {"e_recall@1", "mAP_1000", "nmi", "dists@intra"}) {
    EXPECT_EQ(found.at("test few_shot." + metric), found.at("test zero_shot." + metric)) << metric;
  }
  EXPECT_EQ(found.at("test gain.dists@intra"), 0.0);
  EXPECT_TRUE(std::isnan(found.at("test few_shot_conf.nmi"))) << "one episode has no interval";
}

TEST_F(FewShotTrialTest, ReplicasTrainTogetherAndTheFirstAdapts) {
  trial_.set("replicas", "2");
  trial_.set("epochs", "1");
  trial_.set("cache_mib", "1");
  const Output output = trial_.finish("two");
  ASSERT_EQ(output.exit_code, 0) << output.out << output.err;
  EXPECT_TRUE(values("two").contains("test few_shot.nmi"));
}

TEST_F(FewShotTrialTest, HeadsOfDivaAdaptJoined) {
  trial_.set("arch", "multifeature_small_conv_normalize");
  trial_.set("epochs", "1");
  trial_.set("criterion", "{name: diva, n_key_batches: 2, decorrnet_dim: 8}");
  trial_.set("few_shot", "{shots: 2, episodes: 2, steps: 20, lr_multi: 10, only_last: true}");
  ASSERT_EQ(trial_.finish("equal").exit_code, 0);
  trial_.set("few_shot",
             "{shots: 2, episodes: 2, steps: 20, lr_multi: 10, only_last: true, reweight: true, embeddings: "
             "Combined_discriminative_shared_selfsimilarity_intra-0.5-1.5-1.5-1.5}");
  ASSERT_EQ(trial_.finish("weighted").exit_code, 0);
  EXPECT_NE(values("equal").at("test few_shot.dists@intra"), values("weighted").at("test few_shot.dists@intra"));
}

TEST_F(FewShotTrialTest, EpisodesThatTheSplitLacksAreNamedBeforeAnythingIsTrained) {
  trial_.set("few_shot", "{shots: 4}");
  const std::string shots = refusal(1);
  EXPECT_NE(shots.find("splits.json: splits.1 has no episodes of 4 shots; it has some of 2 (few_shot.shots); `oodml "
                       "splits create --shots 4` makes them"),
            std::string::npos)
      << shots;
  EXPECT_TRUE(all_of<job::Checkpoint>(last_attempt(trial_.events_log("refused"))).empty());
}

TEST_F(FewShotTrialTest, FewerEpisodesThanAskedForAreARemark) {
  trial_.set("few_shot", "{shots: 2, steps: 2, only_last: true}");
  ASSERT_EQ(trial_.finish("three").exit_code, 0);
  const auto warnings = all_of<job::Warning>(last_attempt(trial_.events_log("three")));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].message,
            "few-shot: split 1 has 3 episodes of 2 shots, few_shot.episodes asks for 10: means and intervals are over "
            "those 3");
  EXPECT_FALSE(values("three").contains("episode-3 few_shot.nmi"));
}

TEST_F(FewShotTrialTest, SupportThatIsNotThereAndClassesThatKeepNoQueriesAreNamed) {
  std::filesystem::remove(trial_.image(3, 5));
  const std::string missing = refusal(1);
  EXPECT_NE(missing.find("test_episodes.2[0], class 'class3': no image 5.png"), std::string::npos) << missing;
  write_few_shot_splits(trial_, R"({"7": [{"class3": ["0.png", "1.png", "2.png", "3.png", "4.png", "6.png", "7.png"],
    "class4": ["0.png", "1.png", "2.png", "3.png", "4.png", "5.png", "6.png"],
    "class5": ["0.png", "1.png", "2.png", "3.png", "4.png", "5.png", "6.png"]}]})");
  trial_.set("few_shot", "{shots: 7}");
  const std::string few = refusal(1);
  EXPECT_NE(few.find("class 'class4': 8 images leave fewer than two for queries"), std::string::npos) << few;
}

}  // namespace
}  // namespace oodml::testing
