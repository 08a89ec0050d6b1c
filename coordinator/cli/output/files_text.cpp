#include "coordinator/cli/output/files_text.h"

#include <cstdio>
#include <iterator>

#include "coordinator/cli/output/progress_bar.h"
#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/text.h"
#include "core/base/clock.h"

namespace oodml::cli {
namespace {

constexpr std::size_t kBarColumns = 24;

std::string labels_text(const v1::TrialFiles& trial) {
  std::string text;
  for (const v1::Label& label : trial.labels()) text += (text.empty() ? "" : " ") + label.axis() + "=" + label.label();
  return text;
}

std::string epoch_text(const v1::StoredFile& file) { return file.epoch() == 0 ? "" : std::to_string(file.epoch()); }

std::string gone_text(const v1::ListArtifactsReply& reply) {
  if (reply.files_gone() == 0) return "";
  return "Let go of since, as their trials are old: " + counted(reply.files_gone(), "file") +
         " (oodml db stats: what is kept how long).\n";
}

Json file_json(const v1::StoredFile& file) {
  return {{"path", file.path()},
          {"kind", file.kind()},
          {"epoch", file.epoch() == 0 ? Json() : Json(file.epoch())},
          {"bytes", file.bytes()},
          {"sha256", file.sha256()},
          {"stored", file.stored_millis() == 0 ? Json() : Json(to_iso8601(from_millis(file.stored_millis())))}};
}

}  // namespace

std::string files_text(const v1::ListArtifactsReply& reply, std::int64_t now_millis, const Style& style) {
  Table table({{.title = "TRIAL", .align = Align::kRight},
               {.title = "LABELS", .overflow = Overflow::kShorten, .drop_order = 1},
               {.title = "ATTEMPT", .align = Align::kRight, .drop_order = 3},
               {.title = "KIND"},
               {.title = "EPOCH", .align = Align::kRight, .drop_order = 2},
               {.title = "SIZE", .align = Align::kRight},
               {.title = "STORED", .drop_order = 4},
               {.title = "FILE", .overflow = Overflow::kShorten}});
  for (const v1::TrialFiles& trial : reply.trials()) {
    for (const v1::StoredFile& file : trial.files()) {
      table.add({std::to_string(trial.trial_id()), labels_text(trial), std::to_string(trial.attempt()), file.kind(),
                 epoch_text(file), bytes_text(file.bytes()), ago_text(file.stored_millis(), now_millis), file.path()});
    }
  }
  if (table.empty()) return "No files of it are stored.\n" + gone_text(reply);
  return table.text(style) + "\nStored: " + bytes_text(reply.stored_bytes()) +
         " (equal files once). To get them: oodml fetch.\n" + gone_text(reply);
}

Json json_of(const v1::ListArtifactsReply& reply) {
  Json trials = Json::array();
  for (const v1::TrialFiles& trial : reply.trials()) {
    Json labels = Json::object(), files = Json::array();
    for (const v1::Label& label : trial.labels()) labels[label.axis()] = label.label();
    for (const v1::StoredFile& file : trial.files()) files.push_back(file_json(file));
    trials.push_back({{"trial_id", trial.trial_id()},
                      {"attempt", trial.attempt()},
                      {"state", trial.state()},
                      {"labels", std::move(labels)},
                      {"worker", trial.worker_id()},
                      {"files", std::move(files)}});
  }
  return {{"trials", std::move(trials)}, {"stored_bytes", reply.stored_bytes()}, {"files_gone", reply.files_gone()}};
}

std::string transfer_line(const Transfer& transfer, const Style& style) {
  const BarParts parts{.succeeded = static_cast<double>(transfer.bytes),
                       .total = static_cast<double>(transfer.bytes_total)};
  std::string line = of_total(transfer.files, transfer.files_total) + " files  " +
                     progress_bar(parts, kBarColumns, style) + "  " + bytes_text(transfer.bytes) + " of " +
                     bytes_text(transfer.bytes_total);
  if (transfer.bytes_per_second > 0) {
    line += "  " + bytes_text(static_cast<std::int64_t>(transfer.bytes_per_second)) + "/s";
  }
  return line;
}

}  // namespace oodml::cli
