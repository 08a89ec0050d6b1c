// Kubernetes' API server as a fake that is strict about objects, over TLS.
#include "coordinator/cli/scale/kubernetes/kubernetes_cluster.h"

#include <gtest/gtest.h>

#include <thread>

#include "coordinator/cli/scale/kubernetes/worker_job.h"
#include "tests/support/certificates.h"
#include "tests/support/fake_kubernetes/fake_kubernetes.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli::scale {
namespace {

using nlohmann::json;

constexpr const char* kTag = "0123456789abcdef0123456789abcdef";

class KubernetesClusterTest : public ::testing::Test {
 protected:
  KubernetesClusterTest() {
    const auto pair = authority_.issue();
    testing::write_text(folder_ / "ca.crt", authority_.certificate());
    testing::write_text(folder_ / "server.crt", pair.certificate);
    testing::write_text(folder_ / "server.key", pair.key);
    testing::write_text(folder_ / "token", "a\n");
    kubernetes_ = std::make_unique<testing::FakeKubernetes>((folder_ / "server.crt").string(),
                                                            (folder_ / "server.key").string(), "a");
    const auto read = read_scale_config(testing::source("deploy/k8s/scale.yaml"), Scheduler::kKubernetes);
    if (!read) throw std::runtime_error(read.error().text());
    config_ = *read;
  }

  KubeAccess access() const {
    return {.server = kubernetes_->url(),
            .ca = folder_ / "ca.crt",
            .token_file = folder_ / "token",
            .name_space = "lab",
            .limit = std::chrono::seconds(20)};
  }
  Result<std::string> submit(KubernetesCluster& cluster) { return cluster.submit(config_.profiles[0], {.tag = kTag}); }
  Job only_job(KubernetesCluster& cluster) {
    const auto jobs = cluster.jobs();
    EXPECT_TRUE(jobs) << jobs.error().text();
    EXPECT_EQ(jobs->size(), 1u);
    return jobs->empty() ? Job() : jobs->front();
  }

  testing::TemporaryFolder folder_;
  testing::CertificateAuthority authority_;
  std::unique_ptr<testing::FakeKubernetes> kubernetes_;
  ScaleConfig config_;
  const std::string name_ = "oodml-gpu-0123456789-0";
};

TEST_F(KubernetesClusterTest, AWorkerIsAJobOfTheManifestWithANameOfItsOwn) {
  KubernetesCluster cluster(config_, access());
  const auto id = submit(cluster);
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(*id, name_);
  const json job = kubernetes_->jobs().at(name_);
  EXPECT_EQ(job["spec"]["parallelism"], 1);
  EXPECT_EQ(job["spec"]["template"]["spec"]["volumes"][2]["secret"]["defaultMode"], 0440);
  const auto arguments = job["spec"]["template"]["spec"]["containers"][0]["args"].get<std::vector<std::string>>();
  EXPECT_EQ(std::ranges::count(arguments, "--name=" + name_), 1);
  EXPECT_EQ(std::ranges::count(arguments, "--exit-when-idle=600"), 1);
  EXPECT_EQ(std::ranges::count_if(arguments, [](const std::string& word) { return word.starts_with("--name="); }), 1);
}

TEST_F(KubernetesClusterTest, ASubmissionWhoseAnswerWasLostIsNotMadeTwice) {
  KubernetesCluster cluster(config_, access());
  ASSERT_TRUE(submit(cluster));
  ASSERT_TRUE(submit(cluster));
  EXPECT_EQ(kubernetes_->jobs().size(), 1u);
}

TEST_F(KubernetesClusterTest, JobsAreReadWithTheirPhaseAndReason) {
  KubernetesCluster cluster(config_, access());
  ASSERT_TRUE(submit(cluster));
  EXPECT_EQ(only_job(cluster).phase, JobPhase::kPending);
  EXPECT_EQ(only_job(cluster).raw_id, "0123456789-0");
  EXPECT_EQ(only_job(cluster).tag, kTag);

  kubernetes_->add_pod(name_, {{"conditions",
                                {{{"type", "PodScheduled"},
                                  {"status", "False"},
                                  {"reason", "Unschedulable"},
                                  {"message", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu."}}}}});
  EXPECT_EQ(only_job(cluster).reason, "Unschedulable: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu.");

  kubernetes_->add_pod(name_, {{"containerStatuses", {{{"state", {{"waiting", {{"reason", "ImagePullBackOff"}}}}}}}}});
  EXPECT_EQ(only_job(cluster).phase, JobPhase::kFailed);
  EXPECT_TRUE(only_job(cluster).stuck);

  kubernetes_->set_status(name_, {{"active", 1}, {"ready", 1}});
  EXPECT_EQ(only_job(cluster).phase, JobPhase::kRunning);
  kubernetes_->set_status(name_, {{"ready", 0}, {"conditions", {{{"type", "Complete"}, {"status", "True"}}}}});
  EXPECT_EQ(only_job(cluster).state, "COMPLETED");
  kubernetes_->set_status(
      name_,
      {{"conditions",
        {{{"type", "Failed"}, {"status", "True"}, {"reason", "PodFailurePolicy"}, {"message", "exit code 4"}}}}});
  EXPECT_EQ(only_job(cluster).phase, JobPhase::kFailed);
  EXPECT_EQ(only_job(cluster).reason, "PodFailurePolicy: exit code 4");
}

TEST_F(KubernetesClusterTest, OnlyJobsThatWaitAreCancelled) {
  KubernetesCluster cluster(config_, access());
  ASSERT_TRUE(submit(cluster));
  kubernetes_->set_status(name_, {{"active", 1}, {"ready", 1}});
  EXPECT_TRUE(cluster.cancel({name_, "oodml-gpu-gone-0"}).ok());
  EXPECT_EQ(kubernetes_->jobs().size(), 1u) << "it has begun";
  kubernetes_->set_status(name_, {{"ready", 0}});
  EXPECT_TRUE(cluster.cancel({name_}).ok());
  EXPECT_TRUE(kubernetes_->jobs().empty());
}

TEST_F(KubernetesClusterTest, WhatTheServerRefusesIsSaidInItsWords) {
  KubernetesCluster cluster(config_, access());
  config_.name = "Lab_A";
  const auto refused = submit(cluster);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(),
            "invalid_argument: the Kubernetes API server answered 422: Job.batch is invalid: "
            "metadata.name: Invalid value");
  kubernetes_->fail_with(500);
  EXPECT_EQ(cluster.jobs().error().text(),
            "unavailable: the Kubernetes API server answered 500: etcdserver: request timed out");
}

TEST_F(KubernetesClusterTest, TheTokenIsReadAnewAndOthersAreTurnedAway) {
  KubernetesCluster cluster(config_, access());
  testing::write_text(folder_ / "token", "another\n");
  EXPECT_EQ(cluster.jobs().error().code(), StatusCode::kPermissionDenied);
  testing::write_text(folder_ / "token", "a\n");
  EXPECT_TRUE(cluster.jobs());
}

TEST_F(KubernetesClusterTest, AServerOfAnotherAuthorityIsNotTalkedTo) {
  testing::write_text(folder_ / "ca.crt", testing::CertificateAuthority().certificate());
  KubernetesCluster cluster(config_, access());
  EXPECT_EQ(cluster.jobs().error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(kubernetes_->calls("GET"), 0);
}

TEST_F(KubernetesClusterTest, AChangeIsSeenWithoutALookAndAWatchEndsWithItsCluster) {
  KubernetesCluster cluster(config_, access());
  ASSERT_TRUE(submit(cluster));
  ASSERT_TRUE(cluster.jobs());
  cluster.start_watching();
  while (kubernetes_->watchers() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(cluster.changed());
  kubernetes_->set_status(name_, {{"active", 1}, {"ready", 1}});
  while (!cluster.changed()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(only_job(cluster).phase, JobPhase::kRunning);
}

TEST(KubeAccessTest, OutsideOfAPodItHasToBeSaid) {
  const auto nothing = [](const char*) { return std::optional<std::string>(); };
  EXPECT_EQ(kube_access({}, std::chrono::seconds(1), nothing).error().text(),
            "failed_precondition: kubernetes: server is not said, and this is no pod that would know it");
  EXPECT_EQ(kube_access({.server = "http://10.0.0.1"}, std::chrono::seconds(1), nothing).error().text(),
            "invalid_argument: kubernetes: server: https://HOST:PORT wanted, got http://10.0.0.1");
  const auto all = kube_access({.server = "https://k8s:6443", .ca = "/ca", .token_file = "/token", .name_space = "lab"},
                               std::chrono::seconds(1), nothing);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->name_space, "lab");
}

}  // namespace
}  // namespace oodml::cli::scale
