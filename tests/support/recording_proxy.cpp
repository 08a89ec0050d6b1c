#include "tests/support/recording_proxy.h"

#include <grpcpp/alarm.h>

#include <atomic>
#include <map>
#include <stdexcept>

namespace oodml::testing {
namespace {

std::string bytes_of(grpc::ByteBuffer buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

bool belongs_to_the_call(const grpc::string_ref& key) {
  return !key.starts_with(":") && !key.starts_with("grpc-") && key != "user-agent" && key != "content-type" &&
         key != "te";
}

}  // namespace

class RecordingProxy::Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(RecordingProxy& proxy) : proxy_(proxy) {}
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

 private:
  RecordingProxy& proxy_;
};

/// One call on its way: the caller's side, and `Onward` the server's. Deletes itself when both are over. Its fields are
/// used by one callback after the other; only a caller may leave at any time.
class RecordingProxy::Forwarded final : public grpc::ServerGenericBidiReactor {
 public:
  Forwarded(RecordingProxy& proxy, grpc::GenericCallbackServerContext& context)
      : proxy_(proxy), caller_(context), fault_(proxy.fault_of(context.method())), onward_(*this) {
    call_.method = context.method();
    StartRead(&request_);
  }

 private:
  class Onward final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
   public:
    explicit Onward(Forwarded& call) : call_(call) {}
    void OnReadDone(bool ok) override { call_.take_reply(ok); }
    void OnDone(const grpc::Status& status) override { call_.take_status(status); }

   private:
    Forwarded& call_;
  };

  void OnReadDone(bool ok) override {
    call_.asked = Clock::now();
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::CANCELLED, "nothing was asked"));
    call_.request = bytes_of(request_);
    after(late_request_, fault_.late_request, [this] { send(); });
  }

  void send() {
    call_.sent = Clock::now();
    const auto stub = fault_.lose_request ? nullptr : proxy_.server_stub();
    if (stub == nullptr) {
      call_.reached_server = false;
      return end(grpc::Status(grpc::StatusCode::UNAVAILABLE, "lost on the way to the server"));
    }
    for (const auto& [key, value] : caller_.client_metadata()) {
      if (belongs_to_the_call(key)) to_server_.AddMetadata({key.data(), key.size()}, {value.data(), value.size()});
    }
    if (!outlives_its_caller()) to_server_.set_deadline(caller_.deadline());
    users_ += 2;  // Onward, and this function
    stub->PrepareBidiStreamingCall(&to_server_, call_.method, {}, &onward_);
    onward_.StartWriteLast(&request_, {});
    onward_.StartRead(&reply_);
    onward_.AddHold();  // until the last reply was read, however long passing one on takes
    onward_.StartCall();
    {
      const std::lock_guard lock(mutex_);
      on_the_way_ = true;
      if (cancelled_ && !outlives_its_caller()) to_server_.TryCancel();
    }
    release();
  }

  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (on_the_way_ && !outlives_its_caller()) to_server_.TryCancel();
  }

  void take_reply(bool ok) {
    if (!ok) return onward_.RemoveHold();
    if (call_.reply.empty()) call_.reply = bytes_of(reply_);
    if (call_.answered == Instant{}) call_.answered = Clock::now();
    if (fault_.lose_reply) return onward_.StartRead(&reply_);
    after(late_reply_, fault_.late_reply, [this] { StartWrite(&reply_); });
  }

  void OnWriteDone(bool ok) override {
    call_.delivered = ok && !cancelled();
    onward_.StartRead(&reply_);
  }

  void take_status(const grpc::Status& status) {
    end(status);
    release();
  }

  void end(const grpc::Status& status) {
    call_.status = status;
    if (call_.answered == Instant{}) call_.answered = Clock::now();
    // Once the caller's time is over it is our end that gives up; nobody is there although nobody has told us yet.
    const bool over = std::chrono::system_clock::now() >= caller_.deadline();
    if (!status.ok()) call_.delivered = !fault_.lose_reply && !cancelled() && !over;
    for (const auto& [key, value] : trailing_metadata()) {
      if (belongs_to_the_call(key)) caller_.AddTrailingMetadata({key.data(), key.size()}, {value.data(), value.size()});
    }
    const bool lost = fault_.lose_reply && call_.reached_server;
    proxy_.keep(std::move(call_), lost);
    Finish(lost ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the reply was lost") : status);
  }

  std::multimap<grpc::string_ref, grpc::string_ref> trailing_metadata() const {
    if (!call_.reached_server) return {};
    return to_server_.GetServerTrailingMetadata();
  }

  /// A request that comes late is answered as if its caller still waited.
  bool outlives_its_caller() const { return fault_.late_request.count() > 0; }

  bool cancelled() {
    const std::lock_guard lock(mutex_);
    return cancelled_;
  }

  void OnDone() override { release(); }
  void release() {
    if (--users_ == 0) delete this;
  }

  template <typename Then>
  void after(grpc::Alarm& alarm, std::chrono::milliseconds wait, Then then) {
    if (wait.count() == 0) return then();
    alarm.Set(std::chrono::system_clock::now() + wait, [then](bool) { then(); });
  }

  using Clock = std::chrono::steady_clock;

  RecordingProxy& proxy_;
  grpc::GenericCallbackServerContext& caller_;
  const CallFault fault_;
  RecordedCall call_;
  grpc::ByteBuffer request_, reply_;
  grpc::ClientContext to_server_;
  Onward onward_;
  grpc::Alarm late_request_, late_reply_;
  std::atomic<int> users_{1};

  std::mutex mutex_;  // guards all below
  bool on_the_way_ = false, cancelled_ = false;
};

grpc::ServerGenericBidiReactor* RecordingProxy::Service::CreateReactor(grpc::GenericCallbackServerContext* context) {
  return new Forwarded(proxy_, *context);
}

RecordingProxy::RecordingProxy(ProxyCredentials credentials)
    : credentials_(std::move(credentials)), service_(std::make_unique<Service>(*this)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials_.callers, &port_);
  builder.RegisterCallbackGenericService(service_.get());
  builder.SetMaxReceiveMessageSize(-1);
  // Callers ask for life signs as often as a coordinator allows them to.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) throw std::runtime_error("a proxy cannot listen");
}

RecordingProxy::~RecordingProxy() { server_->Shutdown(std::chrono::system_clock::now()); }

void RecordingProxy::lead_to(int port) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  auto stub = std::make_shared<grpc::GenericStub>(
      grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), credentials_.server, arguments));
  const std::lock_guard lock(mutex_);
  stub_ = std::move(stub);
}

void RecordingProxy::break_calls(std::function<CallFault(const std::string&)> choose) {
  const std::lock_guard lock(mutex_);
  choose_ = std::move(choose);
  lost_replies_ = 0;
}

void RecordingProxy::lose_replies_to(const std::string& method) {
  break_calls([method](const std::string& called) { return CallFault{.lose_reply = called == method}; });
}

std::vector<RecordedCall> RecordingProxy::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

int RecordingProxy::lost_replies() const {
  const std::lock_guard lock(mutex_);
  return lost_replies_;
}

std::shared_ptr<grpc::GenericStub> RecordingProxy::server_stub() const {
  const std::lock_guard lock(mutex_);
  return stub_;
}

CallFault RecordingProxy::fault_of(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  return choose_ == nullptr ? CallFault{} : choose_(method);
}

void RecordingProxy::keep(RecordedCall call, bool lost_reply) {
  const std::lock_guard lock(mutex_);
  calls_.push_back(std::move(call));
  if (lost_reply) ++lost_replies_;
}

}  // namespace oodml::testing
