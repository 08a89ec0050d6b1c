#pragma once

#include <gtest/gtest.h>
#include <httplib.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "coordinator/rpc/server.h"
#include "coordinator/web/web_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_service.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::web {

inline constexpr const char* kViewer = "viewer-0123456789";
inline constexpr const char* kSubmitter = "submitter-0123456789";
inline constexpr const char* kWorker = "worker-0123456789abc";

/// The web server before the real gRPC server before a FakeService, and requests to it as a browser makes them.
class WebTest : public ::testing::Test {
 protected:
  WebTest() { spdlog::set_level(spdlog::level::off); }
  void SetUp() override {
    service_.sweeps().on_list = [](const SweepSelection&) {
      return SweepPage{.sweeps = {{.id = SweepId{4}, .name = "smoke", .state = "running", .trials = 2}}};
    };
    service_.sweeps().on_change = [](SweepChange, const ChangeSelection&) { return ChangeView{.changed = 2}; };
    start_with_tokens();
  }

  void start_with_tokens() {
    write_tokens(std::string("submitter ") + kSubmitter + " alice\nviewer " + kViewer + " bob\nworker " + kWorker +
                 "\n");
    start({.listen = {.port = 0}, .security = {.tokens = folder_ / "tokens"}});
  }

  void write_tokens(const std::string& text) {
    testing::write_text(folder_ / "tokens", text);
    ASSERT_EQ(::chmod((folder_ / "tokens").c_str(), 0600), 0);
  }

  void start(const WebOptions& options) {
    web_.reset();
    rpc_.reset();
    auto rpc = rpc::Server::start({.listen = {.port = 0}, .security = options.security}, service_);
    ASSERT_TRUE(rpc.has_value()) << rpc.error().text();
    rpc_ = *std::move(rpc);
    health_.reset();
    health_ = std::make_unique<HealthCheck>(service_, folder_ / "db", clock_, health_terms_, nullptr);
    auto web = WebServer::start(options, *rpc_, *health_, clock_);
    ASSERT_TRUE(web.has_value()) << web.error().text();
    web_ = *std::move(web);
  }

  std::string origin() const { return "http://127.0.0.1:" + std::to_string(web_->port()); }
  httplib::Client client() const {
    httplib::Client client("127.0.0.1", web_->port());
    client.set_read_timeout(60);
    return client;
  }

  /// What a page of ours sends.
  httplib::Headers from_page(const std::string& cookie = "", const std::string& csrf = "") const {
    httplib::Headers headers = {{"Origin", origin()}};
    if (!cookie.empty()) headers.insert({"Cookie", cookie});
    if (!csrf.empty()) headers.insert({"X-OODML-CSRF", csrf});
    return headers;
  }
  static httplib::Headers bearing(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

  httplib::Result post(const std::string& path, const httplib::Headers& headers, const std::string& body = "{}") {
    return client().Post(path, headers, body, "application/json");
  }
  httplib::Result log_in(const std::string& token) {
    return post("/login", from_page(), nlohmann::json({{"token", token}}).dump());
  }

  struct LoggedIn {
    std::string cookie, csrf;
  };
  LoggedIn logged_in(const std::string& token) {
    const auto reply = log_in(token);
    EXPECT_TRUE(reply && reply->status == 200);
    const std::string cookie = reply->get_header_value("Set-Cookie");
    LoggedIn session{.cookie = cookie.substr(0, cookie.find(';')), .csrf = ""};
    const auto document = client().Get("/session", from_page(session.cookie));
    session.csrf = nlohmann::json::parse(document->body).value("csrf", "");
    return session;
  }

  /// The bytes with which the server answers these, sent as they are, until it closes.
  std::string answer_to(const std::string& bytes) const;

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  testing::FakeService service_;
  std::unique_ptr<rpc::Server> rpc_;
  HealthTerms health_terms_{.between_looks = std::chrono::hours(1), .least_free_mib = 0};  ///< Looks at the start only.
  std::unique_ptr<HealthCheck> health_;
  std::unique_ptr<WebServer> web_;
};

/// A connection on which a test says what it likes.
class RawConnection {
 public:
  explicit RawConnection(int port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  /// False once the other side has closed.
  bool send(const std::string& bytes) const;
  /// Everything until the other side closes, or `until` came.
  std::string read_until_closed(const std::string& until = "") const;

 private:
  int socket_;
};

inline std::string WebTest::answer_to(const std::string& bytes) const {
  const RawConnection connection(web_->port());
  connection.send(bytes);
  return connection.read_until_closed();
}

}  // namespace oodml::coordinator::web
