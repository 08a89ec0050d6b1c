#include "coordinator/web/web_server.h"

#include <filesystem>
#include <list>
#include <thread>

#include "tests/coordinator/web/web_fixture.h"
#include "tests/support/certificates.h"

namespace oodml::coordinator::web {
namespace {

using WebServerTest = WebTest;

TEST_F(WebServerTest, EveryAnswerSaysWhatABrowserMayDoWithIt) {
  for (const char* path : {"/", "/oodml.js", "/nothing", "/session"}) {
    const auto reply = client().Get(path);
    ASSERT_TRUE(reply) << path;
    const std::string policy = reply->get_header_value("Content-Security-Policy");
    EXPECT_NE(policy.find("default-src 'self'"), std::string::npos) << path;
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos) << path;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << path;
    EXPECT_EQ(reply->get_header_value("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(reply->get_header_value("Referrer-Policy"), "no-referrer") << path;
  }
}

TEST_F(WebServerTest, FilesOfThePageKeepTheirTags) {
  const auto first = client().Get("/");
  ASSERT_EQ(first->status, 200);
  EXPECT_EQ(first->get_header_value("Content-Type"), "text/html; charset=utf-8");
  const std::string tag = first->get_header_value("ETag");
  const auto again = client().Get("/", {{"If-None-Match", tag}});
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->body, "");
  EXPECT_EQ(client().Head("/")->body, "");
  EXPECT_EQ(client().Get("/", {{"Range", "bytes=0-0"}})->body, first->body) << "ranges are not for pages";
}

TEST_F(WebServerTest, AFolderIsServedWithoutAWayOutOfIt) {
  folder_.write("page/index.html", "mine");
  folder_.write("page/vendor/a.js", "script");
  folder_.write("page/.git", "hidden");
  folder_.write("secret", "secret");
  std::filesystem::create_symlink(folder_ / "secret", folder_ / "page/link");
  start({.listen = {.port = 0}, .security = {.tokens = folder_ / "tokens"}, .page = folder_ / "page"});
  EXPECT_EQ(client().Get("/")->body, "mine");
  EXPECT_EQ(client().Get("/vendor/a.js")->body, "script");
  for (const std::string path :
       {"/../secret", "/vendor/../../secret", "/%2e%2e/secret", "/..%2fsecret", "//secret", "/./secret", "/link",
        "/.git", "/vendor", "/vendor/", "/a%00b", "/%2e%2e%5csecret", "/page/../../tokens"}) {
    const std::string answer = answer_to("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404")) << path << ": " << answer;
    EXPECT_EQ(answer.find("secret\r\n"), std::string::npos) << path;
  }
  testing::write_text(folder_ / "page/index.html", "changed");
  EXPECT_EQ(client().Get("/")->body, "changed") << "for people who work on it";
}

TEST_F(WebServerTest, CallsGoThroughInProtobufsJson) {
  const auto listed = post("/api/v1/SweepService/List", bearing(kViewer), R"({"limit": "5"})");
  ASSERT_EQ(listed->status, 200);
  const nlohmann::json list = nlohmann::json::parse(listed->body);
  EXPECT_EQ(list["sweeps"][0]["sweepId"], "4");
  EXPECT_EQ(list["sweeps"][0]["name"], "smoke");
}

TEST_F(WebServerTest, FailuresOfCallsHaveTheirStatusCodeAndMessage) {
  const auto status_of = [&](const std::string& path, const std::string& body) {
    const auto reply = post(path, bearing(kViewer), body);
    return reply ? std::to_string(reply->status) + " " + nlohmann::json::parse(reply->body).value("code", "") : "none";
  };
  EXPECT_EQ(status_of("/api/v1/SweepService/Get", "{}"), "400 invalid_argument");
  service_.sweeps().on_get_trial = [](TrialId, std::int64_t, std::int64_t) { return not_found("no trial 7"); };
  EXPECT_EQ(status_of("/api/v1/SweepService/GetTrial", R"({"trialId": "7"})"), "404 not_found");
  service_.sweeps().on_list = [](const SweepSelection&) -> Result<SweepPage> { throw std::runtime_error("a bug"); };
  EXPECT_EQ(status_of("/api/v1/SweepService/List", "{}"), "500 internal");
  for (const char* path : {"/api/v1/WorkerService/Heartbeat", "/api/v1/UploadService/PutChunk",
                           "/api/v1/SweepService/WatchEvents", "/api/v1/SweepService/Nothing", "/api/v1/SweepService",
                           "/api/v1/", "/api/v1/SweepService/List/more", "/nothing"}) {
    EXPECT_EQ(status_of(path, "{}"), "404 not_found") << path;
  }
}

TEST_F(WebServerTest, BodiesThatAreNoRequestAreRefused) {
  for (const std::string body :
       {"", "[]", "7", "{", "{\"limit\": \"many\"}", "{\"unknown\": 1}", "{\"limit\": 1e99}", "\xff\xfe", "null"}) {
    EXPECT_EQ(post("/api/v1/SweepService/List", bearing(kViewer), body)->status, 400) << body;
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"sweep\":";
  EXPECT_EQ(post("/api/v1/SweepService/Get", bearing(kViewer), deep)->status, 400);
  EXPECT_EQ(post("/api/v1/SweepService/List", bearing(kViewer))->status, 200) << "and it goes on";
}

TEST_F(WebServerTest, HostileHeadsAreRefusedAndClosed) {
  const auto first_line = [&](const std::string& bytes) {
    const std::string answer = answer_to(bytes);
    return answer.substr(0, answer.find("\r\n"));
  };
  const std::string end = "Host: a\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(first_line("GET /" + std::string(10'000, 'a') + " HTTP/1.1\r\n" + end), "HTTP/1.1 414 URI Too Long");
  EXPECT_EQ(first_line("GET / HTTP/1.1\r\nCookie: " + std::string(100'000, 'a') + "\r\n" + end),
            "HTTP/1.1 431 Request Header Fields Too Large");
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 1000; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  EXPECT_EQ(first_line(many + end), "HTTP/1.1 431 Request Header Fields Too Large");
  EXPECT_EQ(first_line("GET / HTTP/1.1\r\nRange: bytes=" + std::string(8000, '0') + "-\r\n" + end), "HTTP/1.1 200 OK");
  EXPECT_EQ(first_line("POST /login HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + end + "ffffffff\r\n"),
            "HTTP/1.1 411 Length Required");
  EXPECT_EQ(first_line("POST /login HTTP/1.1\r\nContent-Length: 99999999\r\n" + end + std::string(100'000, 'a')),
            "HTTP/1.1 413 Payload Too Large");
  EXPECT_EQ(first_line("TRACE / HTTP/1.1\r\n" + end), "HTTP/1.1 405 Method Not Allowed");
  EXPECT_EQ(first_line("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(first_line(std::string("\x16\x03\x01\x02\x00", 5) + "\r\n\r\n"), "HTTP/1.1 400 Bad Request");
}

TEST_F(WebServerTest, WhatNobodyReadIsNotTheNextRequest) {
  // Refused before its body was read: what stands in it must not be taken for a request of the same connection.
  const std::string hidden =
      "GET /session HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + std::string(kViewer) + "\r\n\r\n";
  const std::string answer =
      answer_to("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(hidden.size()) + "\r\n\r\n" + hidden);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
  EXPECT_EQ(answer.find("bob"), std::string::npos) << answer;
}

TEST_F(WebServerTest, SlowClientsAreCutOffAndOthersGoOn) {
  start({.listen = {.port = 0},
         .security = {.tokens = folder_ / "tokens"},
         .limits = {.patience = {.head = std::chrono::milliseconds(300), .body = std::chrono::milliseconds(300)}}});
  const RawConnection head(web_->port()), body(web_->port());
  ASSERT_TRUE(head.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "));
  ASSERT_TRUE(
      body.send("POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"));
  EXPECT_EQ(client().Get("/")->status, 200);
  EXPECT_EQ(head.read_until_closed(), "") << "no request, no answer";
  EXPECT_EQ(body.read_until_closed().find("200 OK"), std::string::npos);
}

TEST_F(WebServerTest, ConnectionsAreBounded) {
  start({.listen = {.port = 0},
         .security = {.tokens = folder_ / "tokens"},
         .limits = {.connections = 8, .connections_of_an_address = 4}});
  std::list<RawConnection> idle;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(idle.emplace_back(web_->port()).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_NE(idle.back().read_until_closed("</html>").find("200 OK"), std::string::npos);
  }
  EXPECT_TRUE(answer_to("").starts_with("HTTP/1.1 503 Service Unavailable"));
  idle.clear();
  EXPECT_TRUE(testing::wait_until([&] {
    const auto reply = client().Get("/");
    return reply && reply->status == 200;
  })) << "once they have left";
}

TEST_F(WebServerTest, OverTlsTheCookieIsSecureAndPlaintextGetsNothing) {
  const auto [certificate, key] = testing::self_signed_certificate();
  testing::write_text(folder_ / "cert.pem", certificate);
  testing::write_text(folder_ / "key.pem", key);
  ASSERT_EQ(::chmod((folder_ / "key.pem").c_str(), 0600), 0);
  start({.listen = {.host = "0.0.0.0", .port = 0},
         .security = {.tls_cert = folder_ / "cert.pem", .tls_key = folder_ / "key.pem", .tokens = folder_ / "tokens"}});
  EXPECT_FALSE(client().Get("/"));
  httplib::SSLClient secure("127.0.0.1", web_->port());
  secure.set_ca_cert_path((folder_ / "cert.pem").c_str());
  secure.enable_server_certificate_verification(true);
  const std::string ours = "https://127.0.0.1:" + std::to_string(web_->port());
  const auto reply =
      secure.Post("/login", {{"Origin", ours}}, nlohmann::json({{"token", kViewer}}).dump(), "application/json");
  ASSERT_TRUE(reply) << httplib::to_string(reply.error());
  EXPECT_EQ(reply->status, 200);
  EXPECT_NE(reply->get_header_value("Set-Cookie").find("; Secure"), std::string::npos);
  const auto downgraded =
      secure.Post("/login", {{"Origin", origin()}}, nlohmann::json({{"token", kViewer}}).dump(), "application/json");
  EXPECT_EQ(downgraded->status, 403) << "a page without TLS is not ours";
  testing::write_text(folder_ / "cert.pem", "nonsense");
  EXPECT_FALSE(web_->reload_certificate().ok());
  EXPECT_EQ(secure.Get("/")->status, 200) << "the old certificate stays";
}

TEST_F(WebServerTest, BeyondLoopbackItWantsTlsAndTokens) {
  const auto refusal = [&](const WebOptions& options) {
    const auto web = WebServer::start(options, *rpc_, *health_, clock_);
    return web.has_value() ? "started" : web.error().message();
  };
  EXPECT_NE(refusal({.listen = {.host = "0.0.0.0", .port = 0}}).find("refusing to listen on 0.0.0.0:0"),
            std::string::npos);
  EXPECT_NE(refusal({.listen = {.port = web_->port()}}).find("Address already in use"), std::string::npos);
  EXPECT_NE(refusal({.listen = {.port = 0}, .page = folder_ / "none"}).find("there is no such folder"),
            std::string::npos);
}

TEST_F(WebServerTest, AStopAnswersWhatRunsAndEndsWhatIsIdle) {
  const RawConnection idle(web_->port());
  ASSERT_TRUE(idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  idle.read_until_closed("</html>");
  web_->begin_stop();
  EXPECT_EQ(idle.read_until_closed(), "");
  rpc_->stop(Duration(0));
  web_->end_stop();
  EXPECT_FALSE(client().Get("/"));
}

}  // namespace
}  // namespace oodml::coordinator::web
