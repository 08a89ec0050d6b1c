#include "worker/session.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "tests/support/fake_clock.h"
#include "tests/worker/fake_coordinator.h"

namespace oodml::worker {
namespace {

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto logger =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_));
    logger->set_pattern("%v");
    spdlog::set_default_logger(logger);
  }
  void TearDown() override { spdlog::set_default_logger(before_); }
  /// What is logged when the coordinator's answer is this one.
  std::string said(StatusCode code) {
    log_.str("");
    session_.note(Status());
    log_.str("");
    session_.note(Status(code, "so"));
    return log_.str();
  }

  std::ostringstream log_;
  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  testing::FakeCoordinator coordinator_;
  testing::FakeClock clock_;
  Session session_{coordinator_, clock_, std::chrono::milliseconds(1), {}};
};

TEST_F(SessionTest, NamesWhatIsWrongWithTheCoordinator) {
  EXPECT_EQ(said(StatusCode::kUnavailable),
            "coordinator does not answer, trials go on and events are kept error=unavailable: so\n");
  EXPECT_EQ(said(StatusCode::kDeadlineExceeded),
            "coordinator does not answer, trials go on and events are kept error=deadline_exceeded: so\n");
  EXPECT_EQ(said(StatusCode::kResourceExhausted),
            "coordinator is too busy to take calls, trials go on and events are kept error=resource_exhausted: so\n");
  EXPECT_EQ(said(StatusCode::kUnauthenticated),
            "coordinator does not let this worker in, trials go on and events are kept error=unauthenticated: so\n");
  EXPECT_EQ(said(StatusCode::kInternal),
            "coordinator answers with an error, trials go on and events are kept error=internal: so\n");
}

}  // namespace
}  // namespace oodml::worker
