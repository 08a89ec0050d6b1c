#pragma once

#include <httplib.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "coordinator/web/tls_context.h"
#include "coordinator/web/web_limits.h"

namespace oodml::coordinator::web {

/// One accepted socket, with TLS or without, as the HTTP library reads and writes it. A request is read by us: whole in
/// a bounded time and of a bounded size, whatever the other side sends and however slowly; the library gets a head that
/// was checked (request_head.h) and of the body what was announced. Used by one thread, but for hang_up().
class Connection final : public httplib::Stream {
 public:
  /// Takes over `socket`; `tls` may be null.
  Connection(int socket, SSL_CTX* tls, Patience patience);
  ~Connection() override;

  bool handshake();
  enum class Next { kRequest, kClosed, kRefused };
  /// Waits for a request and reads its head. kRefused: it was answered by `refused_with()`, which is yet to be sent.
  Next next_request();
  int refused_with() const { return refused_with_; }
  /// Whether the head allows another request behind this one, and its body was read to the end.
  bool can_go_on() const { return keeps_connection_ && body_left_ == 0 && !failed_; }
  /// Whether the other side has left; for streams that have nothing to say.
  bool is_gone() const;
  /// From any thread: whatever waits on the socket ends; of an idle one only while no request has begun.
  void hang_up();
  void hang_up_if_idle();
  /// Sends what was written and reads what still comes for a moment: closed at once, a socket with bytes that nobody
  /// read takes the answer back.
  void linger();

  bool is_readable() const override { return true; }  // reads have their own deadlines
  bool is_writable() const override { return !failed_ && !is_gone(); }
  ssize_t read(char* bytes, std::size_t size) override;
  ssize_t write(const char* bytes, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  bool wait(short events, Deadline deadline) const;
  bool wait_for_tls(int result, Deadline deadline) const;
  ssize_t receive(char* bytes, std::size_t size, Deadline deadline);
  ssize_t send_some(const char* bytes, std::size_t size, Deadline deadline);
  bool read_head(std::string& head);

  const int socket_;
  const Patience patience_;
  const std::unique_ptr<SSL, void (*)(SSL*)> tls_;
  std::string ahead_;  // received and not yet used
  std::string head_;   // for the library
  std::size_t head_read_ = 0;
  std::size_t body_left_ = 0;
  Deadline body_deadline_{};
  bool keeps_connection_ = false;
  bool failed_ = false;
  std::atomic<bool> idle_ = false;  // waits for the first byte of a request
  int refused_with_ = 0;
};

}  // namespace oodml::coordinator::web
