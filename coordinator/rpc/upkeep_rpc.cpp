#include "coordinator/rpc/upkeep_rpc.h"

#include <utility>

#include "coordinator/rpc/sweep_messages.h"
#include "proto/convert/fields.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::at_least;
using convert::within;

v1::GetStatsReply message_of(const DatabaseStats& stats) {
  v1::GetStatsReply message;
  message.set_path(stats.path.string());
  message.set_schema_version(stats.schema_version);
  message.set_database_bytes(stats.database_bytes);
  message.set_free_bytes(stats.free_bytes);
  message.set_log_bytes(stats.log_bytes);
  message.set_disk_free_bytes(stats.disk_free_bytes);
  for (const TableSize& table : stats.tables) {
    v1::TableSize& size = *message.add_tables();
    size.set_table(table.table);
    size.set_rows(table.rows);
    size.set_bytes(table.bytes);
  }
  message.set_sweeps(stats.sweeps);
  message.set_archived_sweeps(stats.archived_sweeps);
  message.set_trials(stats.trials);
  message.set_content_bytes(stats.content_bytes);
  message.set_contents(stats.contents);
  message.set_output_bytes(stats.output_bytes);
  for (const std::string& line : stats.retention) message.add_retention(line);
  return message;
}

v1::RemoveReply message_of(const RemovalView& view) {
  v1::RemoveReply message;
  *message.mutable_sweep() = rpc::to_proto(view.sweep);
  message.set_trials(view.trials);
  message.set_shared_trials(view.shared_trials);
  message.set_points(view.points);
  message.set_content_bytes(view.content_bytes);
  message.set_database_bytes(view.database_bytes);
  return message;
}

Result<RemovalWish> wish_of(const v1::RemoveRequest& request, Removal kind, const Caller& caller) {
  RemovalWish wish{.kind = kind, .go_ahead = request.go_ahead(), .by = person_of(caller)};
  OODML_ASSIGN_OR_RETURN(wish.sweep, within("sweep", from_proto(request.sweep())));
  if (wish.go_ahead) {
    OODML_ASSIGN_OR_RETURN(wish.request_id, convert::request_id("request_id", request.request_id()));
  }
  return wish;
}

}  // namespace

UpkeepRpc::UpkeepRpc(Upkeep& upkeep, const Gate& gate, WorkQueue& queue)
    : upkeep_(upkeep),
      calls_("UpkeepService",
             {.usual = Role::kSubmitter, .of_method = {{"ReadSnapshot", Role::kOperator}, {"GetStats", Role::kViewer}}},
             gate, queue) {}

UpkeepRpc::Reactor* UpkeepRpc::ReadSnapshot(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ReadSnapshotRequest, v1::ReadSnapshotReply>(
      {*context, *request, *reply}, "ReadSnapshot", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const std::int64_t offset, at_least("offset", request.offset(), 0));
        OODML_ASSIGN_OR_RETURN(SnapshotPiece piece, upkeep_.read_snapshot(request.snapshot_id(), offset));
        reply.set_snapshot_id(std::move(piece.id));
        reply.set_bytes(piece.bytes);
        reply.set_data(std::move(piece.data));
        reply.set_sha256(std::move(piece.sha256));
        return Status();
      });
}

UpkeepRpc::Reactor* UpkeepRpc::GetStats(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::GetStatsRequest, v1::GetStatsReply>(
      {*context, *request, *reply}, "GetStats", [this](const auto&, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const DatabaseStats stats, upkeep_.stats());
        reply = message_of(stats);
        return Status();
      });
}

UpkeepRpc::Reactor* UpkeepRpc::remove(const RawCall& call, const std::string& method, Removal kind) {
  return calls_.queued_later<v1::RemoveRequest, v1::RemoveReply>(
      call, method, [this, kind](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const RemovalWish wish, wish_of(request, kind, answer->caller()));
        upkeep_.remove(
            wish, reply_to<RemovalView>(std::move(answer), [&reply](const auto& view) { reply = message_of(view); }));
        return Status();
      });
}

UpkeepRpc::Reactor* UpkeepRpc::Archive(Context* context, const Bytes* request, Bytes* reply) {
  return remove({*context, *request, *reply}, "Archive", Removal::kArchive);
}

UpkeepRpc::Reactor* UpkeepRpc::Unarchive(Context* context, const Bytes* request, Bytes* reply) {
  return remove({*context, *request, *reply}, "Unarchive", Removal::kUnarchive);
}

UpkeepRpc::Reactor* UpkeepRpc::Delete(Context* context, const Bytes* request, Bytes* reply) {
  return remove({*context, *request, *reply}, "Delete", Removal::kDelete);
}

}  // namespace oodml::coordinator::rpc
