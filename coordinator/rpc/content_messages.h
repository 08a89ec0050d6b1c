#pragma once

#include <string>

#include "coordinator/service/artifacts.h"
#include "core/job/limits.h"
#include "oodml/v1/artifacts.pb.h"
#include "proto/convert/fields.h"

/// What the messages of every upload have in common.
namespace oodml::coordinator::rpc {

template <typename Request>
Result<ContentName> content_of(const Request& request) {
  ContentName content;
  OODML_ASSIGN_OR_RETURN(content.sha256, convert::sha256("sha256", request.sha256()));
  OODML_ASSIGN_OR_RETURN(content.bytes, convert::at_least("bytes", request.bytes(), 0));
  return content;
}

inline Status check_chunk(const std::string& data) {
  if (data.size() <= job::kMaxChunkBytes) return Status();
  return invalid_argument("data: " + std::to_string(data.size()) + " bytes; at most " +
                          std::to_string(job::kMaxChunkBytes) + " wanted");
}

inline void set_presence(const ContentPresence& presence, v1::ContentReply& reply) {
  reply.set_present(presence.present);
  reply.set_whole(presence.whole);
}

}  // namespace oodml::coordinator::rpc
