#include <gtest/gtest.h>

#include <atomic>

#include "coordinator/web/mailbox.h"
#include "tests/coordinator/web/web_fixture.h"

namespace oodml::coordinator::web {
namespace {

class WatchTest : public WebTest {
 protected:
  std::unique_ptr<RawConnection> watch(const std::string& query) {
    auto connection = std::make_unique<RawConnection>(web_->port());
    connection->send("GET /api/v1/watch?" + query + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + kViewer +
                     "\r\n\r\n");
    return connection;
  }
};

TEST_F(WatchTest, ASweepsEventsArriveAsJson) {
  const auto stream = watch("sweep=4");
  service_.sweeps().wait_for_watchers(1);
  service_.sweeps().publish(SweepView{.id = SweepId{4}, .name = "smoke", .state = "running", .trials = 2});
  const std::string text = stream->read_until_closed("smoke");
  EXPECT_NE(text.find("Content-Type: text/event-stream"), std::string::npos) << text;
  EXPECT_NE(text.find("event: start\ndata: {}\n\n"), std::string::npos) << text;
  EXPECT_NE(text.find("event: sweep\ndata: {\"sweepId\":\"4\""), std::string::npos) << text;
}

TEST_F(WatchTest, TheOverviewTellsAllSweepsAndThenWhatChanges) {
  std::atomic<bool> is_later = false;
  service_.sweeps().on_list = [&](const SweepSelection&) {
    const SweepView before{.id = SweepId{4}, .name = "smoke", .state = "running", .trials = 2};
    const SweepView after{.id = SweepId{5}, .name = "next", .state = "running", .trials = 1};
    return SweepPage{.sweeps = {is_later ? after : before}};
  };
  const auto stream = watch("all=1");
  EXPECT_NE(stream->read_until_closed("event: whole").find("\"name\":\"smoke\""), std::string::npos);
  is_later = true;
  const std::string text = stream->read_until_closed("event: gone");
  EXPECT_NE(text.find("\"name\":\"next\""), std::string::npos) << text;
  web_->begin_stop();  // nobody asks what this test answers any more
  rpc_->stop(Duration(0));
}

TEST_F(WatchTest, WhatCannotBeWatchedIsSaid) {
  for (const char* query : {"", "sweep=0", "sweep=x", "sweep=1&trial=2", "all=2", "sweep=99999999999999999999"}) {
    EXPECT_EQ(client().Get("/api/v1/watch?" + std::string(query), bearing(kViewer))->status, 400) << query;
  }
  service_.sweeps().on_watch = [](const SweepRef&, TrialId) -> Status { return not_found("no sweep 9"); };
  const std::string text = watch("sweep=9")->read_until_closed("event: end");
  EXPECT_NE(text.find("event: end"), std::string::npos);
  httplib::Headers framed = bearing(kViewer);
  framed.insert({"Sec-Fetch-Site", "cross-site"});
  EXPECT_EQ(client().Get("/api/v1/watch?all=1", framed)->status, 403);
}

TEST_F(WatchTest, StreamsAreBoundedAndLeaveRoomForCalls) {
  start({.listen = {.port = 0}, .security = {.tokens = folder_ / "tokens"}, .streams = {.streams_of_a_visitor = 2}});
  auto first = watch("sweep=4");
  const auto second = watch("sweep=4");
  service_.sweeps().wait_for_watchers(2);
  EXPECT_EQ(client().Get("/api/v1/watch?all=1", bearing(kViewer))->status, 503);
  EXPECT_EQ(post("/api/v1/SweepService/List", bearing(kViewer))->status, 200);
  first.reset();
  service_.sweeps().wait_for_watchers(1);
  EXPECT_NE(watch("all=1")->read_until_closed("event: whole").find("200 OK"), std::string::npos);
}

TEST_F(WatchTest, AStreamEndsWithItsToken) {
  start({.listen = {.port = 0},
         .security = {.tokens = folder_ / "tokens"},
         .streams = {.heartbeat = std::chrono::milliseconds(50)}});
  const auto stream = watch("sweep=4");
  EXPECT_NE(stream->read_until_closed("event: heartbeat").find("timeMillis"), std::string::npos);
  write_tokens(std::string("submitter ") + kSubmitter + "\n");
  ASSERT_TRUE(rpc_->read_files_again().ok());
  EXPECT_NE(stream->read_until_closed("unauthenticated").find("event: end"), std::string::npos);
}

TEST_F(WatchTest, AStopEndsStreamsAndSaysSo) {
  const auto sweep = watch("sweep=4"), all = watch("all=1");
  service_.sweeps().wait_for_watchers(1);
  all->read_until_closed("event: whole");
  web_->begin_stop();
  EXPECT_NE(sweep->read_until_closed("event: end").find("event: end"), std::string::npos);
  EXPECT_NE(all->read_until_closed("event: end").find("event: end"), std::string::npos);
  service_.sweeps().wait_for_watchers(0);
}

TEST(MailboxTest, OfOneThingOnlyTheNewestIsKept) {
  Mailbox mailbox;
  mailbox.push("sweep 1", {"sweep", "old"});
  mailbox.push("trial 1", {"trial", "a"});
  mailbox.push("", {"event", "b"});
  mailbox.push("", {"event", "c"});
  mailbox.push("sweep 1", {"sweep", "new"});
  mailbox.end(unavailable("stop"));
  EXPECT_FALSE(mailbox.ended().has_value()) << "there is something left to take";
  const auto messages = mailbox.take(Duration(0));
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].json, "a");
  EXPECT_EQ(messages[3].json, "new");
  EXPECT_EQ(mailbox.ended()->message(), "stop");
  EXPECT_TRUE(mailbox.take(Duration(0)).empty());
}

}  // namespace
}  // namespace oodml::coordinator::web
