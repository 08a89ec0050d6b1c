#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/cli/scale/scale_config.h"

namespace oodml::cli::scale {

/// How a job of the cluster stands, as far as it matters here.
enum class JobPhase {
  kPending,
  kRunning,
  kEnded,   ///< Done, cancelled, out of its time, or taken back.
  kFailed,  ///< It or its node failed, or it can never begin.
};

/// A job that is, or lately was, one of ours.
struct Job {
  std::string id;      ///< As cancel() takes it: 12, or 12_3 of an array.
  std::string raw_id;  ///< As the job itself knows it while it runs, and its worker's name ends.
  std::string profile;
  std::string tag;  ///< Of the submission it came from.
  JobPhase phase = JobPhase::kPending;
  std::string state;   ///< In the scheduler's words: NODE_FAIL
  std::string reason;  ///< Why it waits; may be empty.
  bool stuck = false;  ///< It failed, and stays in the queue until it is cancelled.
};

struct Submission {
  std::string tag;           ///< By which its jobs are known again; no other submission has it.
  std::int64_t workers = 1;  ///< More than 1 only for profiles with arrays.
};

/// The cluster's own scheduler. Calls answer within the configured time.
class Cluster {
 public:
  virtual ~Cluster() = default;
  /// The id of the job. A failure leaves open whether it was taken: jobs() tells, by the tag.
  virtual Result<std::string> submit(const Profile& profile, const Submission& submission) = 0;
  /// All of ours that it still knows.
  virtual Result<std::vector<Job>> jobs() = 0;
  /// Of jobs that wait; one that is gone, or has begun meanwhile and stays, is no failure.
  virtual Status cancel(const std::vector<std::string>& ids) = 0;
};

}  // namespace oodml::cli::scale
