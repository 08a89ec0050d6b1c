#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/connection/address.h"
#include "worker/coordinator_client.h"

namespace oodml::worker {

/// Where the coordinator is, and how it knows this worker.
struct Connection {
  std::string address = Address().text();  ///< HOST:PORT
  std::string token;                       ///< Empty: none. Whether it may travel: core/connection/client_settings.h.
  std::string tls_ca;                      ///< PEM text of the certificates to trust; empty: no TLS.
  std::filesystem::path tls_ca_file;       ///< Where they stand, to be read again when it changes; may be empty.
  std::filesystem::path token_file;        ///< Likewise of the token.
};

/// WorkerService over gRPC.
std::unique_ptr<CoordinatorClient> connect(const Connection& connection, WorkerId worker);

/// gRPC's own lines, into the worker's log at level debug; before anything else of it.
void log_grpc_at_debug_level();

}  // namespace oodml::worker
