#include "core/samplers/pads.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/core/samplers/datasets.h"

namespace oodml::samplers {
namespace {

using testing::context_of;
using testing::dataset_of;
using testing::label_of;

/// The classes of a batch, one for each group of samples_per_class.
std::vector<std::int64_t> classes_of(const data::Dataset& dataset, const Batch& batch, std::size_t per_class) {
  std::vector<std::int64_t> classes;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::int64_t label = label_of(dataset, batch[i]);
    if (i % per_class == 0) classes.push_back(label);
    EXPECT_EQ(classes.back(), label) << i;
  }
  return classes;
}

class PadsSamplerTest : public ::testing::TestWithParam<bool> {};

TEST_P(PadsSamplerTest, GroupsOfOneClassThatIsNoneOfTheLastTwo) {
  const auto dataset = dataset_of({7, 30, 30, 5, 12, 40});
  auto context = context_of(dataset, 12, 3);
  context.compat_paper = GetParam();
  const auto sampler = *make_sampler({"pads", {}}, context);
  ASSERT_EQ(sampler->batches_per_epoch(), 10);
  std::set<std::int64_t> seen;
  for (const std::uint64_t epoch : {0, 1, 2, 3}) {
    const auto batches = sampler->epoch(epoch, {});
    ASSERT_EQ(batches.size(), 10U);
    EXPECT_EQ(batches, sampler->epoch(epoch, {}));
    for (const Batch& batch : batches) {
      ASSERT_EQ(batch.size(), 12U);
      const auto classes = classes_of(*dataset, batch, 3);
      for (std::size_t i = 0; i < classes.size(); ++i) {
        seen.insert(classes[i]);
        if (i >= 1) EXPECT_NE(classes[i], classes[i - 1]);
        if (i >= 2) EXPECT_NE(classes[i], classes[i - 2]);
      }
    }
  }
  EXPECT_EQ(seen.size(), 6U);
  EXPECT_NE(sampler->epoch(0, {}), sampler->epoch(1, {}));
}

INSTANTIATE_TEST_SUITE_P(Modes, PadsSamplerTest, ::testing::Values(false, true),
                         [](const auto& info) { return info.param ? "Paper" : "Corrected"; });

// In the published loader an image is the (i mod n_c)-th of its class, and i is each number below N once.
TEST(PadsSamplerPaperTest, TheImagesOfAWorkersFirstClassFollowFromItsNumbers) {
  const auto dataset = dataset_of({4, 4, 4});  // N = 12, C = 3
  auto context = context_of(dataset, 12, 12);  // one class a batch
  context.compat_paper = true;
  const auto batches = (*make_sampler({"pads", {}}, context))->epoch(0, {});
  ASSERT_EQ(batches.size(), 1U);
  std::vector<int> counts(12);
  for (const std::int64_t position : batches[0]) ++counts[static_cast<std::size_t>(position)];
  const std::int64_t label = label_of(*dataset, batches[0][0]);
  for (const std::int64_t position : dataset->by_class[static_cast<std::size_t>(label)]) {
    EXPECT_EQ(counts[static_cast<std::size_t>(position)], 3);  // 0..11 modulo 4
  }
}

TEST(PadsSamplerPaperTest, TwoClassesAreTooFew) {
  const auto refused = make_sampler({"pads", {}}, context_of(dataset_of({9, 9}), 4, 2));
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message().find("needs three classes to train on; there are 2"), std::string::npos);
}

}  // namespace
}  // namespace oodml::samplers
