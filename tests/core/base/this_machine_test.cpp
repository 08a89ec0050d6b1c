#include "core/base/this_machine.h"

#include <gtest/gtest.h>

namespace oodml {
namespace {

TEST(ThisMachineTest, EveryFailureOfSomethingHereSaysSoByItsCodeAndKeepsItsWords) {
  const auto code = [](StatusCode from) {
    const Status status = of_this_machine(Status(from, "why"));
    EXPECT_EQ(status.message(), "why");
    EXPECT_TRUE(lies_in_this_machine(status.code())) << to_text(from);
    return status.code();
  };
  EXPECT_EQ(code(StatusCode::kNotFound), StatusCode::kNotFound);
  EXPECT_EQ(code(StatusCode::kPermissionDenied), StatusCode::kPermissionDenied);
  EXPECT_EQ(code(StatusCode::kResourceExhausted), StatusCode::kResourceExhausted);
  EXPECT_EQ(code(StatusCode::kDataLoss), StatusCode::kDataLoss);
  EXPECT_EQ(code(StatusCode::kInvalidArgument), StatusCode::kDataLoss);
  for (const StatusCode from : {StatusCode::kUnavailable, StatusCode::kUnimplemented, StatusCode::kFailedPrecondition,
                                StatusCode::kAlreadyExists, StatusCode::kInternal}) {
    EXPECT_EQ(code(from), StatusCode::kUnavailable) << to_text(from);
  }
}

TEST(ThisMachineTest, SuccessStaysSuccess) {
  EXPECT_TRUE(of_this_machine(Status()).ok());
  EXPECT_EQ(of_this_machine(Result<int>(3)), 3);
  EXPECT_EQ(of_this_machine(Result<int>(invalid_argument("x"))).error().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace oodml
