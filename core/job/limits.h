#pragma once

#include <cstddef>
#include <cstdint>

/// The caps of what programs say to each other, in one place for both sides: a sender cuts or leaves out what is above,
/// and says so; a receiver refuses it. A worker's machine may have more than fits (worker/announcement.h).
namespace oodml::job {

// Texts, in bytes.
inline constexpr std::size_t kMaxNameBytes = 128;  ///< Names of metrics, sets, slots, benchmarks, axes; worker ids.
inline constexpr std::size_t kMaxWorkerNameBytes = 100;  ///< What a person may call a worker; its id has nine more.
inline constexpr std::size_t kMaxHostBytes = 255;
inline constexpr std::size_t kMaxDevicesBytes = 1024;  ///< The devices of one slot: 64 GPUs and more.
inline constexpr std::size_t kMaxRequestIdBytes = 64;
inline constexpr std::size_t kMaxMessageBytes = 8192;  ///< Free text for people.
inline constexpr std::size_t kMaxStampBytes = 512;     ///< What a hash of data is of: two names and some words.
inline constexpr std::size_t kMaxPathBytes = 4096;
inline constexpr std::size_t kMaxValueBytes = 65536;     ///< One setting of a trial, in canonical text.
inline constexpr std::size_t kMaxYamlBytes = 2'000'000;  ///< A sweep as shown; submission takes at most half of it.

// Entries of lists.
inline constexpr int kMaxSettings = 1024;  ///< Of one trial, or --set of one submission.
inline constexpr int kMaxSlots = 1024;     ///< Of one worker, as what follows.
inline constexpr int kMaxGpus = 256;       ///< Of one slot.
inline constexpr int kMaxBenchmarks = 1024;
inline constexpr int kMaxSplitIds = 4096;  ///< Of one benchmark.
inline constexpr int kMaxWeights = 1024;
inline constexpr int kMaxPrograms = 256;
inline constexpr int kMaxStamps = 16384;      ///< Hashes of data.
inline constexpr int kMaxLeases = 4096;       ///< In one heartbeat; a worker with more sends several.
inline constexpr int kMaxEvents = 20'000;     ///< In one batch.
inline constexpr int kMaxTrialIds = 100'000;  ///< Of one change.
inline constexpr int kMaxStoredFiles = 1024;  ///< Of one publication.
inline constexpr int kMaxTerms = 256;         ///< Of a query's metrics, axes, filters.
inline constexpr int kMaxScripts = 1024;      ///< Files of code that travel with one sweep.

// Contents of files: what one chunk carries.
inline constexpr std::size_t kMaxChunkBytes = 1 << 20;
inline constexpr std::int64_t kMaxScriptBytes = 1LL << 32;  ///< Of one file of code; a trial reads no larger one.

// Entries of one page of a list to a person's program: what comes unless it asks for another number, and the most.
inline constexpr std::int64_t kUsualSweeps = 100, kMostSweeps = 1000;
inline constexpr std::int64_t kUsualTrials = 1000, kMostTrials = 10'000;
inline constexpr std::int64_t kUsualEvents = 1000, kMostEvents = 10'000;
inline constexpr std::int64_t kMetricsOfPage = 20'000;  ///< Of some 80 bytes each.

// Whole messages, in bytes.
inline constexpr int kMaxRequestBytes = 16 << 20;  ///< To the coordinator.
inline constexpr std::size_t kMaxAnnouncedBytes =
    4 << 20;                                            ///< Of them the benchmarks of a machine, and again its hashes.
inline constexpr std::size_t kMaxBatchBytes = 2 << 20;  ///< Of them the events of one batch.
inline constexpr int kMaxWorkerReplyBytes = 16 << 20;   ///< To a worker: a trial with all of its settings.
/// Of a list to a person's program: below 4 MiB, beyond which gRPC clients refuse unless told otherwise. A list that
/// does not fit is cut, and the reply says so (`..._left_out`, `next_...`).
inline constexpr std::size_t kMaxPageBytes = 4'000'000;
inline constexpr int kMaxClientReplyBytes = 256 << 20;  ///< What that program takes: a table cannot be cut.

static_assert(kMaxWorkerNameBytes + 9 <= kMaxNameBytes);
static_assert(3 * kMaxAnnouncedBytes < kMaxRequestBytes && kMaxBatchBytes < kMaxRequestBytes);

}  // namespace oodml::job
