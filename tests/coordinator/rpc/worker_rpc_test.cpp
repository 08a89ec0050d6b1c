#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "proto/convert/event_convert.h"
#include "proto/convert/job_convert.h"
#include "tests/coordinator/rpc/rpc_fixture.h"

namespace oodml::coordinator::rpc {
namespace {

using namespace std::chrono_literals;

class WorkerRpcTest : public RpcTest {};

job::LeasedTrial some_trial() {
  return {some_lease(), {Params{{"epochs", std::int64_t{3}}}}, std::string(64, 'f'), 120s, {1}};
}

v1::AcquireRequest acquire_request() {
  v1::AcquireRequest request;
  request.set_worker_id("gpu-1");
  request.set_slot("cuda:0");
  request.set_request_id("r-1");
  return request;
}

v1::PushEventsRequest push_request(std::initializer_list<std::int64_t> sequences) {
  v1::PushEventsRequest request;
  request.set_worker_id("gpu-1");
  request.set_lease_id(some_lease().id.value);
  for (const std::int64_t sequence : sequences) {
    *request.add_events() = convert::to_proto(job::Event{TrialId{7}, 2, sequence, from_millis(5), job::Done{3}});
  }
  return request;
}

TEST_F(WorkerRpcTest, RegisterGoesThereAndBack) {
  const job::WorkerInfo worker{WorkerId{"gpu-1"}, "host", "0.1.0", {{"cpu:0", "cpu", 2, 0}}, {{"cub200", {"1"}}}};
  fake_leases().on_register = [&](const job::WorkerInfo& seen) -> Result<LeaseTerms> {
    EXPECT_EQ(seen, worker);
    return LeaseTerms{.heartbeat = 10s, .lease = 120s};
  };
  v1::RegisterRequest request;
  *request.mutable_worker() = convert::to_proto(worker);
  const job::HeldLease held{some_lease(), std::string(64, 'f'), "cpu:0"};
  *request.add_held() = convert::to_proto(held);
  v1::RegisterReply reply;
  ASSERT_EQ(said(workers_->Register(Call(), request, &reply)), "OK");
  EXPECT_EQ(reply.lease_millis(), 120'000);
  EXPECT_EQ(reply.heartbeat_millis(), 10'000);
  EXPECT_EQ(reply.coordinator_version(), OODML_VERSION);
  EXPECT_EQ(fake_leases().held_at_register, std::vector{held});

  request.add_held();
  EXPECT_EQ(said(workers_->Register(Call(), request, &reply)), "3 held[1].lease.trial_id: 0; 1 or more wanted");
}

TEST_F(WorkerRpcTest, AcquireGoesThereAndBack) {
  std::optional<testing::FakeLeases::AcquireCall> asked;
  fake_leases().on_acquire = [&](const auto& call) {
    asked = call;
    return some_trial();
  };
  v1::AcquireReply reply;
  ASSERT_EQ(said(workers_->Acquire(Call(), acquire_request(), &reply)), "OK");
  EXPECT_EQ(asked->worker.value, "gpu-1");
  EXPECT_EQ(asked->slot, "cuda:0");
  EXPECT_EQ(asked->request_id, "r-1");
  const auto trial = convert::from_proto(reply.trial());
  ASSERT_TRUE(trial.has_value()) << trial.error().text();
  EXPECT_EQ(trial->lease, some_lease());
  EXPECT_EQ(trial->spec, some_trial().spec);
  EXPECT_EQ(trial->term, 120s);
}

TEST_F(WorkerRpcTest, AcquireWaitsForFourFifthsOfTheDeadlineHalfAMinuteWithoutOneAndNotAtAllWhenToldSo) {
  std::vector<Duration> waits;
  fake_leases().on_acquire = [&](const auto& call) -> Result<std::optional<job::LeasedTrial>> {
    waits.push_back(call.wait_at_most);
    return failure(StatusCode::kNotFound, "register first");
  };
  v1::AcquireReply reply;
  grpc::ClientContext of_ten_seconds, of_an_hour, without;
  of_ten_seconds.set_deadline(std::chrono::system_clock::now() + 10s);
  of_an_hour.set_deadline(std::chrono::system_clock::now() + 1h);
  for (auto* context : {&of_ten_seconds, &of_an_hour, &without}) {
    EXPECT_EQ(said(workers_->Acquire(context, acquire_request(), &reply)), "5 register first");
  }
  ASSERT_EQ(waits.size(), 3u);
  EXPECT_GT(waits[0], 4s);
  EXPECT_LT(waits[0], 8500ms);  // gRPC rounds deadlines up on the wire
  EXPECT_EQ(waits[1], 60s);
  EXPECT_EQ(waits[2], 30s);
  grpc::ClientContext leaving;
  v1::AcquireRequest last = acquire_request();
  last.set_at_once(true);
  EXPECT_EQ(said(workers_->Acquire(&leaving, last, &reply)), "5 register first");
  EXPECT_EQ(waits[3], 0s);
}

TEST_F(WorkerRpcTest, AcquireIsAnsweredEmptyWhenItsTimeIsOver) {
  v1::AcquireReply reply;
  grpc::Status status;
  Call call;
  std::thread caller([&] { status = workers_->Acquire(&call.context, acquire_request(), &reply); });
  fake_leases().wait_for_polls(1);
  fake_leases().answer_polls(std::nullopt);
  caller.join();
  EXPECT_EQ(said(status), "OK");
  EXPECT_FALSE(reply.has_trial());
}

TEST_F(WorkerRpcTest, ACallerThatLeavesCancelsItsWaiting) {
  v1::AcquireReply reply;
  grpc::Status status;
  Call call;
  std::thread caller([&] { status = workers_->Acquire(&call.context, acquire_request(), &reply); });
  fake_leases().wait_for_polls(1);
  call.context.TryCancel();
  caller.join();
  fake_leases().wait_for_polls(0);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(WorkerRpcTest, ACallerWhoseDeadlineIsOverCancelsItsWaiting) {
  v1::AcquireReply reply;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 200ms);
  EXPECT_EQ(workers_->Acquire(&context, acquire_request(), &reply).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  fake_leases().wait_for_polls(0);
}

TEST_F(WorkerRpcTest, HeartbeatGoesThereAndBackInOrder) {
  const job::Lease other{TrialId{8}, 1, LeaseId{std::string(32, 'a')}};
  fake_leases().on_heartbeat = [&](const WorkerId& worker, const std::vector<job::Lease>& leases) {
    EXPECT_EQ(worker.value, "gpu-1");
    EXPECT_EQ(leases, (std::vector{some_lease(), other}));
    return std::vector{job::Directive::kContinue, job::Directive::kFenced};
  };
  v1::HeartbeatRequest request;
  request.set_worker_id("gpu-1");
  *request.add_leases() = convert::to_proto(some_lease());
  *request.add_leases() = convert::to_proto(other);
  v1::HeartbeatReply reply;
  ASSERT_EQ(said(workers_->Heartbeat(Call(), request, &reply)), "OK");
  ASSERT_EQ(reply.directives_size(), 2);
  EXPECT_EQ(*convert::from_proto(reply.directives(0)), std::pair(some_lease(), job::Directive::kContinue));
  EXPECT_EQ(*convert::from_proto(reply.directives(1)), std::pair(other, job::Directive::kFenced));
}

TEST_F(WorkerRpcTest, PushEventsGoesThereAndBack) {
  fake_leases().on_push_events = [](const WorkerId& worker, const LeaseId& lease,
                                    const std::vector<job::Event>& events) -> Result<std::int64_t> {
    EXPECT_EQ(worker.value, "gpu-1");
    EXPECT_EQ(lease, some_lease().id);
    EXPECT_EQ(events.size(), 2u);
    EXPECT_EQ(events.back(), (job::Event{TrialId{7}, 2, 5, from_millis(5), job::Done{3}}));
    return 5;
  };
  v1::PushEventsReply reply;
  ASSERT_EQ(said(workers_->PushEvents(Call(), push_request({4, 5}), &reply)), "OK");
  EXPECT_EQ(reply.durable_sequence(), 5);
}

TEST_F(WorkerRpcTest, APushWithoutEventsOnlyAsks) {
  fake_leases().on_push_events = [](const auto&, const auto&, const auto& events) -> Result<std::int64_t> {
    EXPECT_TRUE(events.empty());
    return 41;
  };
  v1::PushEventsReply reply;
  ASSERT_EQ(said(workers_->PushEvents(Call(), push_request({}), &reply)), "OK");
  EXPECT_EQ(reply.durable_sequence(), 41);
}

TEST_F(WorkerRpcTest, EventsMustBeOfOneAttemptWithoutGaps) {
  v1::PushEventsReply reply;
  EXPECT_EQ(said(workers_->PushEvents(Call(), push_request({4, 6}), &reply)),
            "3 events[1].sequence: 6 after 4; the next number wanted");
  v1::PushEventsRequest mixed = push_request({4, 5});
  mixed.mutable_events(1)->set_trial_id(8);
  EXPECT_EQ(said(workers_->PushEvents(Call(), mixed, &reply)),
            "3 events[1]: of another attempt than the first; one attempt a request wanted");
  mixed.mutable_events(1)->clear_body();
  EXPECT_EQ(workers_->PushEvents(Call(), mixed, &reply).error_message().substr(0, 23), "events[1].body: missing");
}

TEST_F(WorkerRpcTest, CommitCheckpointGoesThere) {
  const job::Checkpoint checkpoint{3, "checkpoints/0003", std::string(64, 'a')};
  fake_leases().on_commit_checkpoint = [&](const job::Lease& lease,
                                           const job::Checkpoint& seen) -> Result<std::monostate> {
    EXPECT_EQ(lease, some_lease());
    EXPECT_EQ(seen, checkpoint);
    return std::monostate{};
  };
  v1::CommitCheckpointRequest request;
  *request.mutable_lease() = convert::to_proto(some_lease());
  *request.mutable_checkpoint() = convert::to_proto(checkpoint);
  v1::CommitCheckpointReply reply;
  EXPECT_EQ(said(workers_->CommitCheckpoint(Call(), request, &reply)), "OK");
}

v1::FinishRequest finish_request() {
  v1::FinishRequest request;
  *request.mutable_lease() = convert::to_proto(some_lease());
  request.set_request_id("r-9");
  request.set_outcome("out_of_memory");
  request.set_message("CUDA out of memory");
  request.set_last_sequence(12);
  return request;
}

TEST_F(WorkerRpcTest, FinishGoesThereAndAFencedOneComesBackAborted) {
  fake_leases().on_finish = [](const job::Lease& lease, const AttemptEnd& end) -> Result<std::monostate> {
    EXPECT_EQ(lease, some_lease());
    EXPECT_EQ(end.request_id, "r-9");
    EXPECT_EQ(end.outcome, job::Outcome::kOutOfMemory);
    EXPECT_EQ(end.message, "CUDA out of memory");
    EXPECT_EQ(end.last_sequence, 12);
    EXPECT_TRUE(end.events.empty());
    return failure(StatusCode::kAborted, "trial 7 is at attempt 3");
  };
  v1::FinishReply reply;
  EXPECT_EQ(said(workers_->Finish(Call(), finish_request(), &reply)), "10 trial 7 is at attempt 3");
}

TEST_F(WorkerRpcTest, AnEndBringsItsLastEventsAlong) {
  v1::FinishRequest request = finish_request();
  *request.mutable_events() = push_request({11, 12}).events();
  request.set_printed_nothing(true);
  fake_leases().on_finish = [](const job::Lease&, const AttemptEnd& end) -> Result<std::monostate> {
    EXPECT_EQ(end.events.size(), 2u);
    EXPECT_EQ(end.events.back().sequence, 12);
    return std::monostate{};
  };
  v1::FinishReply reply;
  EXPECT_EQ(said(workers_->Finish(Call(), request, &reply)), "OK");
  EXPECT_FALSE(reply.has_next()) << "nobody asked";
  EXPECT_EQ(service_.uploads().quiet.get_future().get(), some_lease());
  request.mutable_events(1)->set_sequence(13);
  EXPECT_EQ(said(workers_->Finish(Call(), request, &reply)),
            "3 events[1].sequence: 13 after 11; the next number wanted");
}

/// Who reads the output of a trial is answered by a read of the database; the one thread that writes has no time for
/// it.
TEST_F(WorkerRpcTest, AnEndDoesNotWaitForThoseWhoReadItsOutput) {
  v1::FinishRequest request = finish_request();
  request.set_printed_nothing(true);
  std::promise<void> end;
  fake_leases().on_finish = [](const auto&, const auto&) { return std::monostate{}; };
  service_.uploads().until_told = [answered = end.get_future().share()] {
    EXPECT_EQ(answered.wait_for(std::chrono::seconds(5)), std::future_status::ready);
  };
  v1::FinishReply reply;
  EXPECT_EQ(said(workers_->Finish(Call(), request, &reply)), "OK");
  end.set_value();
  EXPECT_EQ(service_.uploads().quiet.get_future().get(), some_lease());
}

TEST_F(WorkerRpcTest, AnEndBringsTheNextTrialBack) {
  v1::FinishRequest request = finish_request();
  request.mutable_next()->set_worker_id("gpu-1");
  request.mutable_next()->set_slot("cuda:0");
  request.mutable_next()->set_request_id("r-10");
  fake_leases().on_finish = [](const auto&, const auto&) { return std::monostate{}; };
  std::optional<testing::FakeLeases::AcquireCall> asked;
  fake_leases().on_acquire = [&](const auto& call) {
    asked = call;
    return some_trial();
  };
  v1::FinishReply reply;
  ASSERT_EQ(said(workers_->Finish(Call(), request, &reply)), "OK");
  EXPECT_EQ(asked->slot, "cuda:0");
  EXPECT_EQ(asked->request_id, "r-10");
  ASSERT_TRUE(reply.has_next());
  EXPECT_EQ(convert::from_proto(reply.next())->lease, some_lease());

  fake_leases().on_acquire = nullptr;  // nothing waits
  reply.Clear();
  ASSERT_EQ(said(workers_->Finish(Call(), request, &reply)), "OK") << "at once";
  EXPECT_FALSE(reply.has_next());
  fake_leases().wait_for_polls(0);

  request.mutable_next()->set_slot("");
  EXPECT_EQ(said(workers_->Finish(Call(), request, &reply)).substr(0, 12), "3 next.slot:");
}

TEST_F(WorkerRpcTest, AnEndThatIsRefusedAtOnceAsksForNoTrial) {
  v1::FinishRequest request = finish_request();
  request.mutable_next()->set_worker_id("gpu-1");
  request.mutable_next()->set_slot("cuda:0");
  request.mutable_next()->set_request_id("r-10");
  fake_leases().on_finish = [](const auto&, const auto&) -> Result<std::monostate> {
    return failure(StatusCode::kResourceExhausted, "20000 changes wait");
  };
  int asked = 0;
  fake_leases().on_acquire = [&](const auto&) {
    ++asked;
    return some_trial();
  };
  v1::FinishReply reply;
  EXPECT_EQ(said(workers_->Finish(Call(), request, &reply)), "8 20000 changes wait");
  EXPECT_EQ(asked, 0) << "its slot is not free";
}

TEST_F(WorkerRpcTest, GarbageFieldsAreRefusedByName) {
  v1::FinishReply finished;
  v1::FinishRequest finish = finish_request();
  finish.set_outcome("lost");
  EXPECT_EQ(workers_->Finish(Call(), finish, &finished).error_message().substr(0, 15), "outcome: 'lost'");
  finish.mutable_lease()->set_lease_id("1; DROP TABLE trials");
  EXPECT_EQ(said(workers_->Finish(Call(), finish, &finished)),
            "3 lease.lease_id: '1; DROP TABLE trials'; 32 lower-case hexadecimal digits wanted");

  v1::AcquireRequest acquire = acquire_request();
  v1::AcquireReply acquired;
  acquire.set_slot("");
  EXPECT_EQ(workers_->Acquire(Call(), acquire, &acquired).error_message().substr(0, 11), "slot: empty");
  acquire.set_worker_id("gpu 1");
  EXPECT_EQ(said(workers_->Acquire(Call(), acquire, &acquired)),
            "3 worker_id: 'gpu 1'; 1 to 128 of [A-Za-z0-9._-] wanted");

  v1::RegisterRequest registration;
  v1::RegisterReply registered;
  EXPECT_EQ(said(workers_->Register(Call(), registration, &registered)),
            "3 worker.worker_id: ''; 1 to 128 of [A-Za-z0-9._-] wanted");
}

TEST_F(WorkerRpcTest, OverloadComesWithATimeToComeBack) {
  fake_leases().on_push_events = [](const auto&, const auto&, const auto&) -> Result<std::int64_t> {
    return failure(StatusCode::kResourceExhausted, "the disk of the database is full");
  };
  v1::PushEventsReply reply;
  Call call;
  EXPECT_EQ(said(workers_->PushEvents(&call.context, push_request({1}), &reply)), "8 the disk of the database is full");
  const auto& trailing = call.context.GetServerTrailingMetadata();
  const auto hint = trailing.find("retry-after-ms");
  ASSERT_NE(hint, trailing.end());
  EXPECT_EQ(std::string(hint->second.data(), hint->second.size()), "1000");
}

}  // namespace
}  // namespace oodml::coordinator::rpc
