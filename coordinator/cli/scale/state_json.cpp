#include "coordinator/cli/scale/state_json.h"

namespace oodml::cli::scale {
namespace {

constexpr int kStateVersion = 1;

Json json_of(const Trouble& trouble) {
  return {{"failures", trouble.failures},
          {"reason", trouble.reason},
          {"since", to_millis(trouble.since)},
          {"retry_at", to_millis(trouble.retry_at)}};
}

Json json_of(const ProfileState& profile) {
  return {{"trouble", json_of(profile.trouble)},
          {"paused_until", to_millis(profile.paused_until)},
          {"submitted_at", to_millis(profile.submitted_at)},
          {"waiting", profile.waiting},
          {"pending", profile.pending},
          {"starting", profile.starting},
          {"working", profile.working},
          {"in_doubt", profile.in_doubt},
          {"pending_reason", profile.pending_reason}};
}

// These throw what nlohmann throws; state_of catches it.
Time time_at(const Json& json, const char* key) { return from_millis(json.at(key).get<std::int64_t>()); }

Trouble trouble_of(const Json& json) {
  return {.failures = json.at("failures"),
          .reason = json.at("reason"),
          .since = time_at(json, "since"),
          .retry_at = time_at(json, "retry_at")};
}

ProfileState profile_of(const Json& json) {
  return {.trouble = trouble_of(json.at("trouble")),
          .paused_until = time_at(json, "paused_until"),
          .submitted_at = time_at(json, "submitted_at"),
          .waiting = json.at("waiting"),
          .pending = json.at("pending"),
          .starting = json.at("starting"),
          .working = json.at("working"),
          .in_doubt = json.at("in_doubt"),
          .pending_reason = json.at("pending_reason")};
}

ScaleState read(const Json& json) {
  ScaleState state{.looked_at = time_at(json, "looked_at"),
                   .cluster = trouble_of(json.at("cluster")),
                   .coordinator = trouble_of(json.at("coordinator"))};
  for (const auto& [name, profile] : json.at("profiles").items()) state.profiles[name] = profile_of(profile);
  for (const Json& asked : json.at("asked")) {
    state.asked.push_back({.tag = asked.at("tag"),
                           .profile = asked.at("profile"),
                           .workers = asked.at("workers"),
                           .at = time_at(asked, "at")});
  }
  for (const Json& job : json.at("jobs")) {
    state.jobs.push_back({.id = job.at("id"), .profile = job.at("profile"), .had_worker = job.at("had_worker")});
  }
  for (const Json& text : json.at("unserved")) state.unserved.push_back(text);
  return state;
}

}  // namespace

Json json_of(const ScaleState& state) {
  Json json = {{"version", kStateVersion},
               {"looked_at", to_millis(state.looked_at)},
               {"cluster", json_of(state.cluster)},
               {"coordinator", json_of(state.coordinator)},
               {"profiles", Json::object()},
               {"asked", Json::array()},
               {"jobs", Json::array()},
               {"unserved", state.unserved}};
  for (const auto& [name, profile] : state.profiles) json["profiles"][name] = json_of(profile);
  for (const Asked& asked : state.asked) {
    json["asked"].push_back(
        {{"tag", asked.tag}, {"profile", asked.profile}, {"workers", asked.workers}, {"at", to_millis(asked.at)}});
  }
  for (const KnownJob& job : state.jobs) {
    json["jobs"].push_back({{"id", job.id}, {"profile", job.profile}, {"had_worker", job.had_worker}});
  }
  return json;
}

Result<ScaleState> state_of(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("version") != kStateVersion) return failure(StatusCode::kDataLoss, "its version is another one");
    return read(json);
  } catch (const Json::exception& error) {
    return failure(StatusCode::kDataLoss, std::string("it is damaged: ") + error.what());
  }
}

}  // namespace oodml::cli::scale
