#include "coordinator/rpc/listen.h"

#include <gtest/gtest.h>

#include <chrono>

#include "coordinator/rpc/long_poll.h"

namespace oodml::coordinator::rpc {
namespace {

TEST(EndpointTest, HostAndPortComeBack) {
  for (const char* text : {"127.0.0.1:7070", "[::1]:0", "0.0.0.0:65535", "gpu-1.lab:7070", "[::]:1"}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_TRUE(endpoint.has_value()) << text;
    EXPECT_EQ(endpoint->text(), text);
  }
  EXPECT_EQ(Endpoint::parse("localhost:7070")->text(), "127.0.0.1:7070");
}

TEST(EndpointTest, AnythingElseIsRefused) {
  for (const char* text : {"", ":7070", "7070", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                           "::1:7070", "127.0.0.1:70x", "[::1:7070", "[]:1", "[gpu]:1", "unix:/a:1"}) {
    EXPECT_FALSE(Endpoint::parse(text).has_value()) << text;
  }
}

TEST(EndpointTest, LoopbackIsThisMachineOnly) {
  EXPECT_TRUE(Endpoint::parse("127.0.0.1:1")->is_loopback());
  EXPECT_TRUE(Endpoint::parse("127.9.9.9:1")->is_loopback());
  EXPECT_TRUE(Endpoint::parse("[::1]:1")->is_loopback());
  EXPECT_TRUE(Endpoint::parse("localhost:1")->is_loopback());
  EXPECT_FALSE(Endpoint::parse("0.0.0.0:1")->is_loopback());
  EXPECT_FALSE(Endpoint::parse("[::]:1")->is_loopback());
  EXPECT_FALSE(Endpoint::parse("10.0.0.1:1")->is_loopback());
  EXPECT_FALSE(Endpoint::parse("127.0.0.1.lab:1")->is_loopback());
}

TEST(ExposureTest, OthersNeedTlsAndTokensOrAnExplicitRisk) {
  const Endpoint everywhere{"0.0.0.0", 7070}, here{};
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
