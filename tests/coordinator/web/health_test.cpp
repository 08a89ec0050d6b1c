#include "coordinator/web/health.h"

#include <atomic>

#include "tests/coordinator/web/web_fixture.h"

namespace oodml::coordinator::web {
namespace {

class HealthTest : public WebTest {
 protected:
  void SetUp() override {
    WebTest::SetUp();
    web_.reset();
    health_.reset();
    health_terms_.between_looks = std::chrono::milliseconds(10);
    service_.sweeps().on_list = [this](const SweepSelection&) -> Result<SweepPage> {
      if (is_broken_) return failure(StatusCode::kDataLoss, "/secret/path: malformed");
      return SweepPage();
    };
    start({.listen = {.port = 0}, .security = {.tokens = folder_ / "tokens"}});
  }
  void TearDown() override {
    web_.reset();
    health_.reset();  // asks what this fixture's members answer
  }
  bool says(int status) {
    return testing::wait_until([&] { return client().Get("/healthz")->status == status; });
  }
  std::atomic<bool> is_broken_ = false;
};

TEST_F(HealthTest, ItTellsTheTruthAboutTheDatabaseToEverybodyAndNothingElse) {
  ASSERT_TRUE(says(200));
  EXPECT_EQ(nlohmann::json::parse(client().Get("/healthz")->body)["database"], "ok");
  is_broken_ = true;
  ASSERT_TRUE(says(503));
  const auto broken = client().Get("/healthz");
  EXPECT_EQ(nlohmann::json::parse(broken->body)["database"], "data_loss");
  EXPECT_EQ(broken->body.find("secret"), std::string::npos);
  is_broken_ = false;
  EXPECT_TRUE(says(200)) << "and it recovers";
}

TEST_F(HealthTest, ADiskThatIsNearlyFullFails) {
  health_terms_.least_free_mib = std::int64_t{1} << 60;
  start({.listen = {.port = 0}, .security = {.tokens = folder_ / "tokens"}});
  const auto reply = client().Get("/healthz");
  EXPECT_EQ(reply->status, 503);
  EXPECT_NE(reply->body.find("MiB free"), std::string::npos) << reply->body;
}

TEST_F(HealthTest, AChangeThatWaitsTooLongForTheDiskFailsAndRecovers) {
  health_terms_.between_looks = std::chrono::hours(1);  // it looks as it starts
  const auto look = [&](Duration oldest) {
    service_.load = {.commands = 3, .oldest = oldest, .log_pages = 0};
    start({.listen = {.port = 0}, .security = {.tokens = folder_ / "tokens"}});
    return client().Get("/healthz");
  };
  EXPECT_EQ(look(std::chrono::seconds(10))->status, 200);
  const auto behind = look(std::chrono::seconds(11));
  EXPECT_EQ(behind->status, 503);
  EXPECT_EQ(nlohmann::json::parse(behind->body)["writer"], "a change has waited for the disk for 11 s, 3 wait in all");
  EXPECT_EQ(look(std::chrono::seconds(0))->status, 200);
  std::atomic<int> well = -1;
  service_.load.oldest = std::chrono::seconds(11);
  const HealthCheck check(service_, folder_ / "db", clock_, health_terms_, [&](bool ok) { well = ok; });
  EXPECT_EQ(well, 0) << "gRPC's health service is told the same";
}

TEST_F(HealthTest, ADatabaseThatHangsIsNoted) {
  health_terms_.between_looks = std::chrono::hours(1);
  start({.listen = {.port = 0}, .security = {.tokens = folder_ / "tokens"}});
  EXPECT_EQ(client().Get("/healthz")->status, 200);
  clock_.advance(std::chrono::hours(1) + std::chrono::seconds(11));
  EXPECT_EQ(client().Get("/healthz")->status, 503);
}

TEST_F(HealthTest, OtherProbesAreToldBeforeAnybodyCanAsk) {
  std::atomic<int> well = -1;
  is_broken_ = true;
  const HealthCheck check(service_, folder_ / "db", clock_, health_terms_, [&](bool ok) { well = ok; });
  EXPECT_EQ(well, 0);
}

}  // namespace
}  // namespace oodml::coordinator::web
