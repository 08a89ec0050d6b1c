#include "core/daemon/service_manager.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/support/fake_service_manager.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::daemon {
namespace {

using namespace std::chrono_literals;

using oodml::testing::FakeServiceManager;

class ServiceManagerTest : public ::testing::Test {
 protected:
  oodml::testing::TemporaryFolder folder_;
  std::string path_ = (folder_ / "notify").string();
  FakeServiceManager systemd_{path_};
};

TEST_F(ServiceManagerTest, EachMessageIsOneDatagram) {
  const ServiceManager manager(path_);
  manager.status("waiting for the coordinator");
  manager.ready("listening on 127.0.0.1:7070");
  manager.stopping();
  EXPECT_EQ(systemd_.next(), "STATUS=waiting for the coordinator");
  EXPECT_EQ(systemd_.next(), "READY=1\nSTATUS=listening on 127.0.0.1:7070");
  EXPECT_EQ(systemd_.next(), "STOPPING=1\nSTATUS=stopping");
  EXPECT_EQ(systemd_.next(), "");
}

TEST_F(ServiceManagerTest, AStatusCannotBringAnotherVariable) {
  ServiceManager(path_).status("a\nMAINPID=1");
  EXPECT_EQ(systemd_.next(), "STATUS=a MAINPID=1");
}

TEST_F(ServiceManagerTest, SignsOfLifeGoOutTwiceInTheWatchdogsTime) {
  ServiceManager manager(path_, 10s);
  const std::chrono::steady_clock::time_point start{};
  manager.alive(start);
  EXPECT_EQ(systemd_.next(), "WATCHDOG=1");
  manager.alive(start + 4999ms);
  EXPECT_EQ(systemd_.next(), "");
  manager.alive(start + 5s);
  EXPECT_EQ(systemd_.next(), "WATCHDOG=1");
}

TEST_F(ServiceManagerTest, WithoutAWatchdogOrAManagerNothingIsSaid) {
  ServiceManager(path_).alive({});
  ServiceManager("", 10s).alive({});
  ServiceManager("").ready("x");
  EXPECT_EQ(systemd_.next(), "");
}

TEST(ServiceManagerSocketTest, AbstractSocketsAreReachedToo) {
  const std::string name = "@oodml-test-" + std::to_string(::getpid());
  FakeServiceManager systemd(name);
  EXPECT_TRUE(ServiceManager(name).send("READY=1").ok());
  EXPECT_EQ(systemd.next(), "READY=1");
}

TEST(ServiceManagerSocketTest, AManagerThatIsGoneIsNamedAndNoReasonToEnd) {
  const oodml::testing::TemporaryFolder folder;
  const Status gone = ServiceManager((folder / "none").string()).send("READY=1");
  EXPECT_NE(gone.message().find((folder / "none").string()), std::string::npos) << gone.message();
  EXPECT_EQ(ServiceManager("vsock:2:1234").send("READY=1").code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ServiceManager("/" + std::string(200, 'x')).send("READY=1").code(), StatusCode::kInvalidArgument);
}

TEST_F(ServiceManagerTest, TheVariablesAreTakenOutOfTheEnvironment) {
  ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "2000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  ServiceManager manager = ServiceManager::from_environment();
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) EXPECT_EQ(std::getenv(name), nullptr);
  manager.alive({});
  EXPECT_EQ(systemd_.next(), "WATCHDOG=1");
}

TEST_F(ServiceManagerTest, AWatchdogOfAnotherProcessIsNotOurs) {
  ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "2000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  ServiceManager::from_environment().alive({});
  EXPECT_EQ(systemd_.next(), "");
}

}  // namespace
}  // namespace oodml::daemon
