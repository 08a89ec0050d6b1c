#include "core/split_creation/class_means.h"

#include <gtest/gtest.h>

#include <limits>

namespace oodml::split_creation {
namespace {

TEST(ClassMeansTest, EveryClassCountsItsOwnRows) {
  ClassMeans means(3);
  means.add(at::tensor({1.0F, 2.0F, 3.0F, 4.0F}).view({2, 2}), at::tensor({2, 0}, at::kLong));
  means.add(at::tensor({5.0F, 8.0F}).view({1, 2}), at::tensor({2}, at::kLong));
  const auto result = means.means();
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_TRUE(result->equal(at::tensor({3.0F, 4.0F, 0.0F, 0.0F, 3.0F, 5.0F}).view({3, 2}))) << *result;
  EXPECT_TRUE(means.counts().equal(at::tensor({1, 0, 2}, at::kLong)));
}

TEST(ClassMeansTest, RowsInDoubleHaveMeansInDouble) {
  const double third = 1.0 / 3.0;
  ClassMeans means(1);
  means.add(at::tensor({third}, at::kDouble).view({1, 1}), at::tensor({0}, at::kLong));
  const auto result = means.means();
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->scalar_type(), at::kDouble);
  EXPECT_EQ(result->item<double>(), third);
  ClassMeans rounded(1);
  rounded.add(at::tensor({1.0F, 1.0F, 0.0F}).view({3, 1}), at::tensor({0, 0, 0}, at::kLong));
  EXPECT_EQ(rounded.means()->scalar_type(), at::kFloat) << "as the published means are";
}

TEST(ClassMeansTest, NothingAndWhatIsNotFiniteAreRefused) {
  EXPECT_EQ(ClassMeans(2).means().error().code(), StatusCode::kInvalidArgument);
  ClassMeans means(2);
  means.add(at::full({2, 1}, std::numeric_limits<float>::quiet_NaN()), at::tensor({1, 1}, at::kLong));
  const auto result = means.means();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kDataLoss);
  EXPECT_EQ(result.error().message(), "the features of 1 classes are not finite");
}

}  // namespace
}  // namespace oodml::split_creation
