#include "coordinator/telling/message.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <nlohmann/json.hpp>

namespace oodml::coordinator::telling {
namespace {

using Json = nlohmann::ordered_json;

/// Slack reads these three as markup.
std::string for_slack(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') escaped += "&amp;";
    if (c == '<') escaped += "&lt;";
    if (c == '>') escaped += "&gt;";
    if (c != '&' && c != '<' && c != '>') escaped += c;
  }
  return escaped;
}

Json sweep_json(const SweepView& sweep) {
  return {{"id", sweep.id.value},          {"name", sweep.name},
          {"owner", sweep.owner},          {"state", sweep.state},
          {"trials", sweep.trials},        {"succeeded", sweep.counts.succeeded},
          {"failed", sweep.counts.failed}, {"cancelled", sweep.counts.cancelled}};
}

Json document_of(const News& news, const std::string& delivery, Time time) {
  Json json = {{"version", 1},
               {"delivery", delivery},
               {"kind", to_text(news.kind)},
               {"time", to_iso8601(time)},
               {"text", news.text}};
  if (news.sweep) json["sweep"] = sweep_json(*news.sweep);
  if (!news.worker.empty()) {
    Json running = Json::array();
    for (const TrialId trial : news.running) running.push_back(trial.value);
    json["worker"] = {{"id", news.worker}, {"running", running}};
  }
  if (!news.disk.empty()) json["disk"] = {{"folder", news.disk}, {"free_bytes", news.free_bytes}};
  return json;
}

}  // namespace

std::string body_of(const News& news, Format format, const std::string& delivery, Time time) {
  const Json json = format == Format::kSlack ? Json{{"text", for_slack(news.text)}} : document_of(news, delivery, time);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string signature_of(const std::string& secret, Time time, const std::string& body) {
  const std::string seconds = std::to_string(to_millis(time) / 1000);
  const std::string bytes = seconds + "." + body;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  ::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest, &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    constexpr const char* kDigits = "0123456789abcdef";
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return "t=" + seconds + ",v1=" + hex;
}

}  // namespace oodml::coordinator::telling
