#include "tests/core/trial/few_shot_files.h"

namespace oodml::testing {

void write_few_shot_splits(const TinyTrial& trial, const std::string& episodes) {
  write_text(trial.benchmark() / "splits.json",
             R"({"version": 1, "benchmark": "tiny", "splits": {"1": {"train": ["class0", "class1", "class2"],
 "test": ["class3", "class4", "class5"], "fid": 2.5, "split_train": ["class0", "class1"], "split_val": ["class2"],
 "test_episodes": )" +
                 episodes + "}}}\n");
}

void make_few_shot(TinyTrial& trial) {
  write_few_shot_splits(trial, R"({"2": [
 {"class3": ["0.png", "5.png"], "class4": ["3.png", "1.png"], "class5": ["7.png", "2.png"]},
 {"class3": ["6.png", "1.png"], "class4": ["0.png", "7.png"], "class5": ["4.png", "3.png"]},
 {"class3": ["2.png", "3.png"], "class4": ["5.png", "6.png"], "class5": ["1.png", "0.png"]}]})");
  trial.set("split", "\"1\"");
  trial.set("validation", "split");
  trial.set("evaluate", "{sets: [val], metrics: [e_recall@1, mAP_1000, nmi, dists@intra]}");
  trial.set("few_shot", "{shots: 2, episodes: 3, steps: 40, lr_multi: 10, only_last: true, views: 3}");
}

}  // namespace oodml::testing
