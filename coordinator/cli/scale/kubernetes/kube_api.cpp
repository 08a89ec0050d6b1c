#include "coordinator/cli/scale/kubernetes/kube_api.h"

#include <httplib.h>

#include "coordinator/cli/output/text.h"
#include "core/base/atomic_file.h"

namespace oodml::cli::scale {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxAnswer = 64u << 20, kMaxChange = 4u << 20;
constexpr std::uint64_t kMaxToken = 64 << 10;

std::string path_of(const KubeAccess& access, const std::string& group, const std::string& path) {
  return (group == "v1" ? "/api/v1" : "/apis/" + group) + "/namespaces/" + access.name_space + "/" + path;
}

Result<httplib::Client> client_of(const KubeAccess& access, Duration limit) {
  OODML_ASSIGN_OR_RETURN(const std::string token, read_file(access.token_file, kMaxToken));
  httplib::Client client(access.server);
  if (!client.is_valid()) return invalid_argument("kubernetes: server " + access.server + " cannot be used");
  client.set_ca_cert_path(access.ca.string());
  client.enable_server_certificate_verification(true);
  client.set_connection_timeout(access.limit);
  client.set_read_timeout(limit);
  client.set_write_timeout(access.limit);
  client.set_follow_location(false);
  client.set_default_headers(
      {{"Authorization", "Bearer " + token.substr(0, token.find_first_of(" \r\n"))}, {"Accept", "application/json"}});
  return client;
}

StatusCode code_of(int status, const std::string& reason) {
  switch (status) {
    case 400:
    case 422:
      return StatusCode::kInvalidArgument;
    case 401:
    case 403:
      return StatusCode::kPermissionDenied;
    case 404:
      return StatusCode::kNotFound;
    case 409:
      return reason == "AlreadyExists" ? StatusCode::kAlreadyExists : StatusCode::kAborted;
    default:
      return StatusCode::kUnavailable;
  }
}

std::string text_in(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

/// What the server says in place of an object.
Status refusal(int status, const std::string& body) {
  const json said = json::parse(body, nullptr, false);
  const std::string message = text_in(said, "message");
  return Status(code_of(status, text_in(said, "reason")),
                "the Kubernetes API server answered " + std::to_string(status) +
                    (message.empty() ? "" : ": " + one_line(message.substr(0, 500))));
}

/// One call; the answer is read up to its bound.
Result<json> call(const KubeAccess& access, const std::string& method, const std::string& path,
                  const std::string& body) {
  OODML_ASSIGN_OR_RETURN(httplib::Client client, client_of(access, access.limit));
  httplib::Request request;
  request.method = method;
  request.path = path;
  if (!body.empty()) request.set_header("Content-Type", "application/json");
  request.body = body;
  std::string answer;
  bool too_long = false;
  request.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t, std::uint64_t) {
    too_long = answer.size() + size > kMaxAnswer;
    if (!too_long) answer.append(bytes, size);
    return !too_long;
  };
  const httplib::Result result = client.send(request);
  if (too_long) return Result<json>(failure(StatusCode::kResourceExhausted, "the API server's answer is over 64 MiB"));
  if (!result) {
    return unavailable("no answer from the Kubernetes API server " + access.server + " (" +
                       httplib::to_string(result.error()) + ")");
  }
  if (result->status < 200 || result->status >= 300) return failure(refusal(result->status, answer));
  json object = json::parse(answer, nullptr, false);
  if (!object.is_object()) return internal_error("the Kubernetes API server answered no JSON object");
  return object;
}

}  // namespace

Result<json> KubeApi::get(const std::string& group, const std::string& path, const Query& query) const {
  const httplib::Params params(query.begin(), query.end());
  return call(access_, "GET", httplib::append_query_params(path_of(access_, group, path), params), "");
}

Result<json> KubeApi::create(const std::string& group, const std::string& path, const json& object) const {
  return call(access_, "POST", path_of(access_, group, path), object.dump());
}

Result<json> KubeApi::remove(const std::string& group, const std::string& path, const json& options) const {
  return call(access_, "DELETE", path_of(access_, group, path), options.dump());
}

/// While it lives, stop_watching() reaches the client.
class KubeApi::Watching {
 public:
  Watching(KubeApi& api, httplib::Client& client) : api_(api) {
    const std::lock_guard lock(api_.mutex_);
    if (!api_.stopped_) api_.stop_ = [&client] { client.stop(); };
  }
  ~Watching() {
    const std::lock_guard lock(api_.mutex_);
    api_.stop_ = nullptr;
  }

 private:
  KubeApi& api_;
};

void KubeApi::stop_watching() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (stop_) stop_();
}

bool KubeApi::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

Status KubeApi::watch(const std::string& group, const std::string& path, Query query,
                      const std::function<bool(const json& change)>& seen) {
  // The server ends a quiet stream; a dead connection is noticed a little later.
  constexpr std::chrono::seconds kStream{60};
  query.emplace("watch", "1");
  query.emplace("timeoutSeconds", std::to_string(kStream.count()));
  OODML_ASSIGN_OR_RETURN(httplib::Client client, client_of(access_, kStream + access_.limit));
  const httplib::Params params(query.begin(), query.end());
  std::string ahead;
  bool enough = false;
  const auto receive = [&](const char* bytes, std::size_t size) {
    if (stopped() || ahead.size() + size > kMaxChange) return false;
    ahead.append(bytes, size);
    for (std::size_t end; !enough && (end = ahead.find('\n')) != std::string::npos; ahead.erase(0, end + 1)) {
      const json change = json::parse(ahead.substr(0, end), nullptr, false);
      enough = change.is_object() && !seen(change);
    }
    return !enough;
  };
  const Watching watching(*this, client);
  if (stopped()) return Status();
  const auto result = client.Get(httplib::append_query_params(path_of(access_, group, path), params), receive);
  if (enough || stopped() || result) return Status();
  return unavailable("the watch ended (" + httplib::to_string(result.error()) + ")");
}

}  // namespace oodml::cli::scale
