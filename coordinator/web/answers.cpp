#include "coordinator/web/answers.h"

namespace oodml::coordinator::web {
namespace {

constexpr const char* kJson = "application/json";

/// What clients sent comes back in messages, and is not always UTF-8.
std::string text_of(const nlohmann::json& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

int http_status(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return 200;
    case StatusCode::kInvalidArgument:
      return 400;
    case StatusCode::kUnauthenticated:
      return 401;
    case StatusCode::kPermissionDenied:
      return 403;
    case StatusCode::kNotFound:
      return 404;
    case StatusCode::kAlreadyExists:
    case StatusCode::kAborted:
    case StatusCode::kFailedPrecondition:
      return 409;
    case StatusCode::kResourceExhausted:
      return 429;
    case StatusCode::kUnimplemented:
      return 501;
    case StatusCode::kUnavailable:
    case StatusCode::kCancelled:
      return 503;
    case StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

void answer(httplib::Response& response, const Status& failure, nlohmann::json more) {
  more["code"] = to_text(failure.code());
  more["message"] = failure.message();
  response.status = http_status(failure.code());
  response.set_content(text_of(more), kJson);
}

void answer(httplib::Response& response, const nlohmann::json& document) {
  response.status = 200;
  response.set_content(text_of(document), kJson);
}

}  // namespace oodml::coordinator::web
