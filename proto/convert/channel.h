#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/status.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "core/connection/authority_file.h"
#include "core/job/limits.h"

namespace oodml::convert {

struct ChannelOptions {
  std::string address;  ///< HOST:PORT, as core/connection/address.h writes it.
  std::string tls_ca;   ///< PEM of those who may have signed the coordinator's certificate; empty: without TLS.
  std::filesystem::path tls_ca_file;  ///< Where that stands, to be read again when it changes; empty: it is not.
  int max_reply_bytes = job::kMaxWorkerReplyBytes;
  /// Hears when the file was read again, or why it could not be, on the channel's thread; may be empty.
  std::function<void(const Status&)> authorities_read;
};

/// The way to a coordinator, for everything that calls one. What it guarantees, in the clear and over TLS, whatever the
/// calls are (blocking, long polls, streams) and without any:
///
/// * It connects when it is made, and again whenever the connection is lost: a coordinator that is back is found within
///   two seconds or so, and an attempt has ten, however slowly the other side answers the handshake.
/// * While nobody is there a call fails at once with UNAVAILABLE and the reason of the last attempt: refused, wrong
///   authority, wrong host name. Only while the very first attempt, or the first after a loss, is under way it waits.
/// * A connection whose other end vanished is noticed after 40 s. No proxy is asked.
/// * Authorities that were renewed in `tls_ca_file` hold for the calls from then on; running calls keep their
/// connection.
///
/// A thread of its own is what makes the first point true. gRPC moves a connection only while some thread waits in it,
/// and calls that fail at once do not wait: a refused port is still noticed now and then, but a TLS handshake takes
/// several rounds, which gRPC's fallback makes every five seconds. Here a thread always waits.
class Channel {
 public:
  explicit Channel(const ChannelOptions& options);
  ~Channel();  ///< After everything that calls through it.
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// For NewStub, of each call anew: another one takes its place when the authorities are renewed.
  std::shared_ptr<grpc::Channel> get() const;

 private:
  void keep_connected();
  void look_at_authorities();

  ChannelOptions options_;                    // the thread's, once it runs
  std::optional<AuthorityFile> authorities_;  // likewise
  mutable std::mutex mutex_;                  // guards channel_
  std::shared_ptr<grpc::Channel> channel_;    // null once it is to end
  grpc::CompletionQueue changes_;
  std::thread thread_;
};

/// Whether a call failed for want of a connection, so that nobody has seen it. One that was under way when its
/// connection broke did not: somebody was there.
bool could_not_connect(const grpc::Status& status);

/// What kept a call from the coordinator, by gRPC's words for it.
enum class Obstacle {
  kNobody,       ///< Refused, or no answer.
  kUnknownHost,  ///< The name cannot be resolved.
  kTls,          ///< The handshake failed: another authority, another host name, a certificate that is over.
  kNoTls,        ///< Somebody answered, but not with TLS.
  kHangsUp       ///< Somebody closed the connection: it may want TLS.
};
Obstacle obstacle_of(std::string_view words);

}  // namespace oodml::convert
