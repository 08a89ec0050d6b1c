#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include "oodml/v1/artifacts.grpc.pb.h"
#include "tests/coordinator/rpc/method_roles.h"
#include "tests/coordinator/rpc/rpc_fixture.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::coordinator::rpc {
namespace {

constexpr const char* kViewer = "viewer-0123456789";
constexpr const char* kSubmitter = "submitter-0123456789";
constexpr const char* kOperator = "operator-0123456789";
constexpr const char* kWorker = "worker-0123456789abc";
const std::map<Role, const char*> kTokens = {
    {Role::kViewer, kViewer}, {Role::kSubmitter, kSubmitter}, {Role::kOperator, kOperator}, {Role::kWorker, kWorker}};

std::filesystem::path private_file(const testing::TemporaryFolder& folder, const std::string& name,
                                   const std::string& text) {
  testing::write_text(folder / name, text);
  EXPECT_EQ(::chmod((folder / name).c_str(), 0600), 0);
  return folder / name;
}

class AccessTest : public RpcTest {
 protected:
  void SetUp() override {
    tokens_ = private_file(folder_, "tokens",
                           std::string("submitter ") + kSubmitter + " alice\nworker " + kWorker + " cluster\nviewer " +
                               kViewer + "\noperator " + kOperator + "\n");
    start({.listen = {.port = 0}, .security = {.tokens = tokens_}});
  }

  /// How the server answers `path` with these bytes for a message and the token, whatever the method is.
  grpc::Status call(const std::string& path, const std::string& authorization, const std::string& message = "") {
    grpc::GenericStub stub(channel_);
    Call call;
    if (!authorization.empty()) call.context.AddMetadata("authorization", authorization);
    const grpc::Slice bytes(message);
    const grpc::ByteBuffer request(&bytes, 1);
    std::mutex mutex;
    std::condition_variable done;
    std::optional<grpc::Status> status;
    grpc::ByteBuffer reply;
    stub.UnaryCall(&call.context, path, grpc::StubOptions(), &request, &reply, [&](grpc::Status ended) {
      const std::lock_guard lock(mutex);
      status = std::move(ended);
      done.notify_one();
    });
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return status.has_value(); });
    return *status;
  }

  testing::TemporaryFolder folder_;
  std::filesystem::path tokens_;
};

TEST_F(AccessTest, EveryMethodAsksForATokenOfItsRole) {
  for (const auto& [name, roles] : kRoles) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName("oodml.v1." + name);
    ASSERT_NE(service, nullptr);
    EXPECT_EQ(roles.size(), static_cast<std::size_t>(service->method_count())) << name;
    for (const auto& [short_name, role] : roles) {
      const std::string path = "/oodml.v1." + name + "/" + short_name;
      const std::string method = name + "." + short_name + ": ";
      EXPECT_EQ(said(call(path, "")),
                "16 " + method + "one `authorization: Bearer TOKEN` is needed, of the role " + to_text(role));
      EXPECT_EQ(said(call(path, "Basic abc")), "16 " + method + "`authorization` is not `Bearer TOKEN`");
      EXPECT_EQ(said(call(path, "Bearer wrong-0123456789")), "16 " + method + "unknown token");
      for (const auto& [has, token] : kTokens) {
        if (includes(has, role)) continue;
        EXPECT_EQ(
            said(call(path, std::string("Bearer ") + token)),
            "7 " + method + "this token has the role " + to_text(has) + "; the role " + to_text(role) + " is needed");
      }
    }
  }
}

TEST_F(AccessTest, CodeIsTakenOfThoseAloneWhoHaveTheRight) {
  private_file(folder_, "tokens",
               std::string("submitter ") + kSubmitter + " bob\nsubmitter+scripts scripts-0123456789abcdef ann\n");
  ASSERT_TRUE(server_->read_files_again().ok());
  bool may = false;
  fake_sweeps().on_submit = [&](const auto&, const auto&, const SubmitOptions& options) {
    may = options.may_bring_scripts;
    return SubmitView{};
  };
  const auto artifacts = v1::ArtifactService::NewStub(channel_);
  v1::OfferScriptRequest offer;
  offer.set_sha256(std::string(64, 'a'));
  v1::ContentReply there;
  const grpc::Status refused = artifacts->OfferScript(Call(kSubmitter), offer, &there);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_NE(refused.error_message().find("bob may not submit scripts"), std::string::npos) << said(refused);
  EXPECT_NE(refused.error_message().find("submitter+scripts"), std::string::npos) << said(refused);
  EXPECT_EQ(said(artifacts->OfferScript(Call("scripts-0123456789abcdef"), offer, &there)), "OK");
  v1::SubmitRequest request;
  request.mutable_sweep()->set_yaml("x");
  request.set_request_id("r");
  v1::SubmitReply reply;
  ASSERT_EQ(said(sweeps_->Submit(Call(kSubmitter), request, &reply)), "OK");
  EXPECT_FALSE(may);
  ASSERT_EQ(said(sweeps_->Submit(Call("scripts-0123456789abcdef"), request, &reply)), "OK");
  EXPECT_TRUE(may);
}

TEST_F(AccessTest, NothingIsReadOfARequestWithoutAToken) {
  // Hundreds of thousands of nested groups: no message of ours, and work for whoever parses it.
  const std::string malformed(3 << 20, '\x0b');
  for (const std::string path :
       {"/oodml.v1.SweepService/Submit", "/oodml.v1.SweepService/WatchEvents", "/oodml.v1.WorkerService/PushEvents"}) {
    const bool is_worker = path.find("Worker") != path.npos;
    EXPECT_EQ(call(path, "", malformed).error_code(), grpc::StatusCode::UNAUTHENTICATED) << path;
    EXPECT_EQ(call(path, "Bearer wrong-0123456789", malformed).error_code(), grpc::StatusCode::UNAUTHENTICATED) << path;
    const grpc::Status read = call(path, std::string("Bearer ") + (is_worker ? kWorker : kSubmitter), malformed);
    EXPECT_EQ(read.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << path << ": " << said(read);
    EXPECT_NE(read.error_message().find("the request is no oodml.v1."), std::string::npos) << said(read);
  }
}

v1::RegisterRequest registration(const std::string& worker) {
  v1::RegisterRequest request;
  request.mutable_worker()->set_worker_id(worker);
  request.mutable_worker()->set_host("host");
  request.mutable_worker()->set_version("1");
  return request;
}

TEST_F(AccessTest, AWorkersTokenBelongsToTheNameThatFirstRegisteredWithIt) {
  fake_leases().on_register = [](const auto&) { return LeaseTerms{}; };
  fake_leases().on_heartbeat = [](const auto&, const auto&) { return std::vector<job::Directive>{}; };
  v1::RegisterReply registered;
  ASSERT_EQ(said(workers_->Register(Call(kWorker), registration("gpu-1-0123abcd"), &registered)), "OK");
  EXPECT_EQ(said(workers_->Register(Call(kWorker), registration("gpu-1-9999ffff"), &registered)), "OK")
      << "the same name with a new state folder";
  EXPECT_EQ(workers_->Register(Call(kWorker), registration("gpu-2-0123abcd"), &registered).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);

  v1::HeartbeatRequest beat;
  v1::HeartbeatReply answer;
  beat.set_worker_id("gpu-1-0123abcd");
  EXPECT_EQ(said(workers_->Heartbeat(Call(kWorker), beat, &answer)), "OK");
  beat.set_worker_id("gpu-2-0123abcd");
  EXPECT_EQ(workers_->Heartbeat(Call(kWorker), beat, &answer).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  v1::LeaveRequest leave;
  v1::LeaveReply left;
  leave.set_worker_id("gpu-2-0123abcd");
  EXPECT_EQ(workers_->Leave(Call(kWorker), leave, &left).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(fake_leases().left.empty());
  v1::AcquireRequest acquire;
  v1::AcquireReply trial;
  acquire.set_worker_id("gpu-2-0123abcd");
  acquire.set_slot("cpu:0");
  acquire.set_request_id("r");
  EXPECT_EQ(workers_->Acquire(Call(kWorker), acquire, &trial).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  v1::PushEventsRequest push;
  v1::PushEventsReply pushed;
  push.set_worker_id("gpu-2-0123abcd");
  push.set_lease_id(some_lease().id.value);
  EXPECT_EQ(workers_->PushEvents(Call(kWorker), push, &pushed).error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(AccessTest, WorkersMayShareATokenThatTheFileSaysIsShared) {
  fake_leases().on_register = [](const auto&) { return LeaseTerms{}; };
  EXPECT_EQ(service_.token_owners().kept.size(), 1u) << "the worker's";
  private_file(folder_, "tokens", std::string("workers ") + kWorker + " rack\n");
  ASSERT_TRUE(server_->read_files_again().ok());
  EXPECT_TRUE(service_.token_owners().kept.empty()) << "owners of tokens that are gone are forgotten";
  v1::RegisterReply registered;
  for (const char* name : {"gpu-1-0123abcd", "gpu-2-0123abcd"}) {
    EXPECT_EQ(said(workers_->Register(Call(kWorker), registration(name), &registered)), "OK");
  }
}

TEST_F(AccessTest, TheRightTokenOpensTheService) {
  v1::GetVersionReply version;
  EXPECT_EQ(said(sweeps_->GetVersion(Call(kSubmitter), {}, &version)), "OK");
  fake_leases().on_heartbeat = [](const auto&, const auto&) { return std::vector<job::Directive>{}; };
  v1::HeartbeatRequest request;
  request.set_worker_id("gpu-1");
  v1::HeartbeatReply reply;
  EXPECT_EQ(said(workers_->Heartbeat(Call(kWorker), request, &reply)), "OK");
}

TEST_F(AccessTest, TheServiceLearnsWhoAsksAndWhetherItIsAnOperator) {
  private_file(folder_, "tokens",
               std::string("submitter ") + kSubmitter + " alice\noperator " + kOperator + " olga\nviewer " + kViewer +
                   " vera\nworker " + kWorker + "\n");
  ASSERT_TRUE(server_->read_files_again().ok());
  std::vector<std::pair<std::string, bool>> asked;
  fake_sweeps().on_submit = [&](const auto&, const auto&, const SubmitOptions& options) -> Result<SubmitView> {
    asked.emplace_back(options.owner, options.is_operator);
    return SubmitView{};
  };
  fake_sweeps().on_change = [&](auto, const ChangeSelection& wanted) -> Result<ChangeView> {
    asked.emplace_back(wanted.by.name, wanted.by.is_operator);
    return failure(StatusCode::kPermissionDenied, "it is bob's");
  };
  fake_sweeps().on_change_settings = [&](const SweepSettings& settings) -> Result<ChangeView> {
    asked.emplace_back(settings.by.name, settings.by.is_operator);
    return ChangeView{};
  };
  v1::SubmitRequest submission;
  submission.mutable_sweep()->set_yaml("version: 1\n");
  submission.set_request_id("r-1");
  v1::SubmitReply submitted;
  v1::ChangeRequest change;
  change.mutable_sweep()->set_sweep_id(1);
  change.set_request_id("r-2");
  v1::SetPriorityRequest priority;
  *priority.mutable_sweep() = change.sweep();
  priority.set_request_id("r-3");
  v1::ChangeReply changed;
  for (const char* token : {kSubmitter, kOperator}) {
    EXPECT_EQ(said(sweeps_->Submit(Call(token), submission, &submitted)), "OK");
    EXPECT_EQ(said(sweeps_->Pause(Call(token), change, &changed)), "7 it is bob's");
    EXPECT_EQ(said(sharing_->SetPriority(Call(token), priority, &changed)), "OK");
  }
  const std::pair<std::string, bool> alice{"alice", false}, olga{"olga", true};
  EXPECT_EQ(asked, (std::vector{alice, alice, alice, olga, olga, olga}));

  v1::WhoAmIReply me;
  for (const auto& [token, name, role] :
       {std::tuple{kViewer, "vera", "viewer"}, {kSubmitter, "alice", "submitter"}, {kOperator, "olga", "operator"}}) {
    ASSERT_EQ(said(sharing_->WhoAmI(Call(token), {}, &me)), "OK");
    EXPECT_EQ(me.name(), name);
    EXPECT_EQ(me.role(), role);
  }
  start({.listen = {.port = 0}});
  ASSERT_EQ(said(sharing_->WhoAmI(Call(), {}, &me)), "OK");
  EXPECT_EQ(me.name(), "") << "where nobody is asked";
  EXPECT_EQ(me.role(), "operator");
}

TEST_F(AccessTest, ReadingTheFileAgainChangesWhoMayCall) {
  v1::GetVersionReply version;
  private_file(folder_, "tokens", "submitter another-0123456789\n");
  ASSERT_TRUE(server_->read_files_again().ok());
  EXPECT_EQ(sweeps_->GetVersion(Call(kSubmitter), {}, &version).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(said(sweeps_->GetVersion(Call("another-0123456789"), {}, &version)), "OK");

  private_file(folder_, "tokens", "nonsense\n");
  EXPECT_FALSE(server_->read_files_again().ok());
  EXPECT_EQ(said(sweeps_->GetVersion(Call("another-0123456789"), {}, &version)), "OK");
}

TEST_F(AccessTest, TlsWithATokenWorksAndPlaintextDoesNotGetThrough) {
  const auto [certificate, key] = testing::self_signed_certificate();
  testing::write_text(folder_ / "cert.pem", certificate);
  private_file(folder_, "key.pem", key);
  // Beyond loopback, as a cluster would.
  start({.listen = {.host = "0.0.0.0", .port = 0},
         .security = {.tls_cert = folder_ / "cert.pem", .tls_key = folder_ / "key.pem", .tokens = tokens_}});

  v1::GetVersionReply version;
  EXPECT_EQ(sweeps_->GetVersion(Call(kSubmitter), {}, &version).error_code(), grpc::StatusCode::UNAVAILABLE);
  connect(grpc::SslCredentials({.pem_root_certs = certificate}));
  EXPECT_EQ(said(sweeps_->GetVersion(Call(kSubmitter), {}, &version)), "OK");
  EXPECT_EQ(sweeps_->GetVersion(Call(kWorker), {}, &version).error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(AccessTest, FilesThatAreReplacedHoldWithoutASignal) {
  v1::GetVersionReply version;
  private_file(folder_, "tokens", "submitter another-0123456789 alice\n");
  server_->look_at_files();
  EXPECT_EQ(said(sweeps_->GetVersion(Call(kSubmitter), {}, &version)), "OK") << "it may still be written";
  server_->look_at_files();
  EXPECT_EQ(sweeps_->GetVersion(Call(kSubmitter), {}, &version).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(said(sweeps_->GetVersion(Call("another-0123456789"), {}, &version)), "OK");
}

TEST_F(AccessTest, ARenewedCertificateIsShownToNewConnectionsAndADamagedOneLeavesTheOld) {
  const testing::CertificateAuthority first, second;
  const auto write = [&](const std::string& certificate, const std::string& key) {
    private_file(folder_, "cert.pem", certificate);
    private_file(folder_, "key.pem", key);
  };
  // A channel with an argument of its own shares no connection with another.
  const auto answer = [&](const testing::CertificateAuthority& authority) {
    static int made = 0;
    grpc::ChannelArguments arguments;
    arguments.SetInt("test.channel", ++made);
    const auto stub = v1::SweepService::NewStub(
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                  grpc::SslCredentials({.pem_root_certs = authority.certificate()}), arguments));
    v1::GetVersionReply version;
    return stub->GetVersion(Call(kSubmitter), {}, &version).error_code();
  };
  const auto issued = first.issue(), renewed = second.issue();
  write(issued.certificate, issued.key);
  start({.listen = {.port = 0},
         .security = {.tls_cert = folder_ / "cert.pem", .tls_key = folder_ / "key.pem", .tokens = tokens_}});
  connect(grpc::SslCredentials({.pem_root_certs = first.certificate()}));
  v1::GetVersionReply version;
  ASSERT_EQ(said(sweeps_->GetVersion(Call(kSubmitter), {}, &version)), "OK");

  write(renewed.certificate, issued.key);
  EXPECT_FALSE(server_->read_files_again().ok()) << "of a pair that does not fit nothing is taken";
  EXPECT_EQ(answer(first), grpc::StatusCode::OK);

  write(renewed.certificate, renewed.key);
  ASSERT_TRUE(server_->read_files_again().ok());
  EXPECT_EQ(answer(second), grpc::StatusCode::OK);
  EXPECT_EQ(answer(first), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(said(sweeps_->GetVersion(Call(kSubmitter), {}, &version)), "OK") << "the connection of before stays";
}

std::string refusal(const ServerOptions& options) {
  testing::FakeService service;
  const auto server = Server::start(options, service);
  return server.has_value() ? "started" : server.error().message();
}

TEST_F(AccessTest, StartIsRefusedInOneLineWhenSomethingIsWrong) {
  EXPECT_NE(refusal({.listen = {.host = "0.0.0.0", .port = 0}}).find("refusing to listen on 0.0.0.0:0"),
            std::string::npos);
  EXPECT_EQ(refusal({.listen = {.host = "0.0.0.0", .port = 0}, .security = {.insecure = true}}), "started");
  EXPECT_NE(refusal({.listen = {.port = 0}, .security = {.tokens = folder_ / "none"}}).find("none"), std::string::npos);
  EXPECT_EQ(refusal({.listen = {.port = 0}, .security = {.tls_cert = tokens_, .tls_key = tokens_}}),
            tokens_.string() + ": no certificate in PEM form in it");
}

TEST_F(AccessTest, ATakenPortIsRefusedAndSaidSo) {
  EXPECT_EQ(refusal({.listen = {.port = server_->port()}}),
            "cannot listen on 127.0.0.1:" + std::to_string(server_->port()) + ": Address already in use");
}

}  // namespace
}  // namespace oodml::coordinator::rpc
