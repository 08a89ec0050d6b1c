#include "coordinator/web/web_server.h"

#include <optional>
#include <utility>

#include "coordinator/rpc/listen.h"
#include "coordinator/web/http_server.h"
#include "coordinator/web/json_calls.h"
#include "coordinator/web/page_files.h"
#include "coordinator/web/tls_context.h"
#include "coordinator/web/visitors.h"
#include "coordinator/web/web_site.h"
#include "core/base/ids.h"
#include "core/connection/certificates.h"

namespace oodml::coordinator::web {
namespace {

/// Null without a certificate.
Result<TlsContext> tls_of(const rpc::Security& security) {
  if (security.tls_cert.empty()) return TlsContext();
  OODML_ASSIGN_OR_RETURN(const ServerCertificate certificate,
                         read_server_certificate(security.tls_cert, security.tls_key, SystemClock().now()));
  return tls_context(certificate);
}

class HttpWebServer final : public WebServer {
 public:
  HttpWebServer(const WebOptions& options, rpc::Server& server, const HealthCheck& health, const Clock& clock,
                PageFiles files)
      : options_(options),
        server_(server),
        health_(health),
        clock_(clock),
        files_(std::move(files)),
        entry_key_(options.has_entry_link ? random_hex_128() + random_hex_128() : ""),
        calls_(server.channel_inside()),
        overview_(calls_),
        streams_(options.streams),
        http_(
            options.limits, [this](const auto& request, auto& response) { site_->get(request, response); },
            [this](const auto& request, auto& response) { return site_->may_post(request, response); },
            [this](const auto& request, auto& response) { site_->post(request, response); }) {}

  ~HttpWebServer() override {
    begin_stop();
    end_stop();
  }

  Status listen() {
    OODML_ASSIGN_OR_RETURN(TlsContext tls, tls_of(options_.security));
    // The port is part of what visitors are told, and nobody is answered before it is known.
    OODML_RETURN_IF_ERROR(http_.bind(options_.listen));
    options_.listen.port = http_.port();
    visitors_.emplace(server_, clock_,
                      VisitorRules{.listen = options_.listen,
                                   .has_tls = tls != nullptr,
                                   .entry_key = entry_key_,
                                   .entry_token = options_.entry_token,
                                   .is_read_only = options_.is_read_only});
    site_.emplace(std::move(files_), *visitors_, calls_, health_, options_.monitoring,
                  LiveSources{.streams = streams_, .overview = overview_, .channel = server_.channel_inside()});
    http_.listen(std::move(tls));
    return Status();
  }

  int port() const override { return http_.port(); }
  std::string url() const override {
    return (options_.security.tls_cert.empty() ? "http://" : "https://") + options_.listen.text() + "/";
  }
  std::string entry_path() const override { return entry_key_.empty() ? "" : "enter?key=" + entry_key_; }
  void begin_stop() override {
    overview_.stop();
    streams_.stop();
    http_.begin_stop();
  }
  void end_stop() override { http_.end_stop(); }

  Status reload_certificate() override {
    OODML_ASSIGN_OR_RETURN(TlsContext tls, tls_of(options_.security));
    http_.replace_tls(std::move(tls));
    return Status();
  }

 private:
  WebOptions options_;
  rpc::Server& server_;
  const HealthCheck& health_;
  const Clock& clock_;
  PageFiles files_;
  const std::string entry_key_;
  JsonCalls calls_;
  Overview overview_;
  EventStreams streams_;
  std::optional<Visitors> visitors_;
  std::optional<WebSite> site_;
  HttpServer http_;  // the first to go: its threads use all of the above
};

}  // namespace

Result<std::unique_ptr<WebServer>> WebServer::start(const WebOptions& options, rpc::Server& server,
                                                    const HealthCheck& health, const Clock& clock) {
  OODML_RETURN_IF_ERROR(rpc::check_exposure(options.listen, options.security));
  OODML_ASSIGN_OR_RETURN(PageFiles files, PageFiles::open(options.page));
  auto web = std::make_unique<HttpWebServer>(options, server, health, clock, std::move(files));
  OODML_RETURN_IF_ERROR(web->listen());
  return std::unique_ptr<WebServer>(std::move(web));
}

}  // namespace oodml::coordinator::web
