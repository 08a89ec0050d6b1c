#include <gtest/gtest.h>

#include "coordinator/web/log_in_limit.h"
#include "coordinator/web/session_table.h"
#include "tests/coordinator/web/web_fixture.h"

namespace oodml::coordinator::web {
namespace {

using SessionTest = WebTest;

TEST_F(SessionTest, NobodySeesAnythingBeforeTheLogIn) {
  EXPECT_EQ(client().Get("/session")->status, 401);
  EXPECT_EQ(post("/api/v1/SweepService/List", from_page())->status, 401);
  EXPECT_EQ(client().Get("/api/v1/watch?all=1")->status, 401);
  EXPECT_EQ(post("/logout", from_page())->status, 401);
  EXPECT_EQ(client().Get("/")->status, 200) << "the page itself holds no secret";
}

TEST_F(SessionTest, ATokenOpensASessionWhoseCookieNoScriptAndNoOtherSiteCanUse) {
  const auto reply = log_in(kViewer);
  ASSERT_EQ(reply->status, 200);
  const std::string cookie = reply->get_header_value("Set-Cookie");
  for (const char* word : {"; HttpOnly", "; SameSite=Strict", "; Path=/"}) {
    EXPECT_NE(cookie.find(word), std::string::npos) << cookie;
  }
  EXPECT_EQ(cookie.find(kViewer), std::string::npos);
  const LoggedIn session = logged_in(kViewer);
  const auto document = client().Get("/session", from_page(session.cookie));
  const nlohmann::json who = nlohmann::json::parse(document->body);
  EXPECT_EQ(who["name"], "bob");
  EXPECT_EQ(who["role"], "viewer");
  EXPECT_EQ(document->body.find(kViewer), std::string::npos);
  EXPECT_EQ(document->get_header_value("Cache-Control"), "no-store");
}

TEST_F(SessionTest, WrongTokensAndWorkersTokensAreRefused) {
  EXPECT_EQ(log_in("wrong-0123456789")->status, 401);
  EXPECT_EQ(log_in(kWorker)->status, 403);
  EXPECT_EQ(post("/login", from_page(), "no json")->status, 400);
  EXPECT_EQ(post("/login", from_page(), R"({"token": 7})")->status, 400);
  EXPECT_EQ(post("/login", from_page(), R"({"token": ")" + std::string(100'000, 'a') + "\"}")->status, 400);
  EXPECT_EQ(client().Get("/session", from_page("oodml-" + std::to_string(web_->port()) + "=forged"))->status, 401);
}

TEST_F(SessionTest, AnotherSiteCannotLogInOrCall) {
  httplib::Headers elsewhere = {{"Origin", "http://evil.example"}};
  EXPECT_EQ(post("/login", elsewhere, nlohmann::json({{"token", kViewer}}).dump())->status, 403);
  const LoggedIn session = logged_in(kSubmitter);
  const std::string cancel = "/api/v1/SweepService/Cancel";
  const std::string body = R"({"sweep": {"sweepId": "4"}, "requestId": "r"})";
  EXPECT_EQ(post(cancel, from_page(session.cookie, session.csrf), body)->status, 200);
  EXPECT_EQ(post(cancel, from_page(session.cookie), body)->status, 403) << "without the value of /session";
  EXPECT_EQ(post(cancel, from_page(session.cookie, std::string(32, '0')), body)->status, 403);
  elsewhere.insert({"Cookie", session.cookie});
  elsewhere.insert({"X-OODML-CSRF", session.csrf});
  EXPECT_EQ(post(cancel, elsewhere, body)->status, 403);
  elsewhere.erase("Origin");
  EXPECT_EQ(post(cancel, elsewhere, body)->status, 403) << "a browser always says where it comes from";
  httplib::Headers framed = from_page(session.cookie, session.csrf);
  framed.insert({"Sec-Fetch-Site", "cross-site"});
  EXPECT_EQ(post(cancel, framed, body)->status, 403);
  EXPECT_EQ(client().Post(cancel, from_page(session.cookie, session.csrf), body, "text/plain")->status, 415)
      << "what a form of another site can send";
}

TEST_F(SessionTest, RolesAreThoseOfTheToken) {
  const LoggedIn viewer = logged_in(kViewer);
  const std::string body = R"({"sweep": {"sweepId": "4"}, "requestId": "r"})";
  const auto refused = post("/api/v1/SweepService/Cancel", from_page(viewer.cookie, viewer.csrf), body);
  EXPECT_EQ(refused->status, 403);
  EXPECT_NE(refused->body.find("the role submitter is needed"), std::string::npos) << refused->body;
  EXPECT_EQ(post("/api/v1/SweepService/List", from_page(viewer.cookie, viewer.csrf))->status, 200);
}

TEST_F(SessionTest, ASessionEnds) {
  LoggedIn session = logged_in(kViewer);
  EXPECT_EQ(post("/logout", from_page(session.cookie))->status, 403) << "nor can another site log one out";
  EXPECT_EQ(post("/logout", from_page(session.cookie, session.csrf))->status, 200);
  EXPECT_EQ(client().Get("/session", from_page(session.cookie))->status, 401) << "by logging out";

  session = logged_in(kViewer);
  clock_.advance(SessionTable::kIdle - std::chrono::minutes(1));
  EXPECT_EQ(client().Get("/session", from_page(session.cookie))->status, 200);
  clock_.advance(SessionTable::kIdle);
  EXPECT_EQ(client().Get("/session", from_page(session.cookie))->status, 401) << "after a night";

  session = logged_in(kViewer);
  write_tokens(std::string("submitter ") + kSubmitter + "\n");
  ASSERT_TRUE(rpc_->read_files_again().ok());
  EXPECT_EQ(client().Get("/session", from_page(session.cookie))->status, 401) << "with its token";
}

TEST_F(SessionTest, GuessingBecomesSlow) {
  for (int i = 0; i <= LogInLimit::kFree; ++i) EXPECT_EQ(log_in("wrong-0123456789")->status, 401);
  EXPECT_EQ(log_in(kViewer)->status, 429) << "also with the right one";
  EXPECT_EQ(post("/api/v1/SweepService/List", bearing(kViewer))->status, 429) << "and by the other way";
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(log_in(kViewer)->status, 200);
}

TEST_F(SessionTest, WithoutTokensThisMachineAloneIsAnswered) {
  start({.listen = {.port = 0}});
  const auto document = client().Get("/session");
  ASSERT_EQ(document->status, 200);
  const std::string csrf = nlohmann::json::parse(document->body)["csrf"];
  EXPECT_EQ(post("/api/v1/SweepService/List", from_page("", csrf))->status, 200);
  EXPECT_EQ(post("/api/v1/SweepService/List", from_page())->status, 403) << "another site of the same browser";
  // A site elsewhere whose name it lets lead here.
  const std::string theirs = "evil.example:" + std::to_string(web_->port());
  EXPECT_EQ(client().Get("/session", {{"Host", theirs}})->status, 403);
  EXPECT_EQ(client().Get("/", {{"Host", theirs}})->status, 403);
  EXPECT_EQ(post("/login", from_page(), nlohmann::json({{"token", kViewer}}).dump())->status, 409);
}

TEST_F(SessionTest, ALinkLetsInOnce) {
  start({.listen = {.port = 0}, .has_entry_link = true});
  EXPECT_EQ(client().Get("/session")->status, 401) << "other people of this machine get nothing";
  EXPECT_EQ(client().Get("/enter?key=wrong")->status, 401);
  EXPECT_EQ(client().Get("/enter")->status, 401);
  const auto entered = client().Get("/" + web_->entry_path());
  ASSERT_EQ(entered->status, 303);
  EXPECT_EQ(entered->get_header_value("Location"), "/");
  const std::string cookie = entered->get_header_value("Set-Cookie");
  EXPECT_EQ(client().Get("/session", from_page(cookie.substr(0, cookie.find(';'))))->status, 200);
  EXPECT_EQ(client().Get("/" + web_->entry_path())->status, 401) << "the link was used";
  EXPECT_EQ(client().Get("/" + web_->entry_path(), from_page(cookie.substr(0, cookie.find(';'))))->status, 303)
      << "but not for who came by it";
}

TEST_F(SessionTest, BesideTokensTheLinkOpensThePageForTheHolderOfOne) {
  start({.listen = {.port = 0},
         .security = {.tokens = folder_ / "tokens"},
         .has_entry_link = true,
         .entry_token = kSubmitter});
  EXPECT_EQ(client().Get("/session")->status, 401);
  const auto entered = client().Get("/" + web_->entry_path());
  ASSERT_EQ(entered->status, 303);
  const std::string cookie = entered->get_header_value("Set-Cookie");
  const auto who = nlohmann::json::parse(client().Get("/session", from_page(cookie.substr(0, cookie.find(';'))))->body);
  EXPECT_EQ(who["name"], "alice");
  EXPECT_EQ(who["role"], "submitter");
  EXPECT_EQ(log_in(kViewer)->status, 200) << "others by theirs";
}

TEST_F(SessionTest, WhoIsNotAdmittedIsToldWhatHeCannotKnow) {
  const auto why = [&](const std::string& cookie) {
    return nlohmann::json::parse(client().Get("/session", from_page(cookie))->body).value("why", "none");
  };
  EXPECT_EQ(why(""), "");
  const LoggedIn session = logged_in(kViewer);
  start_with_tokens();  // a coordinator that was started anew
  const std::string id = session.cookie.substr(session.cookie.find('='));
  EXPECT_NE(why("oodml-" + std::to_string(web_->port()) + id).find("Your log-in has ended"), std::string::npos);
  start({.listen = {.port = 0}, .has_entry_link = true});
  EXPECT_NE(why("").find("The link"), std::string::npos);
}

TEST_F(SessionTest, WhereADatabaseIsOnlyShownNobodyMayChange) {
  const auto may_change = [&] {
    return nlohmann::json::parse(client().Get("/session")->body).value("mayChange", true);
  };
  start({.listen = {.port = 0}});
  EXPECT_TRUE(may_change());
  start({.listen = {.port = 0}, .is_read_only = true});
  EXPECT_FALSE(may_change());
}

TEST(LogInLimitTest, PausesDoubleUpToFiveMinutesAndAreForgotten) {
  testing::FakeClock clock;
  LogInLimit limit(clock);
  for (int i = 0; i < LogInLimit::kFree; ++i) limit.failed("10.0.0.1");
  EXPECT_EQ(limit.pause_of("10.0.0.1").count(), 0);
  for (const int seconds : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    limit.failed("10.0.0.1");
    EXPECT_EQ(limit.pause_of("10.0.0.1").count(), seconds);
  }
  EXPECT_EQ(limit.pause_of("10.0.0.2").count(), 0) << "others are not punished";
  limit.succeeded("10.0.0.1");
  EXPECT_EQ(limit.pause_of("10.0.0.1").count(), 0);
}

TEST(LogInLimitTest, ANetworkOfIpv6IsOneAddress) {
  testing::FakeClock clock;
  LogInLimit limit(clock);
  for (int i = 0; i <= LogInLimit::kFree; ++i) limit.failed("2001:db8::" + std::to_string(i + 1));
  EXPECT_GT(limit.pause_of("2001:db8::abcd").count(), 0);
  EXPECT_EQ(limit.pause_of("2001:db8:1::1").count(), 0);
}

TEST(SessionTableTest, ItsSizeIsBounded) {
  testing::FakeClock clock;
  SessionTable sessions(clock);
  const std::string first = sessions.open("");
  clock.advance(std::chrono::milliseconds(1));
  for (std::size_t i = 0; i < SessionTable::kMost; ++i) sessions.open("");
  EXPECT_EQ(sessions.size(), SessionTable::kMost);
  EXPECT_FALSE(sessions.find(first).has_value()) << "the one used longest ago made room";
}

TEST(SessionTableTest, NothingLivesLongerThanAWeek) {
  testing::FakeClock clock;
  SessionTable sessions(clock);
  const std::string id = sessions.open("token");
  for (int hour = 0; hour < 24 * 7 - 6; hour += 6) {
    clock.advance(std::chrono::hours(6));
    ASSERT_TRUE(sessions.find(id).has_value()) << hour;
  }
  clock.advance(std::chrono::hours(6));
  EXPECT_FALSE(sessions.find(id).has_value());
}

}  // namespace
}  // namespace oodml::coordinator::web
