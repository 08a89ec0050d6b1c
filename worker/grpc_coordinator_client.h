#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "worker/coordinator_client.h"

namespace oodml::worker {

/// Where the coordinator is, and how it knows this worker.
struct Connection {
  std::string address = "127.0.0.1:7070";  ///< HOST:PORT
  std::string token;                       ///< Empty: none.
  std::string tls_ca;                      ///< PEM text of the certificates to trust; empty: no TLS.
  bool allow_clear_token = false;          ///< Send a token without TLS to another machine.
};

/// WorkerService over gRPC. kInvalidArgument when a token would travel in the clear.
Result<std::unique_ptr<CoordinatorClient>> connect(const Connection& connection, WorkerId worker);

}  // namespace oodml::worker
