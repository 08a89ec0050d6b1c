#include "coordinator/results/figures_by_trial.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace oodml::coordinator::results {
namespace {

TEST(FiguresByTrialTest, ATrialIsFoundWhateverIdsLieBetween) {
  for (const std::vector<std::int64_t>& ids :
       std::vector<std::vector<std::int64_t>>{{4, 5, 6}, {1, 2, 7, 8, 100}, {9, 3, 5}}) {
    FiguresByTrial figures;
    for (const std::int64_t id : ids) figures.add({.trial = {id}, .figures = {.best = 0.5 * static_cast<double>(id)}});
    figures.settle();
    for (std::int64_t id = 0; id < 102; ++id) {
      const store::Figures* found = figures.find({id});
      ASSERT_EQ(found != nullptr, std::ranges::find(ids, id) != ids.end()) << id;
      if (found != nullptr) {
        EXPECT_EQ(found->best, 0.5 * static_cast<double>(id));
      }
    }
  }
  EXPECT_EQ(FiguresByTrial().find({1}), nullptr);
}

}  // namespace
}  // namespace oodml::coordinator::results
