#pragma once

#include <httplib.h>

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "coordinator/web/connection.h"
#include "coordinator/web/tls_context.h"
#include "coordinator/web/web_limits.h"
#include "core/base/result.h"
#include "core/connection/address.h"

namespace oodml::coordinator::web {

/// The library's server on connections of ours: bounded in number, in size and in time.
class HttpServer final : public httplib::Server {
 public:
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  /// Asked before the body of a POST is read; false: it has answered, and the body stays unread.
  using Question = std::function<bool(const httplib::Request&, httplib::Response&)>;

  /// None of them is called before listen(). `answer_get` also gets HEAD.
  HttpServer(HttpLimits limits, Handler answer_get, Question may_post, Handler answer_post);
  ~HttpServer() override;

  /// Takes the port. kUnavailable: the address cannot be bound.
  Status bind(const Address& address);
  /// Answers from when it returns. `tls` may be null.
  void listen(TlsContext tls);
  int port() const { return port_; }
  /// For the connections from now on.
  void replace_tls(TlsContext tls);
  /// Takes no more connections, ends the idle ones; a request that runs has `grace`.
  void begin_stop();
  void end_stop();
  bool stopping() const;

 private:
  bool process_and_close_socket(socket_t socket) override;
  void serve(Connection& connection);
  bool admit(Connection& connection, std::string& address);
  void forget(Connection& connection, const std::string& address);
  static void refuse(Connection& connection, int status);

  const HttpLimits limits_;
  int port_ = 0;
  std::thread accepting_;
  mutable std::mutex mutex_;  // guards what follows
  TlsContext tls_;
  bool stopping_ = false;
  std::set<Connection*> open_;
  std::map<std::string, std::size_t> of_address_;
};

}  // namespace oodml::coordinator::web
