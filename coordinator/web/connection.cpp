#include "coordinator/web/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "coordinator/web/request_head.h"

namespace oodml::coordinator::web {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLinger{500};
constexpr std::size_t kWriteRate = 32 * 1024;  // bytes a second that a reader has to manage

void read_name(const sockaddr_storage& name, std::string& ip, int& port) {
  char text[INET6_ADDRSTRLEN] = "";
  if (name.ss_family == AF_INET) {
    sockaddr_in address;
    std::memcpy(&address, &name, sizeof(address));
    ::inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text));
    port = ntohs(address.sin_port);
  } else if (name.ss_family == AF_INET6) {
    sockaddr_in6 address;
    std::memcpy(&address, &name, sizeof(address));
    ::inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof(text));
    port = ntohs(address.sin6_port);
  }
  ip = text;
}

}  // namespace

Connection::Connection(int socket, SSL_CTX* tls, Patience patience)
    : socket_(socket), patience_(patience), tls_(tls != nullptr ? SSL_new(tls) : nullptr, SSL_free) {
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
  const int at_once = 1;  // a head and its body are two writes
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
  failed_ = tls != nullptr && (tls_ == nullptr || SSL_set_fd(tls_.get(), socket_) != 1);
}

Connection::~Connection() {
  if (tls_ != nullptr && !failed_) SSL_shutdown(tls_.get());  // says goodbye, waits for nobody
  ERR_clear_error();
  ::close(socket_);
}

void Connection::hang_up() { ::shutdown(socket_, SHUT_RDWR); }

void Connection::hang_up_if_idle() {
  if (idle_) hang_up();
}

void Connection::linger() {
  if (failed_) return;
  if (tls_ != nullptr) SSL_shutdown(tls_.get());
  ERR_clear_error();
  ::shutdown(socket_, SHUT_WR);
  const Deadline deadline = steady_clock::now() + kLinger;
  char bytes[16 * 1024];
  while (wait(POLLIN, deadline) && ::recv(socket_, bytes, sizeof(bytes), 0) > 0) {
  }
  failed_ = true;
}

bool Connection::wait(short events, Deadline deadline) const {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd file{.fd = socket_, .events = events, .revents = 0};
    const int ready = ::poll(&file, 1, static_cast<int>(std::min<std::int64_t>(left, 3'600'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

/// Waits for what OpenSSL wants before it tries the same again; false when the connection has ended.
bool Connection::wait_for_tls(int result, Deadline deadline) const {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return wait(POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE:
      return wait(POLLOUT, deadline);
    default:
      ERR_clear_error();
      return false;
  }
}

bool Connection::handshake() {
  if (failed_) return false;
  if (tls_ == nullptr) return true;
  const Deadline deadline = steady_clock::now() + patience_.handshake;
  for (;;) {
    ERR_clear_error();
    const int result = SSL_accept(tls_.get());
    if (result == 1) return true;
    if (wait_for_tls(result, deadline)) continue;
    failed_ = true;
    return false;
  }
}

/// Some bytes; 0 or less: no more will come.
ssize_t Connection::receive(char* bytes, std::size_t size, Deadline deadline) {
  while (!failed_) {
    if (tls_ != nullptr) {
      ERR_clear_error();
      const int got = SSL_read(tls_.get(), bytes, static_cast<int>(std::min<std::size_t>(size, 1 << 20)));
      if (got > 0) return got;
      if (wait_for_tls(got, deadline)) continue;
    } else {
      const ssize_t got = ::recv(socket_, bytes, size, 0);
      if (got > 0) return got;
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && wait(POLLIN, deadline)) continue;
    }
    failed_ = true;
  }
  return -1;
}

ssize_t Connection::send_some(const char* bytes, std::size_t size, Deadline deadline) {
  while (!failed_) {
    if (tls_ != nullptr) {
      ERR_clear_error();
      const int sent = SSL_write(tls_.get(), bytes, static_cast<int>(std::min<std::size_t>(size, 1 << 20)));
      if (sent > 0) return sent;
      if (wait_for_tls(sent, deadline)) continue;
    } else {
      const ssize_t sent = ::send(socket_, bytes, size, MSG_NOSIGNAL);
      if (sent > 0) return sent;
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && wait(POLLOUT, deadline)) continue;
    }
    failed_ = true;
  }
  return -1;
}

/// The first bytes of a head may take `idle`, all of it `head` from then on.
bool Connection::read_head(std::string& head) {
  Deadline deadline = steady_clock::now() + patience_.idle;
  bool begun = false;
  for (;;) {
    if (!begun && !ahead_.empty()) {
      begun = true;
      deadline = steady_clock::now() + patience_.head;
    }
    idle_ = !begun;
    if (const auto end = ahead_.find("\r\n\r\n"); end != ahead_.npos && end + 4 <= kMaxHeadBytes) {
      head = ahead_.substr(0, end + 4);
      ahead_.erase(0, end + 4);
      return true;
    }
    if (ahead_.size() >= kMaxHeadBytes) {
      refused_with_ = 431;
      return false;
    }
    char bytes[4096];
    const ssize_t got = receive(bytes, sizeof(bytes), deadline);
    if (got <= 0) return false;
    ahead_.append(bytes, static_cast<std::size_t>(got));
  }
}

Connection::Next Connection::next_request() {
  std::string head;
  refused_with_ = 0;
  head_.clear();
  if (read_head(head)) {
    std::expected<RequestHead, int> checked = check_head(head);
    if (checked) {
      head_ = std::move(checked->text);
      head_read_ = 0;
      body_left_ = checked->body_bytes;
      keeps_connection_ = checked->keeps_connection;
      body_deadline_ = steady_clock::now() + patience_.body;
      return Next::kRequest;
    }
    refused_with_ = checked.error();
  }
  keeps_connection_ = false;
  return refused_with_ != 0 ? Next::kRefused : Next::kClosed;
}

bool Connection::is_gone() const {
  pollfd file{.fd = socket_, .events = POLLRDHUP, .revents = 0};
  return ::poll(&file, 1, 0) > 0 && (file.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

ssize_t Connection::read(char* bytes, std::size_t size) {
  if (head_read_ < head_.size()) {
    const std::size_t piece = std::min(size, head_.size() - head_read_);
    std::memcpy(bytes, head_.data() + head_read_, piece);
    head_read_ += piece;
    return static_cast<ssize_t>(piece);
  }
  const std::size_t wanted = std::min(size, body_left_);
  if (wanted == 0) return 0;
  if (!ahead_.empty()) {
    const std::size_t piece = std::min(wanted, ahead_.size());
    std::memcpy(bytes, ahead_.data(), piece);
    ahead_.erase(0, piece);
    body_left_ -= piece;
    return static_cast<ssize_t>(piece);
  }
  const ssize_t got = receive(bytes, wanted, body_deadline_);
  if (got > 0) body_left_ -= static_cast<std::size_t>(got);
  return got;
}

/// All of it, or -1.
ssize_t Connection::write(const char* bytes, std::size_t size) {
  const Deadline deadline = steady_clock::now() + patience_.write + std::chrono::seconds(size / kWriteRate);
  for (std::size_t done = 0; done < size;) {
    const ssize_t sent = send_some(bytes + done, size - done, deadline);
    if (sent <= 0) return -1;
    done += static_cast<std::size_t>(sent);
    if (steady_clock::now() > deadline) failed_ = true;
  }
  return static_cast<ssize_t>(size);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&name), &size) == 0) read_name(name, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&name), &size) == 0) read_name(name, ip, port);
}

}  // namespace oodml::coordinator::web
