#include "coordinator/rpc/listen.h"

#include <gtest/gtest.h>

#include <chrono>

#include "coordinator/rpc/long_poll.h"

namespace oodml::coordinator::rpc {
namespace {

TEST(ExposureTest, OthersNeedTlsAndTokensOrAnExplicitRisk) {
  const Address everywhere{"0.0.0.0", 7070}, here{};
  EXPECT_TRUE(check_exposure(here, {}).ok());
  EXPECT_TRUE(check_exposure(here, {.tokens = "t"}).ok());
  EXPECT_TRUE(check_exposure(everywhere, {.tls_cert = "c", .tls_key = "k", .tokens = "t"}).ok());
  EXPECT_TRUE(check_exposure(everywhere, {.insecure = true}).ok());
  EXPECT_TRUE(check_exposure(everywhere, {.tokens = "t", .insecure = true}).ok());
  EXPECT_EQ(
      check_exposure(everywhere, {}).message(),
      "refusing to listen on 0.0.0.0:7070, where other machines can connect, without --tls-cert and --tls-key, and "
      "--tokens; give them, listen on 127.0.0.1, or accept the risk with --insecure");
  EXPECT_NE(check_exposure(everywhere, {.tokens = "t"}).message().find("without --tls-cert and --tls-key;"),
            std::string::npos);
  EXPECT_NE(check_exposure(everywhere, {.tls_cert = "c", .tls_key = "k"}).message().find("without --tokens;"),
            std::string::npos);
}

TEST(ExposureTest, ACertificateNeedsItsKey) {
  EXPECT_EQ(check_exposure({}, {.tls_cert = "c"}).message(), "--tls-cert without --tls-key");
  EXPECT_EQ(check_exposure({}, {.tls_key = "k"}).message(), "--tls-key without --tls-cert");
}

TEST(WaitingTimeTest, IsFourFifthsOfTheDeadlineAtMostAMinute) {
  using namespace std::chrono_literals;
  const std::chrono::system_clock::time_point now{1'000'000s};
  EXPECT_EQ(waiting_time(now, now + 10s), 8s);
  EXPECT_EQ(waiting_time(now, now + 75s), 60s);
  EXPECT_EQ(waiting_time(now, now + 1h), 60s);
  EXPECT_EQ(waiting_time(now, now - 1s), 0s);
  EXPECT_EQ(waiting_time(now, std::chrono::system_clock::time_point::max()), 30s);
}

}  // namespace
}  // namespace oodml::coordinator::rpc
