#include "coordinator/cli/output/upkeep_text.h"

#include <utility>

#include "coordinator/cli/output/table.h"
#include "coordinator/cli/output/text.h"

namespace oodml::cli {
namespace {

std::string fact(const std::string& name, const std::string& value) {
  constexpr std::size_t kNames = 16;
  return padded(name, kNames, Align::kLeft) + value + "\n";
}

std::string tables_text(const v1::GetStatsReply& reply, const Style& style) {
  Table table(
      {{.title = "TABLE"}, {.title = "ROWS", .align = Align::kRight}, {.title = "SIZE", .align = Align::kRight}});
  for (const v1::TableSize& size : reply.tables())
    table.add({size.table(), std::to_string(size.rows()), bytes_text(size.bytes())});
  return table.text(style);
}

}  // namespace

std::string stats_text(const v1::GetStatsReply& reply, const Style& style) {
  std::string text =
      fact("database", one_line(reply.path()) + ", schema version " + std::to_string(reply.schema_version()));
  text += fact("size", bytes_text(reply.database_bytes()) + ", of which " + bytes_text(reply.free_bytes()) +
                           " are free for reuse; its log " + bytes_text(reply.log_bytes()));
  text += fact("disk", bytes_text(reply.disk_free_bytes()) + " free");
  text += fact("sweeps", std::to_string(reply.sweeps()) + ", of which " + std::to_string(reply.archived_sweeps()) +
                             (reply.archived_sweeps() == 1 ? " is" : " are") + " archived");
  text += fact("trials", std::to_string(reply.trials()));
  if (reply.contents() > 0)
    text += fact("artefacts", counted(reply.contents(), "content") + ", " + bytes_text(reply.content_bytes()));
  if (reply.output_bytes() > 0) text += fact("output", bytes_text(reply.output_bytes()));
  for (const std::string& kept : reply.retention()) text += fact("kept", one_line(kept));
  return text + "\n" + tables_text(reply, style);
}

Json json_of(const v1::GetStatsReply& reply) {
  Json tables = Json::array();
  for (const v1::TableSize& size : reply.tables())
    tables.push_back({{"table", size.table()}, {"rows", size.rows()}, {"bytes", size.bytes()}});
  return {{"path", reply.path()},
          {"schema_version", reply.schema_version()},
          {"database_bytes", reply.database_bytes()},
          {"free_bytes", reply.free_bytes()},
          {"log_bytes", reply.log_bytes()},
          {"disk_free_bytes", reply.disk_free_bytes()},
          {"sweeps", reply.sweeps()},
          {"archived_sweeps", reply.archived_sweeps()},
          {"trials", reply.trials()},
          {"contents", reply.contents()},
          {"content_bytes", reply.content_bytes()},
          {"output_bytes", reply.output_bytes()},
          {"retention", std::vector<std::string>(reply.retention().begin(), reply.retention().end())},
          {"tables", std::move(tables)}};
}

std::string removal_text(const v1::RemoveReply& reply) {
  std::string text = "Sweep " + std::to_string(reply.sweep().sweep_id()) + " " + one_line(reply.sweep().name()) +
                     " goes with " + counted(reply.trials(), "trial") + " and about " +
                     counted(reply.points(), "point") + " of curves (about " + bytes_text(reply.database_bytes()) +
                     " of the database";
  if (reply.content_bytes() > 0) text += ", " + bytes_text(reply.content_bytes()) + " of artefacts";
  text += ")";
  if (reply.shared_trials() > 0)
    text += "; " + counted(reply.shared_trials(), "trial") + " that other sweeps have " +
            (reply.shared_trials() == 1 ? "stays" : "stay");
  return text;
}

Json json_of(const v1::RemoveReply& reply) {
  return {{"sweep", json_of(reply.sweep())},        {"trials", reply.trials()},
          {"shared_trials", reply.shared_trials()}, {"points", reply.points()},
          {"content_bytes", reply.content_bytes()}, {"database_bytes", reply.database_bytes()}};
}

}  // namespace oodml::cli
