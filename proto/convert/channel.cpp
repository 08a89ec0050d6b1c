#include "proto/convert/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>

namespace oodml::convert {
namespace {

/// The longest wait for a change of state. Nothing depends on it: a change ends the wait.
constexpr std::chrono::seconds kLook{1};

grpc::ChannelArguments arguments_of(const ChannelOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_reply_bytes);
  // gRPC's own pauses grow to two minutes: far longer than a coordinator's restart.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  // Despite its name this is how long an attempt may take. A coordinator under load has been seen to need seconds for a
  // handshake; more than this only delays finding one whose machine dropped the first packets.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  // A watcher says nothing for minutes; gRPC would stop asking after two pings.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Clusters set http_proxy for the world outside; the coordinator is inside.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

bool has_one_of(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [text](auto part) { return text.find(part) != text.npos; });
}

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const ChannelOptions& options) {
  if (options.tls_ca.empty()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = options.tls_ca;
  return grpc::SslCredentials(tls);
}

/// With the resolver named: a host called unix or dns would be taken for one.
std::shared_ptr<grpc::Channel> channel_of(const ChannelOptions& options) {
  return grpc::CreateCustomChannel("dns:///" + options.address, credentials_of(options), arguments_of(options));
}

}  // namespace

Channel::Channel(const ChannelOptions& options) : options_(options), channel_(channel_of(options)) {
  if (!options.tls_ca.empty() && !options.tls_ca_file.empty())
    authorities_.emplace(options.tls_ca_file, options.tls_ca);
  thread_ = std::thread([this] { keep_connected(); });
}

Channel::~Channel() {
  {
    const std::lock_guard lock(mutex_);
    channel_.reset();  // its end is a change of state
  }
  thread_.join();
  changes_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (changes_.Next(&tag, &ok)) continue;
}

std::shared_ptr<grpc::Channel> Channel::get() const {
  const std::lock_guard lock(mutex_);
  return channel_;
}

void Channel::look_at_authorities() {
  auto read = authorities_ ? authorities_->look(SystemClock().now()) : std::nullopt;
  if (!read) return;
  if (read->has_value()) {
    options_.tls_ca = **std::move(read);
    const std::shared_ptr<grpc::Channel> renewed = channel_of(options_);
    const std::lock_guard lock(mutex_);
    if (channel_ != nullptr) channel_ = renewed;
  }
  if (options_.authorities_read) options_.authorities_read(detail::status_of(*read));
}

/// Waiting for a change of state is waiting in gRPC: it moves the handshake, and all else that the channel has to do.
void Channel::keep_connected() {
  while (true) {
    look_at_authorities();
    {
      const std::lock_guard lock(mutex_);
      if (channel_ == nullptr) return;
      const grpc_connectivity_state state = channel_->GetState(/*try_to_connect=*/true);
      channel_->NotifyOnStateChange(state, std::chrono::system_clock::now() + kLook, &changes_, nullptr);
    }
    void* tag = nullptr;
    bool ok = false;
    changes_.Next(&tag, &ok);
  }
}

bool could_not_connect(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         has_one_of(status.error_message(),
                    {"failed to connect to all addresses", "DNS resolution failed", "empty address list"});
}

Obstacle obstacle_of(std::string_view words) {
  if (has_one_of(words, {"DNS", "resol"})) return Obstacle::kUnknownHost;
  if (has_one_of(words, {"wrong version number", "WRONG_VERSION_NUMBER", "http request"})) return Obstacle::kNoTls;
  // The last: gRPC could make nothing of the certificates to trust.
  if (has_one_of(words, {"Ssl", "SSL", "ertificate", "andshake", "empty address list"})) return Obstacle::kTls;
  if (has_one_of(words, {"closed", "reset"})) return Obstacle::kHangsUp;
  return Obstacle::kNobody;
}

}  // namespace oodml::convert
