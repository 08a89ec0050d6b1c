#include "core/base/guard.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

namespace oodml {
namespace {

Status thrown(const std::function<void()>& work) {
  return guarded([&]() -> Status {
    work();
    return {};
  });
}

TEST(GuardTest, WhatIsThrownBecomesAValueWithItsCode) {
  EXPECT_TRUE(thrown([] {}).ok());
  const Status memory = thrown([] { throw std::bad_alloc(); });
  EXPECT_EQ(memory, Status(StatusCode::kResourceExhausted, "out of memory"));
  const Status threads = thrown([] { throw std::system_error(EAGAIN, std::generic_category(), "thread"); });
  EXPECT_EQ(threads.code(), StatusCode::kInternal);
  EXPECT_NE(threads.message().find("thread"), std::string::npos);
  const Status file = thrown([] { (void)std::filesystem::file_size("/no/such/file"); });
  EXPECT_EQ(file.code(), StatusCode::kNotFound);
  EXPECT_NE(file.message().find("/no/such/file"), std::string::npos);
  EXPECT_EQ(thrown([] { throw std::invalid_argument("two shapes"); }),
            Status(StatusCode::kInvalidArgument, "two shapes"));
  EXPECT_EQ(thrown([] { throw std::runtime_error("else"); }), Status(StatusCode::kInternal, "else"));
  EXPECT_EQ(thrown([] { throw 7; }).code(), StatusCode::kInternal);
}

TEST(GuardTest, AProgramEndsWithALineAndItsCodeInsteadOfAnAbort) {
  ::testing::internal::CaptureStderr();
  const int code = run_program("oodml-demo", []() -> int {
    throw std::filesystem::filesystem_error("look", "/gone",
                                            std::make_error_code(std::errc::no_such_file_or_directory));
  });
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(code, kExitNotFound);
  EXPECT_EQ(said.find("oodml-demo: "), 0u) << said;
  EXPECT_NE(said.find("/gone"), std::string::npos) << said;
  EXPECT_EQ(run_program("oodml-demo", [] { return 3; }), 3);
}

}  // namespace
}  // namespace oodml
