#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/tls_ends.h"

namespace oodml::testing {

/// A relay on a free port of this machine between clients and one server. It passes bytes on in both directions, and on
/// command loses what the server answers, or every connection.
class LossyProxy {
 public:
  LossyProxy();
  ~LossyProxy();
  LossyProxy(const LossyProxy&) = delete;
  LossyProxy& operator=(const LossyProxy&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Where new connections go: a port of this machine. While nobody listens there, they are closed at once.
  void lead_to(int port);

  /// From now on connections are ended here and made anew to the server, to see what they carry: for hold_replies_after
  /// over TLS. Otherwise TLS passes as it is.
  void look_into_tls(const CertificateAndKey& server, const std::string& authority);
  /// From now on what the server says on a new connection arrives only so long after it was accepted: a server under
  /// load.
  void delay_first_replies(std::chrono::milliseconds delay);

  /// Once a client has said `text`, which still arrives, nothing that the server says on that connection does. gRPC
  /// writes the path of a method in clear when a connection calls it first.
  void hold_replies_after(const std::string& text);
  /// So many bytes of the server have been lost since.
  std::size_t lost_bytes() const { return lost_; }
  /// Closes every connection; later ones are whole again.
  void cut();

 private:
  struct Connection {
    int client, server;
    std::string tail;  ///< of what the client said: a text may come in two pieces
    bool holding = false;
    std::chrono::steady_clock::time_point mute_until;
  };

  void run();
  void wake() const;
  void accept_client();
  /// How long the thread waits at most, in milliseconds: until a connection that is mute no longer is.
  int patience() const;
  bool relay_request(Connection& connection);
  bool relay_reply(Connection& connection);

  int listener_ = -1, wake_ = -1, port_ = 0;
  std::atomic<std::size_t> lost_{0};
  std::mutex mutex_;  // guards all below but the connections, which belong to the thread
  std::condition_variable cut_done_;
  int target_ = 0;
  std::chrono::milliseconds delay_{0};
  std::string hold_text_;
  bool cutting_ = false, stopping_ = false;
  std::unique_ptr<TlsEnds> tls_;
  std::vector<Connection> connections_;
  std::jthread thread_;
};

}  // namespace oodml::testing
