#include "coordinator/web/visitors.h"

#include <spdlog/spdlog.h>

#include <string_view>
#include <utility>

#include "core/base/ids.h"
#include "core/base/sha256.h"

namespace oodml::coordinator::web {
namespace {

constexpr std::string_view kBearer = "Bearer ";

/// Compared as digests, the time says nothing about where they differ.
bool is_same_secret(std::string_view a, std::string_view b) { return sha256_hex(a) == sha256_hex(b); }

/// HOST of HOST:PORT, without the brackets of IPv6.
std::string host_of(const std::string& authority) {
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.rfind(':'));
}

}  // namespace

Visitors::Visitors(const rpc::Server& server, const Clock& clock, VisitorRules rules)
    : server_(server),
      rules_(std::move(rules)),
      open_csrf_(random_hex_128()),
      sessions_(clock),
      limit_(clock),
      entry_key_(rules_.entry_key) {}

Status Visitors::check_host(const httplib::Request& request) const {
  if (server_.asks_for_tokens()) return Status();
  const std::string host = host_of(request.get_header_value("Host"));
  if (host == rules_.listen.host || Address{.host = host}.is_loopback()) return Status();
  if (!rules_.listen.is_loopback()) return Status();  // --insecure
  return failure(StatusCode::kPermissionDenied, "this coordinator answers to localhost alone; open it by that name");
}

Result<rpc::Caller> Visitors::identify(const httplib::Request& request, const std::string& token) {
  const auto pause = limit_.pause_of(request.remote_addr);
  if (pause.count() > 0) {
    return failure(StatusCode::kResourceExhausted,
                   "too many wrong tokens; try again in " + std::to_string(pause.count()) + " s");
  }
  Result<rpc::Caller> caller = server_.identify(token);
  if (!caller.has_value()) limit_.failed(request.remote_addr);
  return caller;
}

Result<Visitor> Visitors::by_bearer(const httplib::Request& request, const std::string& header) {
  if (!header.starts_with(kBearer)) {
    return failure(StatusCode::kUnauthenticated, "`Authorization` is not `Bearer TOKEN`");
  }
  std::string token = header.substr(kBearer.size());
  OODML_ASSIGN_OR_RETURN(rpc::Caller caller, identify(request, token));
  return Visitor{
      .caller = std::move(caller), .token = std::move(token), .csrf = "", .may_change = !rules_.is_read_only};
}

Result<Visitor> Visitors::by_session(const std::string& id) {
  std::optional<Session> session = id.empty() ? std::nullopt : sessions_.find(id);
  if (!session) return failure(StatusCode::kUnauthenticated, "log in first");
  Result<rpc::Caller> caller = server_.identify(session->token);
  if (!caller.has_value()) {
    sessions_.close(id);
    return failure(StatusCode::kUnauthenticated, "the token of this session is no longer valid; log in again");
  }
  return Visitor{.caller = *std::move(caller),
                 .token = std::move(session->token),
                 .csrf = std::move(session->csrf),
                 .may_change = !rules_.is_read_only};
}

Result<Visitor> Visitors::admit(const httplib::Request& request) {
  OODML_RETURN_IF_ERROR(check_host(request));
  const std::string header = request.get_header_value("Authorization");
  if (!header.empty() && server_.asks_for_tokens()) return by_bearer(request, header);
  if (server_.asks_for_tokens() || !rules_.entry_key.empty()) return by_session(session_id(request));
  OODML_ASSIGN_OR_RETURN(rpc::Caller caller, server_.identify(""));
  return Visitor{.caller = std::move(caller), .token = "", .csrf = open_csrf_, .may_change = !rules_.is_read_only};
}

Status Visitors::check_origin(const httplib::Request& request) const {
  const std::string origin = request.get_header_value("Origin"), host = request.get_header_value("Host");
  // Before us there may be a proxy that speaks TLS, but nobody takes it off between us and the browser.
  const bool is_ours = origin == "https://" + host || (!rules_.has_tls && origin == "http://" + host);
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  if (is_ours && (site.empty() || site == "same-origin")) return Status();
  return failure(StatusCode::kPermissionDenied, "this call has to come from the coordinator's own page");
}

Result<Visitor> Visitors::admit_to_change(const httplib::Request& request) {
  OODML_ASSIGN_OR_RETURN(Visitor visitor, admit(request));
  if (visitor.csrf.empty()) return visitor;
  OODML_RETURN_IF_ERROR(check_origin(request));
  if (!is_same_secret(request.get_header_value("X-OODML-CSRF"), visitor.csrf)) {
    return failure(StatusCode::kPermissionDenied, "`X-OODML-CSRF` is not what /session says; read it again");
  }
  return visitor;
}

Result<std::string> Visitors::log_in(const httplib::Request& request, const std::string& token) {
  if (!server_.asks_for_tokens()) return failed_precondition("this coordinator asks nobody for a token");
  OODML_RETURN_IF_ERROR(check_origin(request));
  Result<rpc::Caller> caller = identify(request, token);
  if (!caller.has_value()) {
    spdlog::warn("web: log-in from {}: {}", request.remote_addr, caller.error().message());
    return failure(caller.error());
  }
  limit_.succeeded(request.remote_addr);
  spdlog::info("web: {} ({}) logged in from {}", caller->name, to_text(caller->role), request.remote_addr);
  return cookie(sessions_.open(token), SessionTable::kLongest);
}

Result<std::string> Visitors::enter(const httplib::Request& request, const std::string& key) {
  OODML_RETURN_IF_ERROR(check_host(request));
  if (limit_.pause_of(request.remote_addr).count() > 0) {
    return failure(StatusCode::kResourceExhausted, "too many wrong links; try again later");
  }
  const std::lock_guard lock(mutex_);
  if (entry_key_.empty() || !is_same_secret(key, entry_key_)) {
    limit_.failed(request.remote_addr);
    return failure(StatusCode::kUnauthenticated,
                   "this link was used, or is of an earlier run; start again for another");
  }
  entry_key_.clear();
  return cookie(sessions_.open(rules_.entry_token), SessionTable::kLongest);
}

std::string Visitors::why_log_in(const httplib::Request& request) const {
  std::string why;
  if (!session_id(request).empty()) {
    why =
        "Your log-in has ended: that happens when it was not used for 12 hours, when its token is taken out, and when "
        "the coordinator is started anew. ";
  }
  if (!rules_.entry_key.empty())
    why += "The link that was printed when the coordinator was started opens this page, once.";
  return why;
}

std::string Visitors::log_out(const httplib::Request& request) {
  sessions_.close(session_id(request));
  return cookie("", std::chrono::seconds(0));
}

/// Cookies know no ports: another coordinator's of this host has another name.
std::string Visitors::cookie(const std::string& value, std::chrono::seconds age) const {
  return "oodml-" + std::to_string(rules_.listen.port) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(age.count()) +
         (rules_.has_tls ? "; Secure" : "");
}

std::string Visitors::session_id(const httplib::Request& request) const {
  const std::string name = "oodml-" + std::to_string(rules_.listen.port) + "=";
  const std::string header = request.get_header_value("Cookie");
  for (std::string_view rest = header; !rest.empty();) {
    rest.remove_prefix(std::min(rest.find_first_not_of("; "), rest.size()));
    const std::string_view pair = rest.substr(0, rest.find(';'));
    if (pair.starts_with(name)) return std::string(pair.substr(name.size()));
    rest.remove_prefix(pair.size());
  }
  return "";
}

}  // namespace oodml::coordinator::web
