// `oodml local --web` on a machine that others use, too.
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/e2e/programs.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

constexpr auto kMinutes = std::chrono::minutes(3);

class LocalPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    make_fashion_mnist(folder_ / "benchmarks");
    running_.emplace(local_command(folder_.path(), "state", {"--web", "--set", "epochs=300"}),
                     ProcessOptions{.output = folder_ / "log.txt"});
    ASSERT_TRUE(wait_until([&] { return log().find("/300 step") != std::string::npos; }, kMinutes)) << log();
  }

  std::string log() const { return read_text(folder_ / "log.txt"); }
  /// What stands behind `before` in the link that was printed.
  std::string part_of_link(const std::string& before, const std::string& end) const {
    const std::string text = log();
    const std::size_t start = text.find(before) + before.size();
    return text.substr(start, text.find_first_of(end, start) - start);
  }
  httplib::Client browser() const {
    httplib::Client client("127.0.0.1", std::stoi(part_of_link("once: http://127.0.0.1:", "/")));
    client.set_read_timeout(60);
    return client;
  }
  /// `oodml list` of somebody who knows where the run's coordinator listens.
  Output list(std::vector<std::string> words) const {
    const std::string port = read_text(folder_ / "state/coordinator.port");
    words.insert(words.begin(),
                 {program("oodml"), "list", "--coordinator", "127.0.0.1:" + port.substr(0, port.find('\n'))});
    return run(words, {.environment = {{"XDG_CONFIG_HOME", folder_ / "none"}}});
  }

  TemporaryFolder folder_;
  std::optional<Process> running_;
};

TEST_F(LocalPageTest, ItIsThereForWhoStartedItAloneAndEndsWithTheCommand) {
  // Another person of this machine, in a browser and at a terminal.
  EXPECT_EQ(browser().Get("/session")->status, 401);
  EXPECT_EQ(browser().Post("/api/v1/SweepService/List", "{}", "application/json")->status, 401);
  EXPECT_EQ(browser().Get("/enter?key=" + std::string(64, '0'))->status, 401);
  const Output refused = list({});
  EXPECT_EQ(refused.exit_code, 4) << refused.out << refused.err;
  for (const char* name : {"coordinator.tokens", "coordinator.token", "worker.token", "web-page.link"}) {
    struct stat info{};
    ASSERT_EQ(::stat((folder_ / "state" / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }

  // Who started it: by the link, once, and with the token of the state folder.
  const std::string link = "/enter" + part_of_link("/enter", "\n ");
  const auto entered = browser().Get(link);
  ASSERT_EQ(entered->status, 303) << log();
  const std::string cookie = entered->get_header_value("Set-Cookie");
  const auto session = browser().Get("/session", {{"Cookie", cookie.substr(0, cookie.find(';'))}});
  ASSERT_EQ(session->status, 200);
  EXPECT_EQ(nlohmann::json::parse(session->body)["role"], "operator");
  EXPECT_NE(browser().Get("/", {{"Cookie", cookie}})->body.find("<html"), std::string::npos);
  EXPECT_EQ(browser().Get(link)->status, 401) << "the link was used";
  const Output listed = list({"--token-file", folder_ / "state/coordinator.token"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_NE(listed.out.find("tiny"), std::string::npos) << listed.out;
  const Output read = run({program("oodml"), "list", "--state", folder_ / "state"});
  EXPECT_EQ(read.out, listed.out) << read.err;

  running_->signal(SIGINT);
  EXPECT_EQ(running_->wait(kMinutes), 130) << log();
  EXPECT_FALSE(browser().Get("/")) << "with the command the page ends";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state/web-page.link"));
}

}  // namespace
}  // namespace oodml::testing
