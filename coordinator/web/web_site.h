#pragma once

#include <httplib.h>

#include <memory>
#include <string>

#include "coordinator/web/event_streams.h"
#include "coordinator/web/health.h"
#include "coordinator/web/json_calls.h"
#include "coordinator/web/overview.h"
#include "coordinator/web/page_files.h"
#include "coordinator/web/visitors.h"
#include "coordinator/web/web_server.h"

namespace oodml::coordinator::web {

/// Where live updates come from, and what sends them.
struct LiveSources {
  EventStreams& streams;
  Overview& overview;
  std::shared_ptr<grpc::Channel> channel;
};

/// What stands under which path:
///
///     GET  /, /NAME            the page's files; nobody is asked who he is
///     GET  /session            who one is: {name, role, csrf, logIn, mayChange}; 401 {why} before it
///     POST /login              {"token": "..."}: the same, with a cookie
///     POST /logout
///     GET  /enter?key=KEY      a one-time link: a cookie, and on to the page
///     GET  /healthz            200 or 503 and what is wrong; nobody is asked who he is
///     GET  /metrics            for Prometheus, where it was asked for
///     POST /api/v1/SERVICE/METHOD   a gRPC call in JSON (json_calls.h)
///     GET  /api/v1/watch?sweep=ID, ?trial=ID, ?all=1    live updates (event_streams.h)
class WebSite {
 public:
  WebSite(PageFiles files, Visitors& visitors, JsonCalls& calls, const HealthCheck& health,
          MonitoringOptions monitoring, LiveSources live)
      : files_(std::move(files)),
        visitors_(visitors),
        calls_(calls),
        health_(health),
        monitoring_(std::move(monitoring)),
        live_(std::move(live)) {}

  void get(const httplib::Request& request, httplib::Response& response);
  /// Before the body is read, which nobody may send whom we would not answer.
  bool may_post(const httplib::Request& request, httplib::Response& response);
  void post(const httplib::Request& request, httplib::Response& response);

 private:
  void session(const httplib::Request& request, httplib::Response& response);
  void log_in(const httplib::Request& request, httplib::Response& response);
  void log_out(const httplib::Request& request, httplib::Response& response);
  void enter(const httplib::Request& request, httplib::Response& response);
  void file(const httplib::Request& request, httplib::Response& response) const;
  void health(httplib::Response& response) const;
  void metrics(const httplib::Request& request, httplib::Response& response);
  void watch(const httplib::Request& request, httplib::Response& response);
  void call(const httplib::Request& request, httplib::Response& response);

  const PageFiles files_;
  Visitors& visitors_;
  JsonCalls& calls_;
  const HealthCheck& health_;
  const MonitoringOptions monitoring_;
  const LiveSources live_;
};

}  // namespace oodml::coordinator::web
