#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/connection/address.h"
#include "core/connection/certificates.h"
#include "core/connection/token_file.h"
#include "oodml/v1/sharing.grpc.pb.h"
#include "oodml/v1/sweeps.grpc.pb.h"
#include "proto/convert/channel.h"

namespace oodml::v1 {  // oodml/v1/upkeep.pb.h
class GetStatsReply;
class ReadSnapshotReply;
class ReadSnapshotRequest;
class RemoveReply;
class RemoveRequest;
}  // namespace oodml::v1

namespace oodml::cli {

/// Where the coordinator is and how to be let in.
struct Connection {
  std::string address = Address().text();
  bool given = false;                ///< By the person, not by default.
  std::string token;                 ///< Sent as a bearer token; empty: none.
  std::filesystem::path tls_ca;      ///< PEM file of the authority to trust; empty: no TLS.
  std::filesystem::path token_file;  ///< Where the token stands, to be read again when it changes; may be empty.
};

/// SweepService, SharingService and UpkeepService for the commands. Every call has a deadline, and is repeated with
/// growing pauses while the coordinator is unavailable: all are safe to repeat, those that change something by their
/// request id. Failures say what to try next. Safe from any thread.
class Client {
 public:
  /// How long an unavailable coordinator is waited for.
  struct Patience {
    std::chrono::milliseconds unseen{800};    ///< It has never answered: probably it does not run.
    std::chrono::milliseconds known{15'000};  ///< It has answered before, or was there when a reply got lost.
    std::chrono::milliseconds deadline{60'000};
  };

  /// Does not wait for a connection. kInvalidArgument: the CA file cannot be used (core/connection/certificates.h).
  static Result<std::unique_ptr<Client>> open(const Connection& connection, Patience patience);
  static Result<std::unique_ptr<Client>> open(const Connection& connection) { return open(connection, Patience()); }

  Result<v1::PlanReply> plan(const v1::PlanRequest& request);
  Result<v1::SubmitReply> submit(const v1::SubmitRequest& request);
  Result<v1::ListReply> list(const v1::ListRequest& request);
  Result<v1::GetReply> get(const v1::GetRequest& request);
  /// The sweep with pages of its trials until `limit` are there; 0 is all of them.
  Result<v1::GetReply> get_trials(v1::GetRequest request, std::int64_t limit);
  /// One try with two seconds: for what refreshes a screen and must not hold it up.
  Result<v1::GetReply> get_at_once(const v1::GetRequest& request);
  Result<v1::GetTrialReply> get_trial(const v1::GetTrialRequest& request);
  Result<v1::ChangeReply> cancel(const v1::ChangeRequest& request);
  Result<v1::ChangeReply> pause(const v1::ChangeRequest& request);
  Result<v1::ChangeReply> resume(const v1::ChangeRequest& request);
  Result<v1::ChangeReply> retry(const v1::ChangeRequest& request);
  Result<v1::ChangeReply> set_priority(const v1::SetPriorityRequest& request);
  Result<v1::ChangeReply> set_limits(const v1::SetLimitsRequest& request);
  Result<v1::WhoAmIReply> who_am_i();
  Result<v1::QueryResultsReply> results(const v1::QueryResultsRequest& request);
  Result<v1::ReadMetricsReply> metrics(const v1::ReadMetricsRequest& request);
  Result<v1::ReadCoursesReply> courses(const v1::ReadCoursesRequest& request);
  Result<v1::ListWorkersReply> workers();
  Result<v1::GetVersionReply> version();
  Result<v1::ReadSnapshotReply> read_snapshot(const v1::ReadSnapshotRequest& request);
  Result<v1::GetStatsReply> stats();
  Result<v1::RemoveReply> archive(const v1::RemoveRequest& request);
  Result<v1::RemoveReply> unarchive(const v1::RemoveRequest& request);
  Result<v1::RemoveReply> remove_sweep(const v1::RemoveRequest& request);

  Result<v1::ExplainOrderReply> explain_order(const v1::ExplainOrderRequest& request);
  Result<v1::ListSharesReply> shares();
  Result<v1::ListSharesReply> set_share(const v1::SetShareRequest& request);
  Result<v1::MarkWorkerReply> mark_worker(const v1::MarkWorkerRequest& request);
  Result<v1::ListBacklogReply> backlog();

  const std::string& address() const { return connection_.address; }

  /// One call of any of the coordinator's services, made and repeated as those above are.
  Status repeat(const std::function<grpc::Status(grpc::ClientContext&)>& call);
  std::shared_ptr<grpc::ChannelInterface> channel() const { return channel_.get(); }

  // For streams (event_stream.cpp).
  std::unique_ptr<v1::SweepService::StubInterface> stub() const { return v1::SweepService::NewStub(channel_.get()); }
  /// What a person should know of the authorities' file beforehand: it ends soon.
  const std::vector<std::string>& warnings() const { return warnings_; }
  void prepare(grpc::ClientContext& context) const;
  /// The failure in our codes, with what to try next.
  Status explained(const grpc::Status& status) const;

 private:
  Client(Connection connection, Patience patience, Authorities authorities);

  template <typename Service, typename Request, typename Reply>
  using Method = grpc::Status (Service::*)(grpc::ClientContext*, const Request&, Reply*);
  /// On a stub of the service that the method is of.
  template <typename Service, typename Request, typename Reply>
  Result<Reply> call(Method<Service, Request, Reply> method, const Request& request);

  Connection connection_;
  Patience patience_;
  const HeldToken token_;
  const std::vector<std::string> warnings_;
  convert::Channel channel_;
  std::atomic<bool> answered_ = false;
};

}  // namespace oodml::cli
