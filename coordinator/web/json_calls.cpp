#include "coordinator/web/json_calls.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string_view>

#include "core/base/printable.h"
#include "oodml/v1/artifacts.pb.h"
#include "oodml/v1/sharing.pb.h"
#include "oodml/v1/sweeps.pb.h"
#include "oodml/v1/upkeep.pb.h"
#include "proto/convert/status_convert.h"

namespace oodml::coordinator::web {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr std::chrono::seconds kLongest{60};
/// What people call; workers' services are not for browsers.
constexpr std::array<std::string_view, 4> kServices = {"SweepService", "SharingService", "ArtifactService",
                                                       "UpkeepService"};

/// The file of each service, named so that the linker keeps it.
const MethodDescriptor* find_method(const std::string& service, const std::string& method) {
  if (std::find(kServices.begin(), kServices.end(), service) == kServices.end()) return nullptr;
  for (const auto* of : {v1::ListRequest::descriptor(), v1::WhoAmIRequest::descriptor(),
                         v1::ListArtifactsRequest::descriptor(), v1::GetStatsRequest::descriptor()}) {
    const auto* found = of->file()->FindServiceByName(service);
    if (found == nullptr) continue;
    const auto* named = found->FindMethodByName(method);
    return named == nullptr || named->client_streaming() || named->server_streaming() ? nullptr : named;
  }
  return nullptr;
}

std::unique_ptr<Message> new_message(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

/// Waits for a call on the caller's own thread.
struct Waiting {
  void ended(grpc::Status with) {
    const std::lock_guard lock(mutex);
    status = std::move(with);
    done.notify_one();
  }
  grpc::Status wait() {
    std::unique_lock lock(mutex);
    done.wait(lock, [this] { return status.has_value(); });
    return *status;
  }
  std::mutex mutex;
  std::condition_variable done;
  std::optional<grpc::Status> status;  // guarded by mutex
};

Result<std::string> json_of(const MethodDescriptor& method, grpc::ByteBuffer& bytes) {
  const std::unique_ptr<Message> reply = new_message(method.output_type());
  if (!grpc::SerializationTraits<Message>::Deserialize(&bytes, reply.get()).ok()) {
    return internal_error("the reply of " + method.name() + " is no " + method.output_type()->name());
  }
  std::string json;
  const auto written = google::protobuf::util::MessageToJsonString(*reply, &json);
  if (!written.ok()) return internal_error("the reply of " + method.name() + " as JSON: " + written.ToString());
  return json;
}

}  // namespace

Result<std::string> JsonCalls::call(const std::string& service, const std::string& method, const std::string& json,
                                    const std::string& token) {
  const MethodDescriptor* const found = find_method(service, method);
  if (found == nullptr) return not_found("there is no call " + printable(service + "/" + method, 120));
  const std::unique_ptr<Message> message = new_message(found->input_type());
  const auto read = google::protobuf::util::JsonStringToMessage(json, message.get());
  if (!read.ok()) {
    return invalid_argument("the body is no " + found->input_type()->name() + " in JSON: " +
                            printable(std::string_view(read.message().data(), read.message().size()), 400));
  }
  grpc::ByteBuffer request, reply;
  bool ours = false;
  const grpc::Status packed = grpc::SerializationTraits<Message>::Serialize(*message, &request, &ours);
  if (!packed.ok()) return failure(convert::from_grpc(packed));

  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kLongest);
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  Waiting waiting;
  stub_.UnaryCall(&context, "/oodml.v1." + service + "/" + method, grpc::StubOptions(), &request, &reply,
                  [&waiting](grpc::Status status) { waiting.ended(std::move(status)); });
  const grpc::Status status = waiting.wait();
  if (!status.ok()) return failure(convert::from_grpc(status));
  return json_of(*found, reply);
}

}  // namespace oodml::coordinator::web
