#include "core/samplers/class_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/catalogue/catalogue.h"
#include "tests/core/samplers/datasets.h"

namespace oodml::samplers {
namespace {

using testing::context_of;
using testing::dataset_of;

ComponentChoice choice(double internal_split = 1.0, bool ssl_set = false) {
  return {"class_random", {{"internal_split", internal_split}, {"ssl_set", ssl_set}}};
}

TEST(ClassRandomTest, BatchesAreGroupsOfOneClass) {
  const auto dataset = dataset_of({5, 9, 1, 20});
  const auto sampler = *make_sampler(choice(), context_of(dataset, 12, 3));
  const auto batches = sampler->epoch(0, {});
  ASSERT_EQ(batches.size(), 2U);  // floor(35 / 12)
  for (const auto& batch : batches) {
    ASSERT_EQ(batch.size(), 12U);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      EXPECT_EQ(dataset->samples.at(static_cast<std::size_t>(batch[i])).label,
                dataset->samples.at(static_cast<std::size_t>(batch[i - i % 3])).label);
    }
  }
}

TEST(ClassRandomTest, AnEpochIsAFunctionOfItsNumber) {
  const auto context = context_of(dataset_of({50, 50}), 10, 2);
  const auto first = *make_sampler(choice(), context), second = *make_sampler(choice(), context);
  const auto epoch3 = first->epoch(3, {});
  EXPECT_NE(epoch3, first->epoch(4, {}));
  EXPECT_EQ(epoch3, first->epoch(3, {}));
  EXPECT_EQ(epoch3, second->epoch(3, {}));
}

TEST(ClassRandomTest, ClassesAreUniformWhateverTheirSizeAndSoAreTheirImages) {
  const auto dataset = dataset_of({1, 4, 40, 5});
  const auto sampler = *make_sampler(choice(), context_of(dataset, 40, 2, 500));
  std::vector<double> of_class(4), of_image(dataset->samples.size());
  for (const auto& batch : sampler->epoch(0, {})) {
    for (std::size_t i = 0; i < batch.size(); i += 2)
      ++of_class[static_cast<std::size_t>(dataset->samples[static_cast<std::size_t>(batch[i])].label)];
    for (const std::int64_t position : batch) ++of_image[static_cast<std::size_t>(position)];
  }
  double class_chi = 0.0;  // 10 000 draws of a class, 3 degrees of freedom: 16.3 at 0.1 %
  for (const double count : of_class) class_chi += (count - 2500.0) * (count - 2500.0) / 2500.0;
  EXPECT_LT(class_chi, 16.3);
  double image_chi = 0.0, total = 0.0;  // the 40 images of class 2, 39 degrees of freedom: 72.1 at 0.1 %
  for (const std::int64_t position : dataset->by_class[2]) total += of_image[static_cast<std::size_t>(position)];
  for (const std::int64_t position : dataset->by_class[2]) {
    const double difference = of_image[static_cast<std::size_t>(position)] - total / 40.0;
    image_chi += difference * difference / (total / 40.0);
  }
  EXPECT_LT(image_chi, 72.1);
}

TEST(ClassRandomTest, ClassesAndImagesAreDrawnWithReplacement) {
  const auto sampler = *make_sampler(choice(), context_of(dataset_of({2, 2, 2}), 6, 2, 200));
  int repeated_class = 0, repeated_image = 0;
  for (const auto& batch : sampler->epoch(0, {})) {
    const std::set<std::int64_t> classes = {batch[0] / 2, batch[2] / 2, batch[4] / 2};
    repeated_class += classes.size() < 3;
    repeated_image += batch[0] == batch[1];
  }
  EXPECT_NEAR(repeated_class, 200 * 7 / 9, 30);  // 1 - 3! / 3^3
  EXPECT_NEAR(repeated_image, 100, 30);
}

TEST(ClassRandomTest, AClassOfOneImageFillsItsGroupWithIt) {
  const auto sampler = *make_sampler(choice(), context_of(dataset_of({1}), 4, 2, 1));
  EXPECT_EQ(sampler->epoch(0, {})[0], (std::vector<std::int64_t>{0, 0, 0, 0}));
}

TEST(ClassRandomTest, InternalSplitPutsDrawsOfTheFirstClassesFirst) {
  const auto dataset = dataset_of({4, 4, 4, 4, 4});
  const auto sampler =
      *make_sampler(choice(0.5), context_of(dataset, 14, 2, 50));  // int(5 * 0.5) = 2 classes, int(7 * 0.5) = 3 draws
  for (const auto& batch : sampler->epoch(0, {})) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::int64_t label = dataset->samples[static_cast<std::size_t>(batch[i])].label;
      EXPECT_EQ(label < 2, i < 6) << i;
    }
  }
}

TEST(ClassRandomTest, SslSetRepeatsHalfTheDraws) {
  const auto sampler = *make_sampler(choice(1.0, true), context_of(dataset_of({9, 9}), 14, 2, 3));
  for (const auto& batch : sampler->epoch(0, {})) {
    ASSERT_EQ(batch.size(), 12U);  // seven draws: three, twice
    EXPECT_TRUE(std::equal(batch.begin(), batch.begin() + 6, batch.begin() + 6));
  }
}

TEST(MakeSamplerTest, ImpossibleBatchesAreRefused) {
  const auto dataset = dataset_of({9, 9});
  const auto refusal = [](const auto& sampler) { return sampler ? std::string() : sampler.error().message(); };
  EXPECT_EQ(refusal(make_sampler(choice(), context_of(dataset, 15, 2))),
            "batch_size 15 is not divisible by samples_per_class 2; take a multiple of it");
  EXPECT_NE(refusal(make_sampler(choice(), context_of(dataset, 20, 2))).find("18 images, less than one batch of 20"),
            std::string::npos);
  EXPECT_TRUE(make_sampler(choice(), context_of(dataset, 20, 2, 5)));
  EXPECT_NE(refusal(make_sampler(choice(0.3), context_of(dataset, 8, 2))).find("internal_split leaves one part"),
            std::string::npos);
  EXPECT_NE(refusal(make_sampler(choice(1.0, true), context_of(dataset, 2, 2))).find("ssl_set needs"),
            std::string::npos);
  EXPECT_NE(refusal(make_sampler(choice(), context_of(dataset_of({}), 2, 2, 1))).find("no classes"), std::string::npos);
  EXPECT_NE(refusal(make_sampler({"full", {}}, context_of(dataset, 2, 2)))
                .find("unknown sampler 'full'; known: class_random"),
            std::string::npos);
}

TEST(MakeSamplerTest, KnowsExactlyTheSamplersOfTheCatalogue) {
  std::vector<std::string> catalogued;
  for (const auto& component : catalogue::components(catalogue::Kind::kSampler)) catalogued.push_back(component.name);
  EXPECT_EQ(sampler_names(), catalogued);
}

TEST(ClassRandomTest, AClassIsNoneOfThoseDrawnLastAndTheOthersAreAlike) {
  const auto dataset = dataset_of({10, 10, 10, 10, 10});
  auto excluding = choice();
  excluding.params.set("exclude_last", std::int64_t{2});
  const auto sampler = *make_sampler(excluding, context_of(dataset, 8, 2, 1000));
  std::vector<std::int64_t> classes;
  for (const auto& batch : sampler->epoch(0, {})) {
    for (std::size_t i = 0; i < batch.size(); i += 2) classes.push_back(testing::label_of(*dataset, batch[i]));
  }
  std::vector<double> counts(5);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    ++counts[static_cast<std::size_t>(classes[i])];
    if (i >= 1) ASSERT_NE(classes[i], classes[i - 1]) << i;
    if (i >= 2) ASSERT_NE(classes[i], classes[i - 2]) << i;
  }
  for (const double count : counts) EXPECT_NEAR(count, 800.0, 60.0);

  const auto too_few = make_sampler(excluding, context_of(dataset_of({9, 9}), 4, 2));
  ASSERT_FALSE(too_few.has_value());
  EXPECT_NE(too_few.error().message().find("exclude_last is 2, but classes are drawn from 2"), std::string::npos);
}

}  // namespace
}  // namespace oodml::samplers
