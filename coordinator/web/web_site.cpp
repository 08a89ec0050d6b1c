#include "coordinator/web/web_site.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "coordinator/web/answers.h"
#include "coordinator/web/watch_feed.h"

namespace oodml::coordinator::web {
namespace {

constexpr std::string_view kCalls = "/api/v1/";
constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::size_t kMaxLogInBytes = 4096;

/// What the page needs to know of its visitor.
nlohmann::json document_of(const Visitor& visitor, bool has_log_in) {
  return {{"name", visitor.caller.name}, {"role", to_text(visitor.caller.role)},
          {"csrf", visitor.csrf},        {"mayChange", visitor.may_change},
          {"logIn", has_log_in},         {"version", OODML_VERSION}};
}

bool is_json(const httplib::Request& request) {
  const std::string type = request.get_header_value("Content-Type");
  return type == "application/json" || type.starts_with("application/json;");
}

/// An id of the query, from 1; nullopt: it is not there, or is none.
std::optional<std::int64_t> id_of(const httplib::Request& request, const char* name) {
  const std::string text = request.get_param_value(name);
  std::int64_t id = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool is_whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return is_whole && id > 0 ? std::optional(id) : std::nullopt;
}

/// The token of {"token": "..."}; empty: the body is something else.
std::string token_in(const std::string& body) {
  const nlohmann::json document = nlohmann::json::parse(body, nullptr, false);
  if (!document.is_object() || !document.contains("token") || !document["token"].is_string()) return "";
  return document["token"].get<std::string>();
}

}  // namespace

void WebSite::get(const httplib::Request& request, httplib::Response& response) {
  if (request.path == "/healthz") return health(response);
  if (request.path == "/metrics" && monitoring_.metrics) return metrics(request, response);
  if (monitoring_.is_all) return answer(response, not_found("only /metrics and /healthz are here"));
  if (request.path == "/session") return session(request, response);
  if (request.path == "/enter") return enter(request, response);
  if (request.path == "/api/v1/watch") return watch(request, response);
  file(request, response);
}

bool WebSite::may_post(const httplib::Request& request, httplib::Response& response) {
  if (monitoring_.is_all) {
    answer(response, not_found("only /metrics and /healthz are here"));
    return false;
  }
  // A form of another site cannot have this type.
  if (!is_json(request)) {
    answer(response, invalid_argument("`Content-Type: application/json` is needed"));
    response.status = 415;
    return false;
  }
  if (request.path == "/login") {
    if (request.get_header_value<std::uint64_t>("Content-Length") <= kMaxLogInBytes) return true;
    answer(response, invalid_argument("{\"token\": \"...\"} is needed"));
    return false;
  }
  const Result<Visitor> visitor = visitors_.admit_to_change(request);
  if (!visitor.has_value()) answer(response, visitor.error());
  return visitor.has_value();
}

void WebSite::post(const httplib::Request& request, httplib::Response& response) {
  if (request.path == "/login") return log_in(request, response);
  if (request.path == "/logout") return log_out(request, response);
  if (request.path.starts_with(kCalls)) return call(request, response);
  answer(response, not_found("nothing is here"));
}

void WebSite::session(const httplib::Request& request, httplib::Response& response) {
  const Result<Visitor> visitor = visitors_.admit(request);
  if (!visitor.has_value()) return answer(response, visitor.error(), {{"why", visitors_.why_log_in(request)}});
  answer(response, document_of(*visitor, visitors_.has_log_in()));
}

void WebSite::log_in(const httplib::Request& request, httplib::Response& response) {
  const std::string token = token_in(request.body);
  if (token.empty()) return answer(response, invalid_argument("{\"token\": \"...\"} is needed"));
  const Result<std::string> cookie = visitors_.log_in(request, token);
  if (!cookie.has_value()) return answer(response, cookie.error());
  response.set_header("Set-Cookie", *cookie);
  answer(response, nlohmann::json::object());
}

void WebSite::log_out(const httplib::Request& request, httplib::Response& response) {
  const Result<Visitor> visitor = visitors_.admit_to_change(request);
  if (!visitor.has_value()) return answer(response, visitor.error());
  response.set_header("Set-Cookie", visitors_.log_out(request));
  answer(response, nlohmann::json::object());
}

void WebSite::enter(const httplib::Request& request, httplib::Response& response) {
  if (!visitors_.admit(request).has_value()) {  // who is in already may open the link again
    const Result<std::string> cookie = visitors_.enter(request, request.get_param_value("key"));
    if (!cookie.has_value()) return answer(response, cookie.error());
    response.set_header("Set-Cookie", *cookie);
  }
  response.set_redirect("/", 303);
}

void WebSite::file(const httplib::Request& request, httplib::Response& response) const {
  if (const Status status = visitors_.check_host(request); !status.ok()) return answer(response, status);
  std::optional<PageFile> file = files_.find(request.path);
  if (!file) return answer(response, not_found("nothing is here"));
  response.headers.erase("Cache-Control");
  response.set_header("Cache-Control", "no-cache");  // kept, and asked about by its tag each time
  response.set_header("ETag", file->etag);
  response.set_header("Vary", "Accept-Encoding");
  if (request.get_header_value("If-None-Match") == file->etag) {
    response.status = 304;
    return;
  }
  response.status = 200;
  response.set_content(file->bytes, file->type);
}

void WebSite::health(httplib::Response& response) const {
  const Health health = health_.now();
  const auto said = [](const std::string& problem) { return problem.empty() ? "ok" : problem; };
  answer(response, nlohmann::json({{"status", health.ok() ? "ok" : "failing"},
                                   {"database", said(health.database)},
                                   {"disk", said(health.disk)},
                                   {"writer", said(health.writer)},
                                   {"diskFreeMib", health.disk_free_mib}}));
  if (!health.ok()) response.status = 503;
}

void WebSite::metrics(const httplib::Request& request, httplib::Response& response) {
  if (!monitoring_.is_open) {
    const Result<Visitor> visitor = visitors_.admit(request);
    if (!visitor.has_value()) return answer(response, visitor.error());
  }
  response.status = 200;
  response.set_content(monitoring_.metrics(), kMetricsType);
}

void WebSite::watch(const httplib::Request& request, httplib::Response& response) {
  const Result<Visitor> visitor = visitors_.admit(request);
  if (!visitor.has_value()) return answer(response, visitor.error());
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  if (site == "cross-site" || site == "same-site") {
    return answer(response, Status(StatusCode::kPermissionDenied, "this has to come from the coordinator's own page"));
  }
  const auto sweep = id_of(request, "sweep"), trial = id_of(request, "trial");
  const bool is_all = request.get_param_value("all") == "1";
  if ((sweep ? 1 : 0) + (trial ? 1 : 0) + (is_all ? 1 : 0) != 1) {
    return answer(response, invalid_argument("one of ?sweep=ID, ?trial=ID and ?all=1 is needed"));
  }
  const auto feed = [&]() -> std::unique_ptr<Feed> {
    if (is_all) return live_.overview.subscribe(visitor->token);
    return watch_feed(live_.channel, visitor->token, sweep.value_or(0), trial.value_or(0));
  };
  const auto is_welcome = [this, request] { return visitors_.admit(request).has_value(); };
  const std::string who = visitor->csrf.empty() ? visitor->token : visitor->csrf;
  if (const Status status = live_.streams.open(response, who, feed, is_welcome); !status.ok()) {
    answer(response, status);
  }
}

void WebSite::call(const httplib::Request& request, httplib::Response& response) {
  const Result<Visitor> visitor = visitors_.admit_to_change(request);
  if (!visitor.has_value()) return answer(response, visitor.error());
  const std::string rest = request.path.substr(kCalls.size());
  const auto slash = rest.find('/');
  const std::string method = slash == rest.npos ? "" : rest.substr(slash + 1);
  Result<std::string> reply = calls_.call(rest.substr(0, slash), method, request.body, visitor->token);
  if (!reply.has_value()) return answer(response, reply.error());
  response.status = 200;
  response.set_content(*reply, "application/json");
}

}  // namespace oodml::coordinator::web
