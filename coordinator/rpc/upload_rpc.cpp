#include "coordinator/rpc/upload_rpc.h"

#include <utility>
#include <vector>

#include "coordinator/rpc/content_messages.h"
#include "proto/convert/fields.h"
#include "proto/convert/job_convert.h"
#include "proto/convert/stored_file_convert.h"

namespace oodml::coordinator::rpc {
namespace {

using convert::at_least;
using convert::within;

template <typename Request>
Result<job::Lease> lease_of(const Request& request) {
  return within("lease", convert::from_proto(request.lease()));
}

}  // namespace

UploadRpc::Reactor* UploadRpc::OfferContent(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::OfferContentRequest, v1::ContentReply>(
      {*context, *request, *reply}, "OfferContent", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::Lease lease, lease_of(request));
        OODML_ASSIGN_OR_RETURN(const ContentName content, content_of(request));
        OODML_ASSIGN_OR_RETURN(const ContentPresence presence, uploads_.offer(lease, content));
        set_presence(presence, reply);
        return Status();
      });
}

UploadRpc::Reactor* UploadRpc::PutChunk(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::PutChunkRequest, v1::ContentReply>(
      {*context, *request, *reply}, "PutChunk", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::Lease lease, lease_of(request));
        OODML_ASSIGN_OR_RETURN(const ContentName content, content_of(request));
        OODML_ASSIGN_OR_RETURN(const std::int64_t offset, at_least("offset", request.offset(), 0));
        OODML_RETURN_IF_ERROR(check_chunk(request.data()));
        OODML_ASSIGN_OR_RETURN(const ContentPresence presence, uploads_.put(lease, content, offset, request.data()));
        set_presence(presence, reply);
        return Status();
      });
}

UploadRpc::Reactor* UploadRpc::PublishFiles(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued_later<v1::PublishFilesRequest, v1::PublishFilesReply>(
      {*context, *request, *reply}, "PublishFiles", [this](const auto& request, auto&, auto answer) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::Lease lease, lease_of(request));
        OODML_ASSIGN_OR_RETURN(const std::vector<job::StoredFile> files,
                               convert::stored_files("files", request.files()));
        uploads_.publish(lease, files, reply_to<std::monostate>(std::move(answer), [](const std::monostate&) {}));
        return Status();
      });
}

UploadRpc::Reactor* UploadRpc::AppendOutput(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::AppendOutputRequest, v1::AppendOutputReply>(
      {*context, *request, *reply}, "AppendOutput", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::Lease lease, lease_of(request));
        OODML_ASSIGN_OR_RETURN(const std::int64_t offset, at_least("offset", request.offset(), 0));
        OODML_RETURN_IF_ERROR(check_chunk(request.data()));
        OODML_ASSIGN_OR_RETURN(const std::int64_t next,
                               uploads_.append_output(lease, offset, request.data(), request.over()));
        reply.set_next_offset(next);
        return Status();
      });
}

UploadRpc::Reactor* UploadRpc::TakeChunk(Context* context, const Bytes* request, Bytes* reply) {
  return calls_.queued<v1::TakeChunkRequest, v1::ReadArtifactReply>(
      {*context, *request, *reply}, "TakeChunk", [this](const auto& request, auto& reply) -> Status {
        OODML_ASSIGN_OR_RETURN(const job::Lease lease, lease_of(request));
        OODML_ASSIGN_OR_RETURN(const std::string sha256, convert::sha256("sha256", request.sha256()));
        OODML_ASSIGN_OR_RETURN(const std::int64_t offset, at_least("offset", request.offset(), 0));
        OODML_ASSIGN_OR_RETURN(ContentChunk chunk, uploads_.take(lease, sha256, offset));
        reply.set_data(std::move(chunk.data));
        reply.set_bytes(chunk.bytes);
        return Status();
      });
}

}  // namespace oodml::coordinator::rpc
