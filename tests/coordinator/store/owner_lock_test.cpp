#include <unistd.h>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

class OwnerLockTest : public ServiceTest {};

TEST_F(OwnerLockTest, ASecondOwnerIsRefusedWithTheFirstOnesProcess) {
  const auto second = open_service({.database = database}, clock, plan_test_sweep);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(second.error().message().find("process " + std::to_string(getpid())), std::string::npos)
      << second.error().message();
}

}  // namespace
}  // namespace oodml::coordinator::testing
