#include "coordinator/cli/files/artifact_client.h"

#include <utility>

namespace oodml::cli {

Result<v1::ListArtifactsReply> ArtifactClient::list(v1::ListArtifactsRequest request) {
  v1::ListArtifactsReply all;
  do {
    v1::ListArtifactsReply page;
    OODML_RETURN_IF_ERROR(client_.repeat([&](grpc::ClientContext& context) {
      page.Clear();
      return stub_->ListArtifacts(&context, request, &page);
    }));
    if (request.after_trial_id() == 0) {
      all.set_stored_bytes(page.stored_bytes());
      all.set_files_gone(page.files_gone());
    }
    all.mutable_trials()->MergeFrom(page.trials());
    request.set_after_trial_id(page.next_after_trial_id());
  } while (request.after_trial_id() != 0);
  return all;
}

Result<v1::ReadArtifactReply> ArtifactClient::read(const v1::ReadArtifactRequest& request) {
  v1::ReadArtifactReply reply;
  OODML_RETURN_IF_ERROR(client_.repeat([&](grpc::ClientContext& context) {
    reply.Clear();
    return stub_->ReadArtifact(&context, request, &reply);
  }));
  return reply;
}

Result<v1::ReadArtifactReply> ArtifactClient::read_content(const v1::ReadContentRequest& request) {
  v1::ReadArtifactReply reply;
  OODML_RETURN_IF_ERROR(client_.repeat([&](grpc::ClientContext& context) {
    reply.Clear();
    return stub_->ReadContent(&context, request, &reply);
  }));
  return reply;
}

Result<v1::ReadOutputReply> ArtifactClient::output(const v1::ReadOutputRequest& request) {
  v1::ReadOutputReply reply;
  OODML_RETURN_IF_ERROR(client_.repeat([&](grpc::ClientContext& context) {
    reply.Clear();
    return stub_->ReadOutput(&context, request, &reply);
  }));
  return reply;
}

}  // namespace oodml::cli
