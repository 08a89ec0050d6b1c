#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/connection/address.h"

namespace oodml {

/// What stands on a command line. An option that was given empty stands for none, whatever environment and file say.
struct ClientOptions {
  std::optional<std::string> coordinator, tls_ca, token_file;
  bool insecure = false;  ///< A token may travel to another machine without TLS.
};

/// A variable's value; nullopt: it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;
std::optional<std::string> process_environment(const char* name);

/// How `oodml` and workers reach a coordinator.
struct ClientSettings {
  Address coordinator;
  bool coordinator_given = false;  ///< By somebody, not by default.
  std::string token;               ///< Empty: none.
  std::filesystem::path
      token_file;                ///< Where it stands, to be read again when it changes; empty: in no file of its own.
  std::filesystem::path tls_ca;  ///< Empty: no TLS.
};

/// $XDG_CONFIG_HOME/oodml/client.toml, or ~/.config/oodml/client.toml; empty where neither variable is set.
std::filesystem::path client_file(const Environment& environment);

/// Puts the settings together, each from the first place that has it: the option, the environment (OODML_COORDINATOR,
/// OODML_TLS_CA, OODML_TOKEN or OODML_TOKEN_FILE; an empty variable counts as none), client.toml (client_file.h).
/// Failures name the option, variable or line. The files of tokens have to be private. kInvalidArgument: also when the
/// token would travel readably to another machine.
Result<ClientSettings> client_settings(const ClientOptions& options, const Environment& environment);

/// For help texts: how the three settings can be said beside their options.
extern const char* const kClientSettingsHelp;

}  // namespace oodml
