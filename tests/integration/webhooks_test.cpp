// What happens in a cluster is told to whom its coordinator was told to tell, whatever is killed or away meanwhile.
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

/// Somebody's program that is told, on a free port of this machine; away until it is let in.
class Receiver {
 public:
  Receiver() {
    server_.Post("/in", [this](const httplib::Request& request, httplib::Response& response) {
      if (!here_) {
        response.status = 503;
        return;
      }
      const std::lock_guard lock(mutex_);
      told_.emplace_back(request.get_header_value("X-OODML-Delivery"), nlohmann::json::parse(request.body));
      is_signed_ = is_signed_ && request.get_header_value("X-OODML-Signature").starts_with("t=");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Receiver() {
    server_.stop();
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/in"; }
  void come() { here_ = true; }
  bool is_signed() const { return is_signed_; }
  /// Their kinds, each delivery once, in order.
  std::vector<std::string> kinds() const {
    const std::lock_guard lock(mutex_);
    std::set<std::string> seen;
    std::vector<std::string> kinds;
    for (const auto& [delivery, body] : told_) {
      if (seen.insert(delivery).second) kinds.push_back(body["kind"]);
    }
    return kinds;
  }
  std::string last_text() const {
    const std::lock_guard lock(mutex_);
    return told_.back().second["text"];
  }

 private:
  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  std::atomic<bool> here_ = false;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<std::pair<std::string, nlohmann::json>> told_;
  std::atomic<bool> is_signed_ = true;
};

class WebhooksTest : public ::testing::Test {
 protected:
  /// A file of one hook that hears of everything.
  std::filesystem::path hooks() {
    write_text(folder_ / "hooks", "lab * all json " + receiver_.url() + " 0123456789abcdef\n");
    EXPECT_EQ(::chmod((folder_ / "hooks").c_str(), 0600), 0);
    return folder_ / "hooks";
  }

  TemporaryFolder folder_;
  Receiver receiver_;
};

TEST_F(WebhooksTest, NewsOutliveAKillAndAReceiverThatIsAway) {
  Cluster cluster(folder_.path(),
                  R"({"seeds": {"0": [{"do": "fail", "kind": "out_of_memory"}]}, "default": ["normal"]})",
                  {.through_proxy = false, .coordinator_words = {"--webhooks", hooks().string()}});
  cluster.start_with(faults_sweep(2), 2);
  ASSERT_TRUE(wait_until([&] { return cluster.count({"succeeded", "failed"}) == 2; }));
  ASSERT_TRUE(
      wait_until([&] { return cluster.coordinator_log().find("does not take its message") != std::string::npos; }));
  cluster.kill_coordinator();
  receiver_.come();
  cluster.start_coordinator();
  EXPECT_TRUE(wait_until([&] { return receiver_.kinds().size() >= 2; })) << cluster.coordinator_log();
  EXPECT_EQ(receiver_.kinds(), (std::vector<std::string>{"first_failure", "finished"}));
  EXPECT_EQ(receiver_.last_text(), "Sweep 1 faults finished: 1 of 2 trials succeeded, 1 failed.");
  EXPECT_TRUE(receiver_.is_signed());
  cluster.stop();
}

TEST_F(WebhooksTest, AHookIsTriedByHand) {
  const auto test = [&] { return run({program("oodml-coordinator"), "--webhooks", hooks(), "--test-webhooks"}); };
  const Output away = test();
  EXPECT_EQ(away.exit_code, 1);
  EXPECT_EQ(away.out, "lab: the receiver answered 503\n") << away.err;
  receiver_.come();
  const Output told = test();
  EXPECT_EQ(told.exit_code, 0) << told.err;
  EXPECT_EQ(told.out, "lab: told\n");
  EXPECT_EQ(receiver_.kinds(), std::vector<std::string>{"test"});
}

}  // namespace
}  // namespace oodml::testing
