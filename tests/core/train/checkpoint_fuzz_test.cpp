// Damaged checkpoints: the state of a run is refused or whole, and a folder with a damaged file is passed over.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/train/checkpoint.h"
#include "tests/support/mutator.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::train {
namespace {

RunState state() {
  RunState made;
  made.epoch = 3;
  made.step = 17;
  made.loss_sum = 0.1 + 0.2;
  made.evaluated = 2;
  made.history = {{1, "train", "embeds", "loss", 1.0 / 3.0}, {2, "test", "embeds", "nmi", 0.5}};
  made.vectors = {{2, "test", "embeds", "rho_spectrum@0", {0.75, 0.25}}};
  return made;
}

TEST(RunStateFuzzTest, DamagedStatesAreRefusedOrWhole) {
  const testing::Corpus corpus = {
      {to_json(state()), to_json(RunState{})},
      {"{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e400", "\"epoch\":", "[[[[", "\xff"}};
  testing::fuzz(corpus, [](const std::string& text, std::uint64_t number) {
    const auto read = parse_run_state(text);
    if (!read) {
      ASSERT_GE(number, 2u) << read.error().message();
      ASSERT_EQ(read.error().code(), StatusCode::kDataLoss);
      return;
    }
    const auto again = parse_run_state(to_json(*read));
    ASSERT_TRUE(again) << again.error().message();
    ASSERT_EQ(to_json(*again), to_json(*read));
  });
}

class CheckpointFuzzTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const CheckpointStore store(run_dir_.path(), "aaaa", 1);
    ASSERT_TRUE(store.prepare().ok());
    Snapshot snapshot{
        .state = state(), .network = {{"w", torch::ones({2, 3})}}, .criterion = {}, .optimizer = {}, .extras = {}};
    ASSERT_TRUE(store.write(snapshot));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(run_dir_.path())) {
      if (entry.is_regular_file()) files_.push_back(entry.path());
    }
    std::sort(files_.begin(), files_.end());
  }

  testing::TemporaryFolder run_dir_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(CheckpointFuzzTest, AFolderWithADamagedFileIsPassedOverOrWhole) {
  testing::Corpus corpus;
  for (const auto& file : files_) corpus.seeds.push_back(testing::read_text(file));
  ASSERT_GE(files_.size(), 3u);
  testing::fuzz(
      corpus,
      [&](const std::string& bytes, std::uint64_t number) {
        const std::size_t damaged = number % files_.size();
        testing::write_text(files_[damaged], bytes);
        bool warned = false;
        const auto read = read_newest_checkpoint(run_dir_.path(), "aaaa", [&](const std::string&) { warned = true; });
        if (read && *read) {
          ASSERT_EQ(to_json((*read)->state), to_json(state()));
          ASSERT_TRUE((*read)->network.at("w").equal(torch::ones({2, 3})));
        } else {
          ASSERT_TRUE(!read || warned);
          ASSERT_GE(number, files_.size());
        }
        testing::write_text(files_[damaged], corpus.seeds[damaged]);
      },
      300);
}

}  // namespace
}  // namespace oodml::train
