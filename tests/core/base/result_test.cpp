#include "core/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace oodml {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return invalid_argument("half of " + std::to_string(value) + ": odd; an even number is accepted");
  return value / 2;
}

Status check_even(int value) {
  OODML_RETURN_IF_ERROR(half(value));
  return {};
}

Result<int> quarter(int value) {
  OODML_ASSIGN_OR_RETURN(const int once, half(value));
  OODML_ASSIGN_OR_RETURN(const int twice, half(once));
  return twice;
}

Result<std::unique_ptr<int>> boxed(int value) {
  OODML_RETURN_IF_ERROR(check_even(value));
  OODML_ASSIGN_OR_RETURN(const int result, half(value));
  return std::make_unique<int>(result);
}

TEST(ResultTest, ValuesPassThroughAndFailuresReturnAtOnce) {
  EXPECT_EQ(quarter(12), 3);
  EXPECT_EQ(quarter(7).error().message(), "half of 7: odd; an even number is accepted");
  EXPECT_EQ(quarter(6).error().message(), "half of 3: odd; an even number is accepted");
  EXPECT_TRUE(check_even(4).ok());
  EXPECT_EQ(check_even(5).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(**boxed(8), 4);  // values that only move
  EXPECT_FALSE(boxed(9).has_value());
}

TEST(ResultTest, StatusesReadAsTextForLogs) {
  EXPECT_EQ(Status().text(), "ok");
  EXPECT_EQ(Status(StatusCode::kNotFound, "trial 7").text(), "not_found: trial 7");
}

TEST(ResultTest, ErrnoBecomesTheFittingCode) {
  const auto code = [](int number) { return Status(system_failure("open /x", number)).code(); };
  EXPECT_EQ(code(ENOENT), StatusCode::kNotFound);
  EXPECT_EQ(code(EACCES), StatusCode::kPermissionDenied);
  EXPECT_EQ(code(ENOSPC), StatusCode::kResourceExhausted);
  EXPECT_EQ(code(EIO), StatusCode::kUnavailable);
  EXPECT_EQ(code(ESTALE), StatusCode::kUnavailable);
  EXPECT_EQ(code(EINVAL), StatusCode::kInternal);
  EXPECT_EQ(Status(system_failure("open /x", ENOENT)).message(), "open /x: No such file or directory");
}

}  // namespace
}  // namespace oodml
