#include "proto/convert/status_convert.h"

#include <gtest/gtest.h>

namespace oodml::convert {
namespace {

TEST(StatusConvertTest, EveryCodeComesBack) {
  for (int i = 0; i <= static_cast<int>(StatusCode::kInternal); ++i) {
    const Status status(static_cast<StatusCode>(i), i == 0 ? "" : "trial 7: cannot");
    EXPECT_EQ(from_grpc(to_grpc(status)), status) << status.text();
  }
}

TEST(StatusConvertTest, CodesWeNeverSendAreInternal) {
  EXPECT_EQ(from_grpc(grpc::Status(grpc::StatusCode::UNKNOWN, "?")).code(), StatusCode::kInternal);
  EXPECT_EQ(from_grpc(grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "?")).code(), StatusCode::kInvalidArgument);
}

std::size_t encoded_size(const std::string& message) {
  std::size_t size = 0;
  for (const char c : message) size += c >= ' ' && c <= '~' && c != '%' ? 1 : 3;
  return size;
}

TEST(StatusConvertTest, ALongListOfErrorsKeepsWholeLinesAndSaysHowManyAreMissing) {
  std::string message;
  for (int i = 0; i < 200; ++i)
    message += (i > 0 ? "\n" : "") + std::string("sweep.yaml:7:5: unknown key 'marign'; did you mean 'margin'?");
  const std::string sent = to_grpc(Status(StatusCode::kInvalidArgument, message)).error_message();
  EXPECT_LE(encoded_size(sent), 6u * 1024);
  const auto lines = std::count(sent.begin(), sent.end(), '\n');
  EXPECT_GT(lines, 50);
  EXPECT_EQ(sent.substr(sent.rfind('\n') + 1), "... and " + std::to_string(200 - lines) + " more lines");
}

TEST(StatusConvertTest, OneLongLineIsCutBetweenCharacters) {
  std::string message;
  for (int i = 0; i < 5000; ++i) message += "\xc3\xa9";
  const std::string sent = to_grpc(Status(StatusCode::kInternal, message)).error_message();
  EXPECT_LE(encoded_size(sent), 6u * 1024);
  const auto kept = sent.find("... and ");
  ASSERT_NE(kept, std::string::npos);
  EXPECT_EQ(kept % 2, 0u);
  EXPECT_EQ(sent.substr(kept), "... and " + std::to_string(10'000 - kept) + " more bytes");
}

TEST(StatusConvertTest, AMessageThatIsNotUtf8IsMadeSo) {
  EXPECT_EQ(to_grpc(Status(StatusCode::kNotFound, "no caf\xe9")).error_message(), "no caf\xef\xbf\xbd");
}

}  // namespace
}  // namespace oodml::convert
