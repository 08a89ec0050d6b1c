#pragma once

#include <httplib.h>

#include <nlohmann/json.hpp>

#include "core/base/result.h"

namespace oodml::coordinator::web {

/// The HTTP status that says what a code says.
int http_status(StatusCode code);

/// A failure as {"code": "not_found", "message": "..."}, and what else is to be said, with its HTTP status.
void answer(httplib::Response& response, const Status& failure, nlohmann::json more = nlohmann::json::object());
/// A document with status 200.
void answer(httplib::Response& response, const nlohmann::json& document);

}  // namespace oodml::coordinator::web
