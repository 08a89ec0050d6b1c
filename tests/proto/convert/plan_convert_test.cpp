#include "proto/convert/plan_convert.h"

#include <gtest/gtest.h>

namespace oodml::convert {
namespace {

TEST(PlanConvertTest, AnAxisGoesWithItsLabelsInTheirOrderAndIsTextForTheWire) {
  const v1::AxisCount message = to_proto(job::AxisCount{.axis = "split", .labels = {{"2", 7}, {"caf\xe9", 3}}});
  EXPECT_EQ(message.axis(), "split");
  ASSERT_EQ(message.labels_size(), 2);
  ASSERT_EQ(message.counts_size(), 2);
  EXPECT_EQ(message.labels(0).label(), "2");
  EXPECT_EQ(message.counts(0), 7);
  EXPECT_EQ(message.labels(1).label(), "caf\xef\xbf\xbd");
  EXPECT_EQ(message.counts(1), 3);
}

}  // namespace
}  // namespace oodml::convert
