#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/integration/cluster.h"
#include "tests/support/fake_service_manager.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

class SupervisedTest : public ::testing::Test {
 protected:
  /// A coordinator on a free port whose log is `log_`; options and environment on top.
  Process coordinator(std::vector<std::string> options, std::map<std::string, std::string> environment = {}) {
    std::vector<std::string> words = {program("oodml-coordinator"),
                                      "--listen",
                                      "127.0.0.1:0",
                                      "--database",
                                      folder_ / "c.db",
                                      "--port-file",
                                      folder_ / "port"};
    words.insert(words.end(), options.begin(), options.end());
    return Process(words, {.environment = std::move(environment), .folder = {}, .output = log_});
  }
  bool listens() {
    return wait_until([&] { return std::filesystem::exists(folder_ / "port"); });
  }
  std::vector<std::string> log_lines() const {
    std::istringstream text(read_text(log_));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }
  /// The next message within the time that programs need.
  std::string next() {
    std::string message;
    wait_until([&] { return !(message = systemd_.next()).empty(); });
    return message;
  }

  TemporaryFolder folder_;
  std::filesystem::path log_ = folder_ / "log";
  std::string socket_ = (folder_ / "notify").string();
  FakeServiceManager systemd_{socket_};
};

TEST_F(SupervisedTest, EveryProgramAnswersVersionWithVersionAndCommit) {
  for (const std::string name : {"oodml", "oodml-coordinator", "oodml-worker"}) {
    const Output output = run({program(name), "--version"});
    EXPECT_EQ(output.exit_code, 0);
    EXPECT_TRUE(std::regex_match(output.out, std::regex(name + R"( \d+\.\d+\.\d+, commit [0-9A-Za-z._-]+\n)")))
        << output.out;
  }
}

TEST_F(SupervisedTest, TheCoordinatorTellsThatItListensThatItLivesAndThatItStops) {
  Process process = coordinator({}, {{"NOTIFY_SOCKET", socket_}, {"WATCHDOG_USEC", "1000000"}});
  EXPECT_TRUE(next().starts_with("READY=1\nSTATUS=listening on 127.0.0.1:"));
  EXPECT_EQ(next(), "WATCHDOG=1");
  EXPECT_EQ(next(), "WATCHDOG=1");
  process.signal(SIGTERM);
  std::string message = next();
  while (message == "WATCHDOG=1") message = next();
  EXPECT_EQ(message, "STOPPING=1\nSTATUS=stopping");
  EXPECT_EQ(process.wait(), 0);
}

TEST_F(SupervisedTest, AWorkerIsReadyOnceItIsRegistered) {
  Cluster cluster(folder_.path(), "", {.tls = false});
  cluster.start_coordinator();
  WorkerExtras extras;
  extras.environment["NOTIFY_SOCKET"] = socket_;
  Process& worker = cluster.start_worker("first", 1, extras);
  EXPECT_EQ(next(), "STATUS=waiting for the coordinator at " + cluster.address());
  EXPECT_TRUE(next().starts_with("READY=1\nSTATUS=worker first"));
  worker.signal(SIGTERM);
  EXPECT_EQ(next(), "STOPPING=1\nSTATUS=stopping");
  EXPECT_EQ(worker.wait(), 0);
  cluster.stop();
}

TEST_F(SupervisedTest, AJsonLogIsOneObjectALine) {
  Process process = coordinator({"--log-format", "json"});
  ASSERT_TRUE(listens());
  process.signal(SIGTERM);
  ASSERT_EQ(process.wait(), 0);
  int objects = 0;
  for (const std::string& line : log_lines()) {
    const auto object = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(object.is_object()) << line;
    for (const char* key : {"time", "level", "program", "message"}) EXPECT_TRUE(object.contains(key)) << line;
    EXPECT_EQ(object.at("program"), "oodml-coordinator");
    ++objects;
  }
  EXPECT_GE(objects, 2);
}

TEST_F(SupervisedTest, WhyAProgramEndsIsAnObjectToo) {
  write_text(folder_ / "c.db", std::string(8192, 'x'));
  Process process = coordinator({"--log-format", "json"});
  EXPECT_NE(process.wait(), 0);
  const auto lines = log_lines();
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(nlohmann::json::parse(lines.back()).at("level"), "critical");
}

TEST_F(SupervisedTest, TheJournalGetsPrioritiesAndNoTimes) {
  write_text(log_, "");
  struct stat info{};
  ASSERT_EQ(::stat(log_.c_str(), &info), 0);
  const std::string stream = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
  Process process = coordinator({}, {{"JOURNAL_STREAM", stream}});
  ASSERT_TRUE(listens());
  process.signal(SIGTERM);
  ASSERT_EQ(process.wait(), 0);
  for (const std::string& line : log_lines()) {
    if (line.starts_with("listening on ")) continue;  // stdout
    EXPECT_TRUE(line.starts_with("<6>")) << line;
  }
  EXPECT_EQ(log_lines().back(), "<6>stopped");
}

TEST_F(SupervisedTest, AnotherLogFormatIsWrongUsage) { EXPECT_EQ(coordinator({"--log-format", "yaml"}).wait(), 2); }

}  // namespace
}  // namespace oodml::testing
