#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>

#include "coordinator/open_service.h"
#include "coordinator/rpc/server.h"
#include "coordinator/web/web_server.h"
#include "core/daemon/logging.h"

namespace oodml::coordinator {

/// What `oodml-coordinator` was told on its command line and in its configuration file.
struct Options {
  ServiceOptions service;
  rpc::ServerOptions server;
  std::filesystem::path port_file;  ///< empty: none
  std::optional<web::WebOptions> web;
  std::filesystem::path web_port_file;    ///< empty: none
  std::filesystem::path web_entry_file;   ///< Where the page's one-time link goes; empty: there is none.
  std::filesystem::path web_entry_token;  ///< File of the token of whoever opens it; empty: nobody is asked for one.
  bool metrics = false;                   ///< The web port answers /metrics.
  daemon::LogOptions log;
  std::int64_t parent = 0;  ///< The process to end with; 0: none.
  // In place of serving; at most one of them (offline.h). Empty: none.
  std::filesystem::path verify;             ///< A database to look at, and the contents it names where a root is named.
  bool reads_contents = false;              ///< And their bytes.
  std::filesystem::path list_contents;      ///< A database whose contents are listed.
  std::filesystem::path restore;            ///< A backup to put into the place of the database.
  std::filesystem::path restore_artifacts;  ///< A folder whose contents are put back before it; empty: none.
  bool test_webhooks = false;               ///< Send a test to each hook.
};

/// The options, or the exit code with which to end now, after everything has been said: 0 for --help and --version, 2
/// for a wrong command line.
std::expected<Options, int> parse_options(int argc, char** argv);

}  // namespace oodml::coordinator
