#include "coordinator/web/web_site.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "coordinator/web/answers.h"

namespace oodml::coordinator::web {
namespace {

constexpr std::string_view kCalls = "/api/v1/";
constexpr std::size_t kMaxLogInBytes = 4096;

/// What the page needs to know of its visitor.
nlohmann::json document_of(const Visitor& visitor, bool has_log_in) {
  return {{"name", visitor.caller.name},
          {"role", to_text(visitor.caller.role)},
          {"csrf", visitor.csrf},
          {"logIn", has_log_in},
          {"version", OODML_VERSION}};
}

bool is_json(const httplib::Request& request) {
  const std::string type = request.get_header_value("Content-Type");
  return type == "application/json" || type.starts_with("application/json;");
}

/// The token of {"token": "..."}; empty: the body is something else.
std::string token_in(const std::string& body) {
  if (body.size() > kMaxLogInBytes) return "";
  const nlohmann::json document = nlohmann::json::parse(body, nullptr, false);
  if (!document.is_object() || !document.contains("token") || !document["token"].is_string()) return "";
  return document["token"].get<std::string>();
}

}  // namespace

void WebSite::get(const httplib::Request& request, httplib::Response& response) {
  if (request.path == "/session") return session(request, response);
  if (request.path == "/enter") return enter(request, response);
  file(request, response);
}

void WebSite::post(const httplib::Request& request, httplib::Response& response) {
  // A form of another site cannot have this type.
  if (!is_json(request)) {
    answer(response, invalid_argument("`Content-Type: application/json` is needed"));
    response.status = 415;
    return;
  }
  if (request.path == "/login") return log_in(request, response);
  if (request.path == "/logout") return log_out(request, response);
  if (request.path.starts_with(kCalls)) return call(request, response);
  answer(response, not_found("nothing is here"));
}

void WebSite::session(const httplib::Request& request, httplib::Response& response) {
  const Result<Visitor> visitor = visitors_.admit(request);
  if (!visitor.has_value()) return answer(response, visitor.error());
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
  const Result<std::string> cookie = visitors_.enter(request, request.get_param_value("key"));
  if (!cookie.has_value()) return answer(response, cookie.error());
  response.set_header("Set-Cookie", *cookie);
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
