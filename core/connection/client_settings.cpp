#include "core/connection/client_settings.h"

#include <cstdlib>
#include <map>

#include "core/connection/client_file.h"
#include "core/connection/token_file.h"

namespace oodml {
namespace {

/// A value and what is to be named when it is wrong: "--coordinator", "OODML_COORDINATOR", "client.toml:1:
/// coordinator".
struct Said {
  std::string value;
  std::string where;
};

class Sources {
 public:
  Sources(const Environment& environment, std::map<std::string, FiledSetting> filed)
      : environment_(environment), filed_(std::move(filed)) {}

  /// From the first place that has it; nullopt: none has, or the option was given empty.
  std::optional<Said> find(const std::optional<std::string>& option, const std::string& name,
                           const char* variable) const {
    if (option) return option->empty() ? std::nullopt : std::optional(Said{*option, "--" + name});
    if (auto said = from_environment(variable)) return said;
    return from_file(name);
  }

  std::optional<Said> from_environment(const char* variable) const {
    const auto value = environment_(variable);
    return value && !value->empty() ? std::optional(Said{*value, variable}) : std::nullopt;
  }

  std::optional<Said> from_file(const std::string& name) const {
    const auto found = filed_.find(name);
    if (found == filed_.end()) return std::nullopt;
    return Said{found->second.value, found->second.place + ": " + name};
  }

 private:
  const Environment& environment_;
  const std::map<std::string, FiledSetting> filed_;
};

/// A token, and the file it stands in, where it does.
struct FoundToken {
  std::string token;
  std::filesystem::path file;
};

Result<FoundToken> in_text(const Said& said) {
  OODML_ASSIGN_OR_RETURN(std::string token, checked_token(said.value, said.where));
  return FoundToken{.token = std::move(token)};
}

Result<FoundToken> in_file(const Said& said) {
  OODML_ASSIGN_OR_RETURN(std::string token, read_token_file(said.value, said.where));
  std::error_code error;  // a pipe can be read once
  const bool is_lasting = std::filesystem::is_regular_file(said.value, error);
  return FoundToken{.token = std::move(token), .file = is_lasting ? std::filesystem::absolute(said.value) : ""};
}

Result<FoundToken> token_of(const ClientOptions& options, const Sources& sources) {
  if (options.token_file && options.token_file->empty()) return FoundToken();
  if (options.token_file) return in_file({*options.token_file, "--token-file"});
  if (const auto token = sources.from_environment("OODML_TOKEN")) return in_text(*token);
  if (const auto file = sources.from_environment("OODML_TOKEN_FILE")) return in_file(*file);
  if (const auto token = sources.from_file("token")) return in_text(*token);
  if (const auto file = sources.from_file("token-file")) return in_file(*file);
  return FoundToken();
}

}  // namespace

const char* const kClientSettingsHelp =
    "Coordinator, authority and token are taken from the option, else the environment (OODML_COORDINATOR, OODML_TLS_CA,\n"
    "OODML_TOKEN_FILE or OODML_TOKEN), else $XDG_CONFIG_HOME/oodml/client.toml (~/.config/oodml/client.toml), which holds\n"
    "lines such as coordinator = \"gpu1:7070\", tls-ca = \"ca.crt\", token-file = \"alice.token\".\n"
    "An option given empty (--tls-ca \"\") stands for none.";

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::filesystem::path client_file(const Environment& environment) {
  const auto absolute = [&](const char* name) -> std::filesystem::path {
    const std::string value = environment(name).value_or("");
    return value.starts_with('/') ? value : "";
  };
  if (const auto config = absolute("XDG_CONFIG_HOME"); !config.empty()) return config / "oodml" / "client.toml";
  if (const auto home = absolute("HOME"); !home.empty()) return home / ".config" / "oodml" / "client.toml";
  return {};
}

Result<ClientSettings> client_settings(const ClientOptions& options, const Environment& environment) {
  const std::filesystem::path file = client_file(environment);
  std::map<std::string, FiledSetting> filed;
  if (!file.empty()) {
    OODML_ASSIGN_OR_RETURN(filed, read_client_file(file));
  }
  const Sources sources(environment, std::move(filed));

  ClientSettings settings;
  if (const auto said = sources.find(options.coordinator, "coordinator", "OODML_COORDINATOR")) {
    Result<Address> address = Address::parse(said->value);
    if (!address) return invalid_argument(said->where + " " + address.error().message());
    settings.coordinator = *std::move(address);
    settings.coordinator_given = true;
  }
  if (const auto said = sources.find(options.tls_ca, "tls-ca", "OODML_TLS_CA")) settings.tls_ca = said->value;
  OODML_ASSIGN_OR_RETURN(FoundToken found, token_of(options, sources));
  settings.token = std::move(found.token);
  settings.token_file = std::move(found.file);
  const bool readable = settings.tls_ca.empty() && !settings.coordinator.is_loopback();
  if (!settings.token.empty() && readable && !options.insecure) {
    return invalid_argument("the token would travel readably to " + settings.coordinator.text() +
                            ": give --tls-ca FILE for TLS, or --insecure to send it all the same");
  }
  return settings;
}

}  // namespace oodml
