#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <thread>

#include "coordinator/telling/post.h"

namespace oodml::coordinator::telling {
namespace {

/// A receiver on a free port of this machine.
class HttpPostTest : public ::testing::Test {
 protected:
  HttpPostTest() {
    server_.Post("/in", [this](const httplib::Request& request, httplib::Response& response) {
      body_ = request.body;
      signature_ = request.get_header_value("X-OODML-Signature");
      response.status = status_;
      if (status_ == 302) response.set_header("Location", "/elsewhere");
      response.set_content(std::string(answer_bytes_, 'x'), "text/plain");
    });
    server_.Post("/elsewhere", [this](const httplib::Request&, httplib::Response&) { redirected_ = true; });
    server_.Post("/never", [this](const httplib::Request&, httplib::Response&) {
      while (!over_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~HttpPostTest() override {
    over_ = true;
    server_.stop();
    thread_.join();
  }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  std::string body_, signature_;
  int status_ = 200;
  std::size_t answer_bytes_ = 2;
  std::atomic<bool> redirected_ = false, over_ = false;
  std::unique_ptr<Post> post_ = make_http_post();
};

TEST_F(HttpPostTest, AMessageArrivesWithItsHeaders) {
  EXPECT_EQ(post_->send(url("/in"), {{"X-OODML-Signature", "t=1,v1=ab"}}, R"({"text":"hello"})"), Status());
  EXPECT_EQ(body_, R"({"text":"hello"})");
  EXPECT_EQ(signature_, "t=1,v1=ab");
}

TEST_F(HttpPostTest, WhatTheReceiverSaysIsToldWithoutTheUrl) {
  status_ = 503;
  EXPECT_EQ(post_->send(url("/in"), {}, "x"), Status(StatusCode::kUnavailable, "the receiver answered 503"));
  status_ = 403;
  EXPECT_EQ(post_->send(url("/in"), {}, "x"), Status(StatusCode::kPermissionDenied, "the receiver answered 403"));
  EXPECT_EQ(post_->send(url("/nowhere"), {}, "x"), Status(StatusCode::kInvalidArgument, "the receiver answered 404"));
}

TEST_F(HttpPostTest, NoRedirectIsFollowed) {
  status_ = 302;
  EXPECT_EQ(post_->send(url("/in"), {}, "x"), Status(StatusCode::kUnavailable, "the receiver answered 302"));
  EXPECT_FALSE(redirected_);
}

TEST_F(HttpPostTest, ALongAnswerIsNotRead) {
  answer_bytes_ = 64 << 20;
  EXPECT_EQ(post_->send(url("/in"), {}, "x"), Status());
}

TEST_F(HttpPostTest, NobodyThereIsAFailureAndNoUrlIsShown) {
  const Status sent = post_->send("http://127.0.0.1:1/secret", {}, "x");
  EXPECT_EQ(sent.code(), StatusCode::kUnavailable);
  EXPECT_EQ(sent.message().find("secret"), std::string::npos) << sent.message();
  EXPECT_EQ(post_->send("https://127.0.0.1:" + std::to_string(port_) + "/in", {}, "x").code(),
            StatusCode::kUnavailable);
}

TEST_F(HttpPostTest, AStopDoesNotWaitForAReceiver) {
  Status sent;
  std::thread sender([&] { sent = post_->send(url("/never"), {}, "x"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // whether it is on its way or not, the stop ends it
  post_->cancel();
  sender.join();
  EXPECT_FALSE(sent.ok());
  EXPECT_EQ(post_->send(url("/in"), {}, "x").code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace oodml::coordinator::telling
