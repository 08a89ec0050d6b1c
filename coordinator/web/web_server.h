#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "coordinator/rpc/server.h"
#include "coordinator/web/health.h"
#include "coordinator/web/web_limits.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/connection/address.h"

namespace oodml::coordinator::web {

/// What the port says to those who watch the coordinator.
struct MonitoringOptions {
  std::function<std::string()> metrics;  ///< The text of /metrics, in Prometheus' format; empty: there is no such path.
  bool is_open = false;                  ///< Nobody is asked for a token there.
  bool is_all = false;                   ///< There is no page and no call: /metrics and /healthz alone.
};

struct WebOptions {
  Address listen;
  rpc::Security security;      ///< The coordinator's own: certificate, tokens, --insecure.
  std::filesystem::path page;  ///< Serve the page from this folder; empty: the one in the program.
  MonitoringOptions monitoring = {};
  StreamLimits streams = {};
  HttpLimits limits = {};
  bool has_entry_link = false;  ///< Nobody gets in but by the link of entry_path(), once, or with a token.
  std::string entry_token;      ///< What whoever comes by that link calls with; empty where nobody is asked for one.
  bool is_read_only = false;    ///< The page offers no change: each would be refused.
};

/// The coordinator's web page and its JSON calls over HTTP, before a gRPC server that runs.
class WebServer {
 public:
  /// Listens when it returns. kFailedPrecondition: the address is open to others without protection; kUnavailable: it
  /// cannot be bound; else what is wrong with certificate or folder. The others outlive it.
  static Result<std::unique_ptr<WebServer>> start(const WebOptions& options, rpc::Server& server,
                                                  const HealthCheck& health, const Clock& clock);

  virtual ~WebServer() = default;  ///< Stops at once.
  virtual int port() const = 0;
  /// http://127.0.0.1:7071/, or with https.
  virtual std::string url() const = 0;
  /// The path and query of the one-time link; empty without one.
  virtual std::string entry_path() const = 0;
  /// Takes nothing new and ends streams; calls still get their answers from the gRPC server, which stops next.
  virtual void begin_stop() = 0;
  /// Ends what is left.
  virtual void end_stop() = 0;
  /// Reads the certificate again; the old one stays when it fails.
  virtual Status reload_certificate() = 0;
};

}  // namespace oodml::coordinator::web
