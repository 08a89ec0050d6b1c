#pragma once

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "oodml/v1/sweeps.grpc.pb.h"
#include "oodml/v1/upkeep.grpc.pb.h"
#include "proto/convert/status_convert.h"
#include "tests/coordinator/cli/fake_artifact_service.h"
#include "tests/coordinator/cli/fake_sharing_service.h"

namespace oodml::cli {

/// The upkeep of a coordinator with canned replies.
class FakeUpkeepService final : public v1::UpkeepService::Service {
 public:
  using Context = grpc::ServerContext;

  std::string snapshot;        ///< What a copy holds.
  std::string sha256;          ///< Said of it.
  int looks_before_ready = 1;  ///< So many replies come before the copy is made.
  std::int64_t chunk = 1000;   ///< Bytes of one piece.
  int lost_replies = 0;        ///< So many calls are answered UNAVAILABLE after they were noted.
  v1::GetStatsReply stats_reply;
  v1::RemoveReply remove_reply;
  oodml::Status failing;  ///< Ends every call when it is not ok.

  std::vector<std::int64_t> offsets;  ///< Of every read.
  std::vector<std::pair<std::string, v1::RemoveRequest>> removals;

  grpc::Status ReadSnapshot(Context*, const v1::ReadSnapshotRequest* request, v1::ReadSnapshotReply* reply) override {
    if (lost_replies > 0) {
      --lost_replies;
      return {grpc::StatusCode::UNAVAILABLE, "lost"};
    }
    offsets.push_back(request->offset());
    reply->set_snapshot_id("one");
    if (looks_before_ready-- > 0) return convert::to_grpc(failing);
    const auto size = static_cast<std::int64_t>(snapshot.size());
    reply->set_bytes(size);
    reply->set_data(snapshot.substr(static_cast<std::size_t>(request->offset()), static_cast<std::size_t>(chunk)));
    if (request->offset() + static_cast<std::int64_t>(reply->data().size()) == size) reply->set_sha256(sha256);
    return convert::to_grpc(failing);
  }
  grpc::Status GetStats(Context*, const v1::GetStatsRequest*, v1::GetStatsReply* reply) override {
    *reply = stats_reply;
    return convert::to_grpc(failing);
  }
  grpc::Status Archive(Context*, const v1::RemoveRequest* request, v1::RemoveReply* reply) override {
    return remove("archive", *request, reply);
  }
  grpc::Status Unarchive(Context*, const v1::RemoveRequest* request, v1::RemoveReply* reply) override {
    return remove("unarchive", *request, reply);
  }
  grpc::Status Delete(Context*, const v1::RemoveRequest* request, v1::RemoveReply* reply) override {
    return remove("delete", *request, reply);
  }

 private:
  grpc::Status remove(const char* name, const v1::RemoveRequest& request, v1::RemoveReply* reply) {
    removals.emplace_back(name, request);
    *reply = remove_reply;
    return convert::to_grpc(failing);
  }
};

/// A coordinator with canned replies: answers what the test put in, remembers what was asked.
class FakeSweepService final : public v1::SweepService::Service {
 public:
  using Context = grpc::ServerContext;

  // Canned replies.
  v1::PlanReply plan_reply;
  v1::SubmitReply submit_reply;
  v1::ListReply list_reply;
  std::vector<v1::GetReply> get_pages{1};
  v1::GetTrialReply trial_reply;
  v1::ChangeReply change_reply;
  v1::QueryResultsReply results_reply;
  std::vector<v1::QueryResultsReply> results_pages;  ///< In the place of results_reply, when there are any.
  std::vector<v1::ReadMetricsReply> metric_pages{1};
  std::vector<v1::ReadCoursesReply> course_pages{1};
  v1::ListWorkersReply workers_reply;
  v1::GetVersionReply version_reply;
  std::vector<v1::WatchEventsReply> watch_messages;
  /// Ends every call with this when it is not ok.
  oodml::Status failing;
  /// So many calls are answered UNAVAILABLE after they were noted: replies that got lost.
  int lost_replies = 0;
  /// So many WatchEvents calls break off after their first message.
  int broken_streams = 0;

  FakeSharingService sharing;  ///< At the same address.

  FakeArtifactService artifacts;  ///< Of the same coordinator.

  FakeUpkeepService upkeep;

  // What was asked.
  std::vector<v1::ListRequest> lists;
  std::vector<v1::SubmitRequest> submits;
  std::vector<v1::PlanRequest> plans;
  std::vector<v1::GetRequest> gets;
  std::vector<std::pair<std::string, v1::ChangeRequest>> changes;
  std::vector<v1::QueryResultsRequest> queries;
  std::set<std::string> unknown_metrics;  ///< Tables that name one of them are refused.
  std::vector<v1::ReadMetricsRequest> metric_reads;
  std::vector<v1::ReadCoursesRequest> course_reads;
  std::string authorization;
  int streams = 0;

  FakeSweepService() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    builder.RegisterService(&sharing);
    builder.RegisterService(&artifacts);
    builder.RegisterService(&upkeep);
    server_ = builder.BuildAndStart();
  }
  ~FakeSweepService() override { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  grpc::Status Plan(Context* c, const v1::PlanRequest* request, v1::PlanReply* reply) override {
    plans.push_back(*request);
    return answer(c, plan_reply, reply);
  }
  grpc::Status Submit(Context* c, const v1::SubmitRequest* request, v1::SubmitReply* reply) override {
    submits.push_back(*request);
    return answer(c, submit_reply, reply);
  }
  grpc::Status List(Context* c, const v1::ListRequest* request, v1::ListReply* reply) override {
    lists.push_back(*request);
    return answer(c, list_reply, reply);
  }
  grpc::Status Get(Context* c, const v1::GetRequest* request, v1::GetReply* reply) override {
    gets.push_back(*request);
    const std::size_t page = static_cast<std::size_t>(request->after_trial_id()) < get_pages.size()
                                 ? static_cast<std::size_t>(request->after_trial_id())
                                 : get_pages.size() - 1;
    return answer(c, get_pages[page], reply);
  }
  grpc::Status GetTrial(Context* c, const v1::GetTrialRequest* request, v1::GetTrialReply* reply) override {
    v1::GetTrialReply page = trial_reply;
    page.clear_events();
    for (int i = static_cast<int>(request->events_after()); i < trial_reply.events_size(); ++i) {
      if (page.events_size() < request->max_events()) *page.add_events() = trial_reply.events(i);
    }
    return answer(c, page, reply);
  }
  grpc::Status Cancel(Context* c, const v1::ChangeRequest* r, v1::ChangeReply* reply) override {
    return change(c, "cancel", *r, reply);
  }
  grpc::Status Pause(Context* c, const v1::ChangeRequest* r, v1::ChangeReply* reply) override {
    return change(c, "pause", *r, reply);
  }
  grpc::Status Resume(Context* c, const v1::ChangeRequest* r, v1::ChangeReply* reply) override {
    return change(c, "resume", *r, reply);
  }
  grpc::Status Retry(Context* c, const v1::ChangeRequest* r, v1::ChangeReply* reply) override {
    return change(c, "retry", *r, reply);
  }
  grpc::Status QueryResults(Context* c, const v1::QueryResultsRequest* request, v1::QueryResultsReply* reply) override {
    queries.push_back(*request);
    for (const std::string& metric : request->metrics()) {
      if (unknown_metrics.contains(metric)) return {grpc::StatusCode::INVALID_ARGUMENT, "no metric '" + metric + "'"};
    }
    const bool paged = !results_pages.empty();
    return answer(c, paged ? results_pages[std::min(queries.size(), results_pages.size()) - 1] : results_reply, reply);
  }
  grpc::Status ReadMetrics(Context* c, const v1::ReadMetricsRequest* request, v1::ReadMetricsReply* reply) override {
    metric_reads.push_back(*request);
    const std::size_t page = std::min(metric_reads.size() - 1, metric_pages.size() - 1);
    return answer(c, metric_pages[page], reply);
  }
  grpc::Status ReadCourses(Context* c, const v1::ReadCoursesRequest* request, v1::ReadCoursesReply* reply) override {
    course_reads.push_back(*request);
    const std::size_t page = std::min(course_reads.size() - 1, course_pages.size() - 1);
    return answer(c, course_pages[page], reply);
  }
  grpc::Status ListWorkers(Context* c, const v1::ListWorkersRequest*, v1::ListWorkersReply* reply) override {
    return answer(c, workers_reply, reply);
  }
  grpc::Status GetVersion(Context* c, const v1::GetVersionRequest*, v1::GetVersionReply* reply) override {
    return answer(c, version_reply, reply);
  }
  grpc::Status WatchEvents(Context*, const v1::WatchEventsRequest*,
                           grpc::ServerWriter<v1::WatchEventsReply>* writer) override {
    ++streams;
    const bool broken = broken_streams > 0;
    if (broken) --broken_streams;
    for (const auto& message : watch_messages) {
      writer->Write(message);
      if (broken) return {grpc::StatusCode::UNAVAILABLE, "going down"};
    }
    return convert::to_grpc(failing);
  }

 private:
  template <typename Reply>
  grpc::Status answer(Context* context, const Reply& canned, Reply* reply) {
    const auto found = context->client_metadata().find("authorization");
    if (found != context->client_metadata().end()) authorization = {found->second.data(), found->second.size()};
    if (lost_replies > 0) {
      --lost_replies;
      return {grpc::StatusCode::UNAVAILABLE, "lost"};
    }
    *reply = canned;
    return convert::to_grpc(failing);
  }
  grpc::Status change(Context* context, const char* name, const v1::ChangeRequest& request, v1::ChangeReply* reply) {
    changes.emplace_back(name, request);
    return answer(context, change_reply, reply);
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace oodml::cli
