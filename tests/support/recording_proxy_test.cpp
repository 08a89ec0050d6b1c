#include "tests/support/recording_proxy.h"

#include <grpc/grpc.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/process.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMethod = "/test.Echo/Say";

grpc::ByteBuffer buffer_of(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

std::string text_of(grpc::ByteBuffer buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string text;
  for (const grpc::Slice& slice : slices) text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return text;
}

/// Answers "TEXT for WHO" as often as TEXT says (3x: three times), where WHO is the caller's metadata; to "wait" not
/// before its caller leaves; to "no" with a failure.
class EchoService final : public grpc::CallbackGenericService {
 public:
  std::atomic<int> asked{0}, left{0};

  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new Call(*this, *context);
  }

 private:
  class Call final : public grpc::ServerGenericBidiReactor {
   public:
    Call(EchoService& service, grpc::GenericCallbackServerContext& context) : service_(service), context_(context) {
      StartRead(&request_);
    }

   private:
    void OnReadDone(bool ok) override {
      if (!ok) return Finish(grpc::Status::CANCELLED);
      const std::string text = text_of(request_);
      ++service_.asked;
      if (text == "wait") return;
      if (text == "no") {
        context_.AddTrailingMetadata("retry-after-ms", "700");
        return Finish(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many"));
      }
      left_ = text.ends_with("x") ? std::stoi(text) : 1;
      const auto who = context_.client_metadata().find("who");
      const std::string name =
          who == context_.client_metadata().end() ? "nobody" : std::string(who->second.data(), who->second.size());
      reply_ = buffer_of(text + " for " + name);
      StartWrite(&reply_);
    }
    void OnWriteDone(bool) override {
      if (--left_ > 0) return StartWrite(&reply_);
      Finish(grpc::Status::OK);
    }
    void OnCancel() override {
      ++service_.left;
      if (left_ == 0) Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

    EchoService& service_;
    grpc::GenericCallbackServerContext& context_;
    grpc::ByteBuffer request_, reply_;
    int left_ = 0;
  };
};

class RecordingProxyTest : public ::testing::Test {
 protected:
  RecordingProxyTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterCallbackGenericService(&echo_);
    server_ = builder.BuildAndStart();
    proxy_.lead_to(port);
    channel_ = grpc::CreateChannel(proxy_.address(), grpc::InsecureChannelCredentials());
  }
  ~RecordingProxyTest() override { server_->Shutdown(std::chrono::system_clock::now()); }

  /// The replies, joined; their number and the status are in `status_` afterwards.
  std::string ask(const std::string& text, std::chrono::milliseconds patience = 10s) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    context.AddMetadata("who", "Ada");
    context.set_deadline(std::chrono::system_clock::now() + patience);
    grpc::CompletionQueue queue;
    const auto done = [&] {
      void* tag = nullptr;
      bool ok = false;
      queue.Next(&tag, &ok);
      return ok;
    };
    const auto call = stub.PrepareCall(&context, kMethod, &queue);
    call->StartCall(nullptr);
    done();
    call->WriteLast(buffer_of(text), {}, nullptr);
    done();
    std::string replies;
    for (grpc::ByteBuffer reply;;) {
      call->Read(&reply, nullptr);
      if (!done()) break;
      replies += text_of(reply) + ";";
    }
    call->Finish(&status_, nullptr);
    done();
    trailing_ = "";
    for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
      if (key == "retry-after-ms") trailing_ = std::string(value.data(), value.size());
    }
    return replies;
  }

  EchoService echo_;
  std::unique_ptr<grpc::Server> server_;
  RecordingProxy proxy_;
  std::shared_ptr<grpc::Channel> channel_;
  grpc::Status status_;
  std::string trailing_;
};

TEST_F(RecordingProxyTest, PassesOnRequestsMetadataRepliesAndFailures) {
  EXPECT_EQ(ask("hello"), "hello for Ada;");
  EXPECT_EQ(ask("3x"), "3x for Ada;3x for Ada;3x for Ada;");
  EXPECT_EQ(ask("no"), "");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status_.error_message(), "too many");
  EXPECT_EQ(trailing_, "700");

  const auto calls = proxy_.calls();
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].method, kMethod);
  EXPECT_EQ(calls[0].request, "hello");
  EXPECT_EQ(calls[0].reply, "hello for Ada");
  EXPECT_TRUE(calls[0].status.ok() && calls[0].delivered);
  EXPECT_LE(calls[0].asked, calls[0].sent);
  EXPECT_LE(calls[0].sent, calls[0].answered);
  EXPECT_EQ(calls[2].status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(RecordingProxyTest, ACallersDeadlineAndLeavingReachTheServer) {
  ask("wait", 200ms);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(wait_until([&] { return echo_.left == 1; }));
  ASSERT_TRUE(wait_until([&] { return proxy_.calls().size() == 1; }));
  EXPECT_FALSE(proxy_.calls()[0].delivered);
}

TEST_F(RecordingProxyTest, LosesRepliesAfterTheServerHasActed) {
  proxy_.lose_replies_to(kMethod);
  EXPECT_EQ(ask("hello"), "");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(proxy_.lost_replies(), 1);
  EXPECT_TRUE(proxy_.calls()[0].status.ok());
  EXPECT_EQ(proxy_.calls()[0].reply, "hello for Ada");
  EXPECT_FALSE(proxy_.calls()[0].delivered);
  proxy_.break_nothing();
  EXPECT_EQ(ask("hello"), "hello for Ada;");
}

TEST_F(RecordingProxyTest, LosesRequestsBeforeTheServerSeesThem) {
  proxy_.break_calls([](const std::string&) { return CallFault{.lose_request = true}; });
  ask("hello");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(echo_.asked, 0);
  EXPECT_FALSE(proxy_.calls()[0].reached_server);
}

TEST_F(RecordingProxyTest, ALateRequestComesThoughItsCallerGaveUp) {
  proxy_.break_calls([](const std::string&) { return CallFault{.late_request = 300ms}; });
  ask("hello", 100ms);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(echo_.asked, 0);
  ASSERT_TRUE(wait_until([&] { return proxy_.calls().size() == 1; }));
  EXPECT_EQ(echo_.asked, 1);
  EXPECT_FALSE(proxy_.calls()[0].delivered);
  EXPECT_GE(proxy_.calls()[0].sent - proxy_.calls()[0].asked, 250ms);

  proxy_.break_calls([](const std::string&) { return CallFault{.late_reply = 200ms}; });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask("hello"), "hello for Ada;");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 150ms);
}

TEST_F(RecordingProxyTest, AServerThatIsAwayIsUnavailable) {
  server_->Shutdown(std::chrono::system_clock::now());
  ask("hello");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace oodml::testing
