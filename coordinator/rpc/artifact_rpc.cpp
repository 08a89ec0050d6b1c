#include "coordinator/rpc/artifact_rpc.h"

#include <algorithm>
#include <utility>

#include "coordinator/rpc/content_messages.h"
#include "coordinator/rpc/sweep_messages.h"
#include "core/job/limits.h"
#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"
#include "proto/convert/stored_file_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::at_least;
using convert::within;

constexpr std::size_t kMaxWaitingPolls = 1000;
constexpr const char* kService = "ArtifactService";

void add_trial(const TrialFilesView& view, v1::TrialFiles& message) {
  message.set_trial_id(view.trial.value);
  message.set_attempt(view.attempt);
  message.set_state(job::to_text(view.state));
  for (const auto& [axis, label] : view.labels) {
    v1::Label& added = *message.add_labels();
    added.set_axis(convert::wire_name(axis));
    added.set_label(convert::wire_text(label));
  }
  convert::add_files(view.files, *message.mutable_files());
  message.set_worker_id(view.worker);
}

Result<FileSelection> selection_of(const v1::ListArtifactsRequest& request) {
  FileSelection selection;
  OODML_ASSIGN_OR_RETURN(selection.trial.value, at_least("trial_id", request.trial_id(), 0));
  OODML_ASSIGN_OR_RETURN(selection.after.value, at_least("after_trial_id", request.after_trial_id(), 0));
  if (selection.trial.value == 0) {
    OODML_ASSIGN_OR_RETURN(selection.sweep, from_proto(request.sweep()));
  }
  OODML_ASSIGN_OR_RETURN(selection.where, terms_of(request.where()));
  return selection;
}

Result<OutputQuery> query_of(const v1::ReadOutputRequest& request, Duration longest) {
  OutputQuery query;
  OODML_ASSIGN_OR_RETURN(query.trial.value, at_least("trial_id", request.trial_id(), 1));
  OODML_ASSIGN_OR_RETURN(query.attempt, at_least("attempt", request.attempt(), 0));
  OODML_ASSIGN_OR_RETURN(const std::int64_t wait, at_least("wait_millis", request.wait_millis(), 0));
  query.offset = request.offset();
  query.wait = std::min(longest, Duration(wait));
  return query;
}

void set_piece(const OutputPiece& piece, v1::ReadOutputReply& reply) {
  reply.set_attempt(piece.attempt);
  reply.set_offset(piece.offset);
  reply.set_data(piece.data);
  reply.set_over(piece.over);
  reply.set_left_out(piece.left_out);
}

}  // namespace

ArtifactRpc::ArtifactRpc(Artifacts& artifacts, ScriptFiles& scripts, const Gate& gate, WorkQueue& queue,
                         WorkQueue& transfers)
    : artifacts_(artifacts),
      scripts_(scripts),
      calls_(kService, {.usual = Role::kViewer}, gate, queue),
      transfers_(kService,
                 {.usual = Role::kViewer,
                  .of_method = {{"ReadContent", Role::kOperator},
                                {"OfferScript", Role::kSubmitter},
                                {"PutScript", Role::kSubmitter}}},
                 gate, transfers),
      polls_(kMaxWaitingPolls) {}

void ArtifactRpc::wait_until_answered(Duration patience) {
  calls_.wait_until_answered(patience);
  transfers_.wait_until_answered(patience);
}

ArtifactRpc::Reactor* ArtifactRpc::ListArtifacts(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::ListArtifactsRequest, v1::ListArtifactsReply>(
      {*context, *request, *reply}, "ListArtifacts", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const FileSelection wanted, selection_of(request));
        OODML_ASSIGN_OR_RETURN(const FilesPage page, artifacts_.list(wanted));
        for (const TrialFilesView& view : page.trials) add_trial(view, *reply.add_trials());
        reply.set_next_after_trial_id(page.next_after);
        reply.set_stored_bytes(page.stored_bytes);
        reply.set_files_gone(page.files_gone);
        return Status();
      });
}

ArtifactRpc::Reactor* ArtifactRpc::ReadArtifact(Context* context, const Bytes* request, Bytes* reply) {
  return transfers_.queued<v1::ReadArtifactRequest, v1::ReadArtifactReply>(
      {*context, *request, *reply}, "ReadArtifact", [this](const auto& request, auto& reply) -> Status {
        TrialId trial;
        OODML_ASSIGN_OR_RETURN(trial.value, at_least("trial_id", request.trial_id(), 1));
        OODML_ASSIGN_OR_RETURN(const std::string sha256, convert::sha256("sha256", request.sha256()));
        OODML_ASSIGN_OR_RETURN(const std::int64_t offset, at_least("offset", request.offset(), 0));
        OODML_ASSIGN_OR_RETURN(ContentChunk chunk, artifacts_.read(trial, sha256, offset));
        reply.set_data(std::move(chunk.data));
        reply.set_bytes(chunk.bytes);
        return Status();
      });
}

ArtifactRpc::Reactor* ArtifactRpc::ReadContent(Context* context, const Bytes* request, Bytes* reply) {
  return transfers_.queued<v1::ReadContentRequest, v1::ReadArtifactReply>(
      {*context, *request, *reply}, "ReadContent", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const std::string sha256, convert::sha256("sha256", request.sha256()));
        OODML_ASSIGN_OR_RETURN(const std::int64_t offset, at_least("offset", request.offset(), 0));
        OODML_ASSIGN_OR_RETURN(ContentChunk chunk, artifacts_.read_content(sha256, offset));
        reply.set_data(std::move(chunk.data));
        reply.set_bytes(chunk.bytes);
        return Status();
      });
}

ArtifactRpc::Reactor* ArtifactRpc::ReadOutput(Context* context, const Bytes* request, Bytes* reply) {
  const auto wait = std::make_shared<Wait>();
  auto* const reactor = new LongPoll(wait, polls_);
  const Duration longest = waiting_time(std::chrono::system_clock::now(), context->deadline());
  transfers_.answer_on<v1::ReadOutputRequest, v1::ReadOutputReply>(
      {*context, *request, *reply}, *reactor, "ReadOutput",
      [&](const auto& request, auto& reply, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const OutputQuery query, query_of(request, longest));
        OODML_RETURN_IF_ERROR(polls_.add(wait));
        return transfers_.post([this, query, wait, &reply, answer] {
          Calls::run(*answer, [&]() -> Status {
            wait->set(artifacts_.read_output(
                query, reply_to<OutputPiece>(answer, [&reply](const OutputPiece& piece) { set_piece(piece, reply); })));
            return Status();
          });
        });
      });
  return reactor;
}

ArtifactRpc::Reactor* ArtifactRpc::OfferScript(Context* context, const Bytes* request, Bytes* reply) {
  return transfers_.queued_later<v1::OfferScriptRequest, v1::ContentReply>(
      {*context, *request, *reply}, "OfferScript", [this](const auto& request, auto& reply, auto answer) -> Status {
        if (!answer->caller().scripts) return no_right_to_scripts(answer->caller().name);
        OODML_ASSIGN_OR_RETURN(const ContentName content, content_of(request));
        OODML_ASSIGN_OR_RETURN(const ContentPresence presence, scripts_.offer(content));
        set_presence(presence, reply);
        answer->finish({});
        return Status();
      });
}

ArtifactRpc::Reactor* ArtifactRpc::PutScript(Context* context, const Bytes* request, Bytes* reply) {
  return transfers_.queued_later<v1::PutScriptRequest, v1::ContentReply>(
      {*context, *request, *reply}, "PutScript", [this](const auto& request, auto& reply, auto answer) -> Status {
        if (!answer->caller().scripts) return no_right_to_scripts(answer->caller().name);
        OODML_ASSIGN_OR_RETURN(const ContentName content, content_of(request));
        OODML_ASSIGN_OR_RETURN(const std::int64_t offset, at_least("offset", request.offset(), 0));
        OODML_RETURN_IF_ERROR(check_chunk(request.data()));
        OODML_ASSIGN_OR_RETURN(const ContentPresence presence, scripts_.put(content, offset, request.data()));
        set_presence(presence, reply);
        answer->finish({});
        return Status();
      });
}

}  // namespace oodml::coordinator::rpc
