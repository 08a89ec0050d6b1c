#include "tests/support/lossy_proxy.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace oodml::testing {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::runtime_error("no socket for a proxy");
  return fd;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// What is there to be read; empty at the end of the stream.
std::string receive(int fd) {
  std::string bytes(1 << 16, '\0');
  const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

bool is_mute(std::chrono::steady_clock::time_point until) { return std::chrono::steady_clock::now() < until; }

}  // namespace

LossyProxy::LossyProxy() : listener_(new_socket()), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, any, &size) != 0) {
    throw std::runtime_error("a proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { run(); });
}

LossyProxy::~LossyProxy() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
  ::close(listener_);
  ::close(wake_);
}

void LossyProxy::lead_to(int port) {
  const std::lock_guard lock(mutex_);
  target_ = port;
}

void LossyProxy::hold_replies_after(const std::string& text) {
  const std::lock_guard lock(mutex_);
  hold_text_ = text;
  lost_ = 0;
}

void LossyProxy::look_into_tls(const CertificateAndKey& server, const std::string& authority) {
  const std::lock_guard lock(mutex_);
  tls_ = std::make_unique<TlsEnds>(server, authority);
}

void LossyProxy::delay_first_replies(std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  delay_ = delay;
}

void LossyProxy::cut() {
  std::unique_lock lock(mutex_);
  cutting_ = true;
  wake();
  cut_done_.wait(lock, [this] { return !cutting_; });
}

void LossyProxy::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_, &one, sizeof(one));
}

void LossyProxy::run() {
  while (true) {
    std::vector<pollfd> waits = {{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Connection& connection : connections_) {
      waits.push_back({connection.client, POLLIN, 0});
      waits.push_back({connection.server, static_cast<short>(is_mute(connection.mute_until) ? 0 : POLLIN), 0});
    }
    ::poll(waits.data(), waits.size(), patience());
    const std::lock_guard lock(mutex_);
    if (waits[0].revents != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t taken = ::read(wake_, &count, sizeof(count));
    }
    std::vector<Connection> open;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      Connection& connection = connections_[i];
      const bool whole = !stopping_ && !cutting_ && (waits[2 + 2 * i].revents == 0 || relay_request(connection)) &&
                         (waits[3 + 2 * i].revents == 0 || relay_reply(connection));
      if (whole) {
        open.push_back(std::move(connection));
      } else {
        ::close(connection.client);
        ::close(connection.server);
      }
    }
    connections_ = std::move(open);
    if (stopping_) return;
    if (cutting_) {
      hold_text_.clear();
      cutting_ = false;
      cut_done_.notify_all();
    }
    if (waits[1].revents != 0) accept_client();
  }
}

void LossyProxy::accept_client() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = new_socket();
  const sockaddr_in address = loopback(target_);
  if (target_ == 0 || ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(client);
    ::close(server);
    return;
  }
  const int on = 1;
  for (const int fd : {client, server}) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  const auto mute_until = std::chrono::steady_clock::now() + delay_;
  if (tls_ == nullptr) {
    connections_.push_back({client, server, "", false, mute_until});
  } else {
    connections_.push_back({tls_->of_client(client), tls_->of_server(server), "", false, mute_until});
  }
}

int LossyProxy::patience() const {
  const bool any = std::any_of(connections_.begin(), connections_.end(),
                               [](const Connection& connection) { return is_mute(connection.mute_until); });
  return any ? 10 : -1;
}

bool LossyProxy::relay_request(Connection& connection) {
  const std::string bytes = receive(connection.client);
  if (bytes.empty()) return false;
  connection.tail += bytes;
  if (!hold_text_.empty() && connection.tail.find(hold_text_) != std::string::npos) connection.holding = true;
  if (connection.tail.size() > 200) connection.tail.erase(0, connection.tail.size() - 200);
  return send_all(connection.server, bytes);
}

bool LossyProxy::relay_reply(Connection& connection) {
  const std::string bytes = receive(connection.server);
  if (bytes.empty()) return false;
  if (!connection.holding) return send_all(connection.client, bytes);
  lost_ += bytes.size();
  return true;
}

}  // namespace oodml::testing
