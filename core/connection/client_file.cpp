#include "core/connection/client_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base/atomic_file.h"
#include "core/base/printable.h"
#include "core/base/private_file.h"

namespace oodml {
namespace {

constexpr std::uint64_t kMaxBytes = 64 << 10;
constexpr std::array<std::string_view, 4> kKeys = {"coordinator", "tls-ca", "token-file", "token"};

std::string place_of(const std::filesystem::path& file, const toml::source_region& source) {
  return file.string() + ":" + std::to_string(source.begin.line);
}

Result<std::map<std::string, FiledSetting>> settings_in(const toml::table& table, const std::filesystem::path& file) {
  std::map<std::string, FiledSetting> settings;
  for (const auto& [name, node] : table) {
    const std::string place = place_of(file, name.source());
    if (std::ranges::find(kKeys, name.str()) == kKeys.end()) {
      return invalid_argument(place + ": unknown setting '" + printable(name.str(), 60) +
                              "'; coordinator, tls-ca, token-file or token wanted");
    }
    const auto* const text = node.as_string();
    if (text == nullptr || text->get().empty()) {
      return invalid_argument(place + ": " + std::string(name.str()) +
                              " wants a text in quotes, as in coordinator = \"gpu1:7070\"");
    }
    std::string value = text->get();
    const bool is_file = name.str() == "tls-ca" || name.str() == "token-file";
    if (is_file) value = (file.parent_path() / value).lexically_normal().string();
    settings.emplace(name.str(), FiledSetting{std::move(value), place});
  }
  if (settings.contains("token") && settings.contains("token-file")) {
    return invalid_argument(settings.at("token").place + ": token and token-file both; one of them wanted");
  }
  return settings;
}

Result<toml::table> table_of(const std::string& text, const std::filesystem::path& file) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return invalid_argument(file.string() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                            printable(error.description()));
  }
}

}  // namespace

Result<std::map<std::string, FiledSetting>> read_client_file(const std::filesystem::path& file) {
  Result<std::string> text = read_file(file, kMaxBytes);
  if (!text && text.error().code() == StatusCode::kNotFound) return std::map<std::string, FiledSetting>();
  if (!text) return failure(text.error());
  OODML_ASSIGN_OR_RETURN(const toml::table table, table_of(*text, file));
  OODML_ASSIGN_OR_RETURN(auto settings, settings_in(table, file));
  if (settings.contains("token")) {
    OODML_RETURN_IF_ERROR(detail::status_of(read_private_file(file, kMaxBytes, "with a token in it,")));
  }
  return settings;
}

}  // namespace oodml
