// The web server of the real coordinator, over a restart.
#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/coordinator_process.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

constexpr const char* kSweep = R"(version: 1
name: shown
trial: {arch: small_conv_normalize, epochs: 1, images_per_class: 10, evaluate: {sets: [test], metrics: [e_recall@1]}}
matrix:
  benchmark: [fashion_mnist]
  split: [1]
  criterion: [multisimilarity]
  seed: [0, 1]
)";

class WebTest : public ::testing::Test {
 protected:
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  httplib::Client client() const {
    httplib::Client client("127.0.0.1", port_);
    client.set_read_timeout(60);
    return client;
  }
  nlohmann::json document(const httplib::Result& reply) const {
    return reply ? nlohmann::json::parse(reply->body, nullptr, false) : nlohmann::json();
  }
  nlohmann::json call(const std::string& method, const nlohmann::json& request) {
    const std::string csrf = document(client().Get("/session")).value("csrf", "");
    return document(client().Post("/api/v1/SweepService/" + method, {{"Origin", url()}, {"X-OODML-CSRF", csrf}},
                                  request.dump(), "application/json"));
  }

  TemporaryFolder folder_;
  const int port_ = free_port();
  CoordinatorProcess coordinator_{folder_.path(), {"--web", "127.0.0.1:" + std::to_string(port_)}};
};

TEST_F(WebTest, WhatWasDoneByThePageIsThereAfterARestart) {
  ASSERT_EQ(client().Get("/healthz")->status, 200);
  EXPECT_EQ(client().Get("/")->status, 200);
  const nlohmann::json submitted =
      call("Submit", {{"sweep", {{"yaml", kSweep}, {"fileName", "shown.yaml"}}}, {"requestId", "r1"}});
  ASSERT_EQ(submitted.value("trials", ""), "2") << submitted;
  EXPECT_EQ(call("Cancel", {{"sweep", {{"sweepId", "1"}}}, {"requestId", "r2"}}).value("changed", ""), "2");

  // A page that stays open is told that the stream ends, and by the next one everything anew.
  std::string text;
  bool restarted = false;
  const auto read = [&](const char* bytes, std::size_t size) {
    text.append(bytes, size);
    if (!restarted && text.find("\"state\":\"cancelled\"") != text.npos) {
      restarted = true;
      coordinator_.process().signal(SIGTERM);
    }
    return true;
  };
  client().Get("/api/v1/watch?sweep=1", read);
  ASSERT_TRUE(restarted) << text;
  EXPECT_NE(text.find("event: end"), std::string::npos) << text;
  coordinator_.process().wait();
  EXPECT_FALSE(client().Get("/"));
  coordinator_.start();
  std::string again;
  client().Get("/api/v1/watch?all=1", [&](const char* bytes, std::size_t size) {
    again.append(bytes, size);
    return again.find("event: whole") == again.npos;
  });
  EXPECT_NE(again.find("\"state\":\"cancelled\""), std::string::npos) << again;
}

TEST_F(WebTest, ADatabaseThatIsOnlyShownIsSeenOnThePageAndChangedByNobody) {
  ASSERT_EQ(call("Submit", {{"sweep", {{"yaml", kSweep}, {"fileName", "shown.yaml"}}}, {"requestId", "r1"}})
                .value("trials", ""),
            "2");
  coordinator_.process().signal(SIGTERM);
  coordinator_.process().wait();
  const CoordinatorProcess shown(folder_.path(), {"--read-only", "--web", "127.0.0.1:" + std::to_string(port_)});
  EXPECT_EQ(client().Get("/")->status, 200);
  EXPECT_FALSE(document(client().Get("/session")).value("mayChange", true));
  const nlohmann::json list = call("List", nlohmann::json::object());
  ASSERT_EQ(list["sweeps"].size(), 1u) << list;
  EXPECT_EQ(list["sweeps"][0]["name"], "shown");
  for (const char* method : {"Cancel", "Pause", "Resume", "Retry"}) {
    const nlohmann::json refused = call(method, {{"sweep", {{"sweepId", "1"}}}, {"requestId", "r2"}});
    EXPECT_EQ(refused.value("code", ""), "failed_precondition") << method << ": " << refused;
  }
  EXPECT_EQ(call("List", nlohmann::json::object()), list) << "nothing has changed";
}

}  // namespace
}  // namespace oodml::testing
