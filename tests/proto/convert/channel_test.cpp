#include "proto/convert/channel.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "oodml/v1/sweeps.grpc.pb.h"
#include "tests/support/certificates.h"
#include "tests/support/lossy_proxy.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::convert {
namespace {

using testing::CertificateAuthority;
using testing::free_port;
using testing::wait_until;

using namespace std::chrono_literals;

/// Some coordinator: every call is answered UNIMPLEMENTED.
class Answering {
 public:
  Answering(int port, const std::shared_ptr<grpc::ServerCredentials>& credentials) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), credentials);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    EXPECT_NE(server_, nullptr);
  }
  ~Answering() { server_->Shutdown(std::chrono::system_clock::now()); }

 private:
  v1::SweepService::Service service_;
  std::unique_ptr<grpc::Server> server_;
};

std::shared_ptr<grpc::ServerCredentials> tls_with(const testing::CertificateAndKey& pair) {
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({pair.key, pair.certificate});
  return grpc::SslServerCredentials(options);
}

grpc::Status call(const Channel& channel) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 20s);
  v1::GetVersionReply reply;
  return v1::SweepService::NewStub(channel.get())->GetVersion(&context, {}, &reply);
}

bool is_connected(const Channel& channel) { return channel.get()->GetState(false) == GRPC_CHANNEL_READY; }

/// In the clear and over TLS.
class ChannelTest : public ::testing::TestWithParam<bool> {
 protected:
  ChannelOptions options(int port) const {
    return {.address = "127.0.0.1:" + std::to_string(port), .tls_ca = GetParam() ? authority_.certificate() : ""};
  }
  std::unique_ptr<Answering> server(int port) const {
    return std::make_unique<Answering>(port, GetParam() ? tls_with(pair_) : grpc::InsecureServerCredentials());
  }

  const CertificateAuthority authority_;
  const testing::CertificateAndKey pair_ = authority_.issue();
  const int port_ = free_port();
};

INSTANTIATE_TEST_SUITE_P(Both, ChannelTest, ::testing::Bool(),
                         [](const auto& tried) { return tried.param ? "OverTls" : "InTheClear"; });

TEST_P(ChannelTest, ACoordinatorThatComesLaterIsFoundWithoutACall) {
  const Channel channel(options(port_));
  const grpc::Status nobody = call(channel);
  EXPECT_TRUE(could_not_connect(nobody)) << nobody.error_message();
  EXPECT_EQ(obstacle_of(nobody.error_message()), Obstacle::kNobody) << nobody.error_message();
  const auto coordinator = server(port_);
  EXPECT_TRUE(wait_until([&] { return is_connected(channel); }, 15s));
  EXPECT_EQ(call(channel).error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_P(ChannelTest, ACoordinatorThatIsBackIsFoundWithoutACall) {
  const Channel channel(options(port_));
  for (int life = 0; life < 3; ++life) {
    auto coordinator = server(port_);
    ASSERT_TRUE(wait_until([&] { return is_connected(channel); }, 15s)) << "life " << life;
    EXPECT_EQ(call(channel).error_code(), grpc::StatusCode::UNIMPLEMENTED);
    coordinator.reset();
    ASSERT_TRUE(wait_until([&] { return !is_connected(channel); }, 15s)) << "life " << life;
  }
}

TEST_P(ChannelTest, AHandshakeMayTakeSeconds) {
  testing::LossyProxy slow;
  slow.delay_first_replies(2500ms);
  const auto coordinator = server(port_);
  ChannelOptions through = options(port_);
  through.address = slow.address();
  const Channel channel(through);
  EXPECT_TRUE(could_not_connect(call(channel))) << "the proxy leads nowhere yet";
  slow.lead_to(port_);
  ASSERT_TRUE(wait_until([&] { return is_connected(channel); }, 30s));
  EXPECT_EQ(call(channel).error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_P(ChannelTest, ItsEndDoesNotWaitForAnybody) {
  testing::LossyProxy silent;
  silent.delay_first_replies(60s);
  const auto coordinator = server(port_);
  silent.lead_to(port_);
  ChannelOptions through = options(port_);
  through.address = silent.address();
  for (const ChannelOptions& target : {options(port_), options(free_port()), through}) {
    auto channel = std::make_unique<Channel>(target);
    const auto start = std::chrono::steady_clock::now();
    channel.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s) << target.address;
  }
}

class TlsChannelTest : public ::testing::Test {
 protected:
  /// What a call says to a server with these credentials.
  grpc::Status said(const std::shared_ptr<grpc::ServerCredentials>& credentials, const std::string& tls_ca) const {
    const Answering coordinator(port_, credentials);
    return call(Channel({.address = "127.0.0.1:" + std::to_string(port_), .tls_ca = tls_ca}));
  }

  const CertificateAuthority authority_;
  const int port_ = free_port();
};

TEST_F(TlsChannelTest, TheReasonOfAFailedHandshakeIsSaid) {
  const CertificateAuthority other;
  const auto here = tls_with(authority_.issue()), elsewhere = tls_with(authority_.issue("DNS:elsewhere.example"));
  const auto expect = [](const grpc::Status& status, Obstacle obstacle, const std::string& words) {
    EXPECT_TRUE(could_not_connect(status)) << status.error_message();
    EXPECT_EQ(obstacle_of(status.error_message()), obstacle) << status.error_message();
    EXPECT_NE(status.error_message().find(words), std::string::npos) << status.error_message();
  };
  expect(said(here, other.certificate()), Obstacle::kTls, "certificate verify failed");
  expect(said(elsewhere, authority_.certificate()), Obstacle::kTls, "127.0.0.1 is not in peer certificate");
  expect(said(grpc::InsecureServerCredentials(), authority_.certificate()), Obstacle::kNoTls, "wrong version number");
  expect(said(here, "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n"), Obstacle::kTls, "");
  expect(said(here, ""), Obstacle::kHangsUp, "closed");
}

TEST_F(TlsChannelTest, AnyOfSeveralAuthoritiesMayHaveSigned) {
  const CertificateAuthority old;
  const std::string both = old.certificate() + authority_.certificate();
  for (const auto* authority : {&old, &authority_}) {
    EXPECT_EQ(said(tls_with(authority->issue()), both).error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
}

TEST_F(TlsChannelTest, RenewedAuthoritiesAreReadAgain) {
  const CertificateAuthority old;
  const testing::TemporaryFolder folder;
  const auto file = folder / "ca.crt";
  testing::write_text(file, old.certificate());
  const Answering coordinator(port_, tls_with(authority_.issue()));
  std::mutex mutex;
  std::vector<Status> heard;
  const Channel channel({.address = "127.0.0.1:" + std::to_string(port_),
                         .tls_ca = old.certificate(),
                         .tls_ca_file = file,
                         .authorities_read = [&](const Status& read) {
                           const std::lock_guard lock(mutex);
                           heard.push_back(read);
                         }});
  EXPECT_EQ(obstacle_of(call(channel).error_message()), Obstacle::kTls);
  testing::write_text(folder / "new", authority_.certificate());
  std::filesystem::rename(folder / "new", file);
  EXPECT_TRUE(wait_until([&] { return call(channel).error_code() == grpc::StatusCode::UNIMPLEMENTED; }, 30s));
  const std::lock_guard lock(mutex);
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_TRUE(heard[0].ok()) << heard[0].text();
}

TEST(ChannelNameTest, AHostMayBeCalledAsOneOfGrpcsSchemes) {
  const Channel channel({.address = "unix:7070"});
  const grpc::Status unknown = call(channel);
  EXPECT_EQ(obstacle_of(unknown.error_message()), Obstacle::kUnknownHost) << unknown.error_message();
}

}  // namespace
}  // namespace oodml::convert
