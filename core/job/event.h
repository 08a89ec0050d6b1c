#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/job/identity.h"

namespace oodml::job {

// What a trial says while it runs; one struct a verb of the pipe (core/protocol/lines.h).

struct Hello {
  std::int64_t version = 1;
  std::string device;  ///< cpu, cuda:0
  std::int64_t pid = 0;
  friend bool operator==(const Hello&, const Hello&) = default;
};

struct Progress {
  std::int64_t epoch = 0;  ///< Epochs finished before this step; 0-based epoch in which the step lies.
  std::int64_t epochs_total = 0;
  std::int64_t step = 0;  ///< Steps finished in the whole trial.
  std::int64_t steps_total = 0;
  double loss = 0.0;           ///< Of the newest step, or NaN when there is none yet.
  double seconds_left = -1.0;  ///< The trial's own estimate; negative when it has none.
  std::string phase;  ///< loading, preparing, training, validating (for a sampling policy), evaluating, adapting
  friend bool operator==(const Progress&, const Progress&) = default;
};

struct Metric {
  std::int64_t epoch = 0;  ///< Training epochs finished when it was measured; 0 is the untrained network.
  std::string set;         ///< test, train, val; of few-shot episodes episode-N; for training figures (loss): train
  std::string embeds;      ///< Which embedding: embeds
  std::string name;        ///< e_recall@1, loss, ...
  double value = 0.0;      ///< Metrics lie in [0, 1], the split's fid is any; may be NaN.
  friend bool operator==(const Metric&, const Metric&) = default;
};

struct Checkpoint {
  std::int64_t epoch = 0;
  std::string path;    ///< Relative to the run directory.
  std::string sha256;  ///< Of its manifest.
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// Something a person should know that does not end the trial: images skipped, a clamped loss.
struct Warning {
  std::string message;
  friend bool operator==(const Warning&, const Warning&) = default;
};

struct Done {
  std::int64_t epochs = 0;
  friend bool operator==(const Done&, const Done&) = default;
};

/// Ended by SIGTERM at a step's end, with a checkpoint written.
struct Stopped {
  std::int64_t epoch = 0;
  std::int64_t step = 0;
  friend bool operator==(const Stopped&, const Stopped&) = default;
};

struct Failed {
  std::string kind;  ///< An Outcome's name: out_of_memory, numeric, bad_configuration, machine, infrastructure.
  std::string message;
  friend bool operator==(const Failed&, const Failed&) = default;
};

using EventBody = std::variant<Hello, Progress, Metric, Checkpoint, Warning, Done, Stopped, Failed, Identity>;

/// An EventBody with its place: (trial, attempt, sequence) is unique, so a repeat is harmless.
struct Event {
  TrialId trial;
  AttemptEpoch attempt = 0;
  std::int64_t sequence = 0;  ///< From 1, without gaps, in an attempt.
  Time time;
  EventBody body;
  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace oodml::job
