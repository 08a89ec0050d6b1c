#include "coordinator/web/request_head.h"

#include <gtest/gtest.h>

namespace oodml::coordinator::web {
namespace {

int refusal_of(const std::string& head) {
  const auto checked = check_head(head);
  return checked.has_value() ? 0 : checked.error();
}

std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

std::string post(const std::string& headers) { return "POST /login HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"; }

TEST(RequestHeadTest, OnlyHeadersThatAHandlerReadsComeThrough) {
  const auto head =
      check_head(get("/", "X-Forwarded-For: 1\r\nRange: bytes=0-1\r\nCookie:  a=b \r\nExpect: 100-continue\r\n"));
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->text, "GET / HTTP/1.1\r\ncookie: a=b\r\nhost: a\r\n\r\n");
  EXPECT_EQ(head->body_bytes, 0u);
  EXPECT_TRUE(head->keeps_connection);
}

TEST(RequestHeadTest, OfEncodingsOnlyGzipIsLeft) {
  EXPECT_NE(check_head(get("/", "Accept-Encoding: br, gzip\r\n"))->text.find("accept-encoding: gzip\r\n"),
            std::string::npos);
  EXPECT_EQ(check_head(get("/", "Accept-Encoding: br\r\n"))->text.find("accept-encoding"), std::string::npos);
}

TEST(RequestHeadTest, ABodyHasALengthThatIsSaidOnce) {
  EXPECT_EQ(check_head(post("Content-Length: 12\r\n"))->body_bytes, 12u);
  EXPECT_EQ(refusal_of(post("")), 411);
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n")), 411);
  EXPECT_EQ(refusal_of(post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")), 411);
  EXPECT_EQ(refusal_of(post("Content-Length: 4\r\nContent-Length: 4\r\n")), 400);
  EXPECT_EQ(refusal_of(post("Content-Length: 4, 4\r\n")), 400);
  EXPECT_EQ(refusal_of(post("Content-Length: -1\r\n")), 400);
  EXPECT_EQ(refusal_of(post("Content-Length: +1\r\n")), 400);
  EXPECT_EQ(refusal_of(post("Content-Length: 99999999999999999999\r\n")), 413);
  EXPECT_EQ(refusal_of(post("Content-Length: 2097153\r\n")), 413);
  EXPECT_EQ(refusal_of(post("Content-Length: 2097152\r\n")), 0);
  EXPECT_EQ(refusal_of(post("Content-Length: 4\r\nContent-Encoding: gzip\r\n")), 415);
  EXPECT_EQ(refusal_of(get("/", "Content-Length: 4\r\n")), 400) << "nobody reads it: it would be the next request";
}

TEST(RequestHeadTest, WhatIsNoRequestIsRefused) {
  for (const std::string line : {"", "GET", "GET /", "GET  HTTP/1.1", "GET a HTTP/1.1", "GET http://a/ HTTP/1.1",
                                 "GET /\x01 HTTP/1.1", "GET /\xff HTTP/1.1", "GET / x HTTP/1.1", "\x16\x03\x01"}) {
    EXPECT_EQ(refusal_of(line + "\r\nHost: a\r\n\r\n"), 400) << line;
  }
  EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no host";
  EXPECT_EQ(refusal_of(get("/", "Host: b\r\n")), 400) << "two hosts";
  EXPECT_EQ(refusal_of(get("/", "Cookie: a=b\r\n continued\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Cookie : a=b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "no colon\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", std::string("Cookie: a") + '\0' + "b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("/", "Cookie: a\nb: c\r\n")), 400) << "a line end that only some readers see";
}

TEST(RequestHeadTest, ItsPartsAreBounded) {
  EXPECT_EQ(refusal_of(get("/" + std::string(kMaxTargetBytes - 1, 'a'))), 0);
  EXPECT_EQ(refusal_of(get("/" + std::string(kMaxTargetBytes, 'a'))), 414);
  std::string many;
  for (std::size_t i = 0; i < kMaxHeaderLines; ++i) many += "A: b\r\n";
  EXPECT_EQ(refusal_of(get("/", many)), 431);
}

TEST(RequestHeadTest, OldAndDepartingClientsAreNotKept) {
  EXPECT_FALSE(check_head("GET / HTTP/1.0\r\n\r\n")->keeps_connection);
  EXPECT_FALSE(check_head(get("/", "Connection: Close\r\n"))->keeps_connection);
}

}  // namespace
}  // namespace oodml::coordinator::web
