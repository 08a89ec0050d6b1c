#include "worker/spool_records.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/protocol/lines.h"

namespace oodml::worker {
namespace {

using nlohmann::json;

constexpr int kVersion = 2;
constexpr int kVersionThatForgets = 1;  // Its files hold nothing of what was told, and no fingerprint.

std::string numbered(char kind, const job::Event& event) {
  std::string line = protocol::encode(event.body);
  if (!line.empty() && line.back() == '\n') line.pop_back();
  return kind + std::to_string(event.sequence) + " " + std::to_string(to_millis(event.time)) + " " + line;
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return value;
}

/// nullopt for an event that this version does not know.
std::optional<job::Event> parse_event(std::string_view text, const job::Lease& lease) {
  const auto sequence = take_number(text);
  const auto millis = sequence ? take_number(text) : std::nullopt;
  if (!millis) return std::nullopt;
  auto body = protocol::decode(text);
  if (!body.has_value() || !body->has_value()) return std::nullopt;
  return job::Event{lease.trial, lease.attempt, *sequence, from_millis(*millis), std::move(**body)};
}

std::optional<PendingFinish> parse_finish(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto outcome = job::parse_outcome(object.value("outcome", ""));
  if (!outcome) return std::nullopt;
  return PendingFinish{object.value("request", ""), *outcome, object.value("message", ""),
                       object.value("last_sequence", std::int64_t{0})};
}

std::optional<SpoolContent> parse_header(const std::vector<std::string>& records) {
  if (records.empty() || records.front().front() != 'H') return std::nullopt;
  const json object = json::parse(records.front().substr(1), nullptr, false);
  if (!object.is_object()) return std::nullopt;
  SpoolContent content;
  content.held.lease = {TrialId{object.value("trial", std::int64_t{0})}, object.value("attempt", std::int64_t{0}),
                        LeaseId{object.value("lease", "")}};
  if (content.held.lease.trial.value < 1 || content.held.lease.attempt < 1) return std::nullopt;
  content.held.fingerprint = object.value("fingerprint", "");
  content.held.slot = object.value("slot", "");
  const int version = object.value("version", 0);
  if (version == kVersionThatForgets) {
    content.gone = content.told = content.thinned = object.value("freed", std::int64_t{0});
    return content;
  }
  if (version != kVersion) return std::nullopt;
  content.gone = object.value("gone", std::int64_t{0});
  content.told = object.value("told", std::int64_t{0});
  content.thinned = object.value("thinned", std::int64_t{0});
  return content;
}

/// Where progress was left out there are gaps; behind that there are none.
bool follows(const SpoolContent& content, std::int64_t sequence) {
  const std::int64_t last = content.events.empty() ? content.gone : content.events.back().sequence;
  return sequence <= content.thinned ? sequence > last : sequence == std::max(last, content.thinned) + 1;
}

}  // namespace

std::string header_record(const SpoolContent& content) {
  const auto& [lease, fingerprint, slot] = content.held;
  return "H" + json{{"version", kVersion},     {"trial", lease.trial.value}, {"attempt", lease.attempt},
                    {"lease", lease.id.value}, {"fingerprint", fingerprint}, {"slot", slot},
                    {"gone", content.gone},    {"told", content.told},       {"thinned", content.thinned}}
                   .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string event_record(const job::Event& event) { return numbered('E', event); }

std::string left_out_record(const job::Event& progress) { return numbered('P', progress); }

std::string finish_record(const PendingFinish& finish) {
  return "F" + json{{"request", finish.request_id},
                    {"outcome", job::to_text(finish.outcome)},
                    {"message", finish.message},
                    {"last_sequence", finish.last_sequence}}
                   .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<SpoolContent> parse_spool(const std::vector<std::string>& records, const std::string& file) {
  std::optional<SpoolContent> content = parse_header(records);
  if (!content) {
    return failure(StatusCode::kDataLoss, file + " names no lease: the worker died while it made the file");
  }
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::string_view record = records[i];
    if (record.front() == 'F') content->finish = parse_finish(record.substr(1));
    if (record.front() == 'P') content->left_out = parse_event(record.substr(1), content->held.lease);
    if (record.front() != 'E') continue;
    auto event = parse_event(record.substr(1), content->held.lease);
    if (!event || !follows(*content, event->sequence)) {
      return failure(StatusCode::kDataLoss, file + ": record " + std::to_string(i) + " is not the event that is due");
    }
    content->events.push_back(std::move(*event));
  }
  return *std::move(content);
}

}  // namespace oodml::worker
