#include "coordinator/store/spec_text.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace oodml::coordinator::store {
namespace {

using Json = nlohmann::json;

Json to_json(const job::Hello& hello) {
  return {{"kind", "hello"}, {"version", hello.version}, {"device", hello.device}, {"pid", hello.pid}};
}
Json to_json(const job::Checkpoint& point) {
  return {{"kind", "checkpoint"}, {"epoch", point.epoch}, {"path", point.path}, {"sha256", point.sha256}};
}
Json to_json(const job::Warning& warning) { return {{"kind", "warning"}, {"message", warning.message}}; }
Json to_json(const job::Done& done) { return {{"kind", "done"}, {"epochs", done.epochs}}; }
Json to_json(const job::Stopped& stopped) {
  return {{"kind", "stopped"}, {"epoch", stopped.epoch}, {"step", stopped.step}};
}
Json to_json(const job::Failed& failed) {
  return {{"kind", "failed"}, {"failure", failed.kind}, {"message", failed.message}};
}
Json to_json(const job::Identity& identity) {
  return {{"kind", "identity"},
          {"results_version", identity.results_version},
          {"program", identity.program},
          {"data", identity.data}};
}
Json to_json(const job::Progress&) { throw std::logic_error("progress is not stored"); }
Json to_json(const job::Metric&) { throw std::logic_error("metrics have a table of their own"); }

job::EventBody body_of(const Json& json) {
  const std::string kind = json.at("kind");
  const auto integer = [&](const char* key) { return json.at(key).get<std::int64_t>(); };
  const auto text = [&](const char* key) { return json.at(key).get<std::string>(); };
  if (kind == "hello")
    return job::Hello{.version = integer("version"), .device = text("device"), .pid = integer("pid")};
  if (kind == "checkpoint") {
    return job::Checkpoint{.epoch = integer("epoch"), .path = text("path"), .sha256 = text("sha256")};
  }
  if (kind == "warning") return job::Warning{.message = text("message")};
  if (kind == "done") return job::Done{.epochs = integer("epochs")};
  if (kind == "stopped") return job::Stopped{.epoch = integer("epoch"), .step = integer("step")};
  if (kind == "identity") {
    return job::Identity{
        .results_version = integer("results_version"), .program = text("program"), .data = text("data")};
  }
  return job::Failed{.kind = text("failure"), .message = text("message")};
}

}  // namespace

std::string to_text(const job::TrialSpec& spec) {
  std::string text;
  for (const auto& [key, value] : spec.values) text += key + " " + oodml::to_text(value) + "\n";
  return text;
}

Result<job::TrialSpec> parse_spec(std::string_view text) {
  job::TrialSpec spec;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return invalid_argument("a stored setting has no value: " + std::string(line));
    OODML_ASSIGN_OR_RETURN(Value value, parse_value(line.substr(space + 1)));
    spec.values.set(std::string(line.substr(0, space)), std::move(value));
  }
  return spec;
}

std::string to_text(const job::EventBody& body) {
  const Json json = std::visit([](const auto& event) { return to_json(event); }, body);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<job::EventBody> parse_event_body(std::string_view text) {
  try {
    return body_of(Json::parse(text));
  } catch (const Json::exception& error) {
    return failure(StatusCode::kDataLoss, "a stored event cannot be read: " + std::string(error.what()));
  }
}

}  // namespace oodml::coordinator::store
