#include "coordinator/web/http_server.h"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

#include "coordinator/web/answers.h"
#include "coordinator/web/connection_threads.h"
#include "coordinator/web/request_head.h"

namespace oodml::coordinator::web {
namespace {

/// Of the thread's connection, for what the library does not hand over.
thread_local Connection* current = nullptr;

/// Under every answer. Scripts and styles come from our own files alone, and nobody shows the page in a frame.
httplib::Headers headers_of_all() {
  return {{"Content-Security-Policy",
           "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Cache-Control", "no-store"}};
}

/// Without SO_REUSEPORT, with which a second server could share the port and take half of the connections.
void reuse_address(socket_t socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

const char* phrase(int status) {
  switch (status) {
    case 405:
      return "Method Not Allowed";
    case 411:
      return "Length Required";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Bad Request";
  }
}

}  // namespace

HttpServer::HttpServer(HttpLimits limits, Handler answer_get, Question may_post, Handler answer_post)
    : limits_(limits) {
  new_task_queue = [most = limits.connections] { return new ConnectionThreads(most); };
  set_default_headers(headers_of_all());
  set_socket_options(reuse_address);
  set_payload_max_length(kMaxBodyBytes);
  set_keep_alive_timeout(std::chrono::duration_cast<std::chrono::seconds>(limits.patience.idle).count());
  set_keep_alive_max_count(10'000);
  set_tcp_nodelay(true);
  // Before the library looks at its tables of regular expressions.
  set_pre_routing_handler(
      [answer_get = std::move(answer_get), may_post = std::move(may_post)](const auto& request, auto& response) {
        if (request.method == "POST") {
          return may_post(request, response) ? HandlerResponse::Unhandled : HandlerResponse::Handled;
        }
        answer_get(request, response);
        return HandlerResponse::Handled;
      });
  // Else the library would put what() into a header.
  set_exception_handler([](const auto&, auto& response, std::exception_ptr) {
    answer(response, Status(StatusCode::kInternal, "a bug of the coordinator"));
  });
  Post(".*", std::move(answer_post));
  set_post_routing_handler([](const auto&, auto& response) {
    if (current != nullptr && !current->can_go_on() && !response.has_header("Connection"))
      response.headers.insert({"Connection", "close"});
  });
}

HttpServer::~HttpServer() {
  begin_stop();
  end_stop();
}

Status HttpServer::bind(const Address& address) {
  errno = 0;
  port_ = address.port;
  if (address.port == 0) {
    port_ = bind_to_any_port(address.host);
  } else if (!bind_to_port(address.host, address.port)) {
    port_ = -1;
  }
  if (port_ <= 0) {
    const std::string reason = errno == 0 ? "no such address here" : std::generic_category().message(errno);
    return unavailable("cannot listen on " + address.text() + ": " + reason);
  }
  return Status();
}

void HttpServer::listen(TlsContext tls) {
  tls_ = std::move(tls);
  accepting_ = std::thread([this] { listen_after_bind(); });
  while (!is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));  // stop() does nothing before
}

void HttpServer::replace_tls(TlsContext tls) {
  const std::lock_guard lock(mutex_);
  tls_ = std::move(tls);
}

void HttpServer::begin_stop() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(stopping_, true)) return;
  if (accepting_.joinable()) httplib::Server::stop();
  for (Connection* const connection : open_) connection->hang_up_if_idle();
}

void HttpServer::end_stop() {
  {
    const std::lock_guard lock(mutex_);
    for (Connection* const connection : open_) connection->hang_up();
  }
  if (accepting_.joinable()) accepting_.join();
}

bool HttpServer::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool HttpServer::admit(Connection& connection, std::string& address) {
  int port = 0;
  connection.get_remote_ip_and_port(address, port);
  const std::lock_guard lock(mutex_);
  if (stopping_ || of_address_[address] >= limits_.connections_of_an_address) return false;
  ++of_address_[address];
  open_.insert(&connection);
  return true;
}

void HttpServer::forget(Connection& connection, const std::string& address) {
  const std::lock_guard lock(mutex_);
  open_.erase(&connection);
  if (--of_address_[address] == 0) of_address_.erase(address);
}

void HttpServer::refuse(Connection& connection, int status) {
  const std::string text = std::string("{\"code\":\"refused\",\"message\":\"") + phrase(status) + "\"}";
  const std::string answer = "HTTP/1.1 " + std::to_string(status) + " " + phrase(status) +
                             "\r\nContent-Type: application/json\r\nConnection: close\r\nCache-Control: no-store\r\n"
                             "X-Content-Type-Options: nosniff\r\nContent-Length: " +
                             std::to_string(text.size()) + "\r\n\r\n" + text;
  connection.write(answer.data(), answer.size());
}

void HttpServer::serve(Connection& connection) {
  if (!connection.handshake()) return;
  current = &connection;
  for (;;) {
    const Connection::Next next = connection.next_request();
    if (next == Connection::Next::kRefused) {
      refuse(connection, connection.refused_with());
      connection.linger();
    }
    if (next != Connection::Next::kRequest) break;
    bool closed = false;
    const bool is_well =
        process_request(connection, false, closed, [](httplib::Request& request) { request.ranges.clear(); });
    if (!is_well || closed || !connection.can_go_on() || stopping()) {
      connection.linger();
      break;
    }
  }
  current = nullptr;
}

bool HttpServer::process_and_close_socket(socket_t socket) {
  TlsContext tls;
  {
    const std::lock_guard lock(mutex_);
    tls = tls_;
  }
  if (ConnectionThreads::is_over_limit()) {
    // On the thread that accepts: a few bytes that fit into the socket's buffer, and no handshake.
    Connection connection(socket, nullptr, {.write = std::chrono::milliseconds(100)});
    if (tls == nullptr) refuse(connection, 503);
    return false;
  }
  Connection connection(socket, tls.get(), limits_.patience);
  std::string address;
  if (!admit(connection, address)) {
    if (tls == nullptr) refuse(connection, 503);
    return false;
  }
  serve(connection);
  forget(connection, address);
  return true;
}

}  // namespace oodml::coordinator::web
