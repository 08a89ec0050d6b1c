#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "coordinator/cli/scale/cluster.h"

namespace oodml::cli::scale {

/// A cluster in memory. Jobs get ids from 1 and wait until the test says otherwise.
class FakeCluster final : public Cluster {
 public:
  enum class Answer { kTakes, kRefuses, kTakesWithoutAnswer, kIsAway };

  Result<std::string> submit(const Profile& profile, const Submission& submission) override {
    ++submissions;
    if (answer == Answer::kRefuses) return unavailable("sbatch ended with exit code 1: Invalid account");
    for (std::int64_t i = 0; i < submission.workers; ++i) {
      const std::string id = std::to_string(all.size() + 1);
      all.push_back({.id = id, .raw_id = id, .profile = profile.name, .tag = submission.tag, .state = "PENDING"});
    }
    if (answer == Answer::kTakesWithoutAnswer) return failure(StatusCode::kDeadlineExceeded, "sbatch did not answer");
    return all.back().id;
  }
  Result<std::vector<Job>> jobs() override {
    ++looks;
    if (answer == Answer::kIsAway) return failure(StatusCode::kDeadlineExceeded, "squeue did not answer");
    return all;
  }
  Status cancel(const std::vector<std::string>& ids) override {
    for (const std::string& id : ids) {
      cancelled.push_back(id);
      set(id, JobPhase::kEnded, "CANCELLED");
    }
    return {};
  }

  void set(const std::string& id, JobPhase phase, const std::string& state) {
    for (Job& job : all) {
      if (job.id != id) continue;
      job.phase = phase;
      job.state = state;
    }
  }
  std::int64_t alive() const {
    return std::ranges::count_if(
        all, [](const Job& job) { return job.phase == JobPhase::kPending || job.phase == JobPhase::kRunning; });
  }

  Answer answer = Answer::kTakes;
  int submissions = 0, looks = 0;
  std::vector<std::string> cancelled;
  std::vector<Job> all;
};

}  // namespace oodml::cli::scale
