#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "coordinator/service/pending.h"
#include "coordinator/service/reply.h"
#include "coordinator/service/sweep_views.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/job/lease.h"
#include "core/job/stored_file.h"
#include "core/job/trial_state.h"

namespace oodml::coordinator {

/// The content of a file: what it is known by.
struct ContentName {
  std::string sha256;  ///< 64 lower-case hexadecimal digits.
  std::int64_t bytes = 0;
};

/// How much of a content is there.
struct ContentPresence {
  std::int64_t present = 0;  ///< Bytes: an upload goes on from here.
  bool whole = false;        ///< All of them, with the right SHA-256.
  friend bool operator==(const ContentPresence&, const ContentPresence&) = default;
};

/// Bytes of a content, at most job::kMaxChunkBytes; none at its end.
struct ContentChunk {
  std::string data;
  std::int64_t bytes = 0;  ///< Of the whole content.
};

/// What one attempt left.
struct TrialFilesView {
  TrialId trial;
  AttemptEpoch attempt = 0;
  job::TrialState state = job::TrialState::kQueued;  ///< Of the trial.
  std::map<std::string, std::string> labels;         ///< Within the sweep, or the oldest that has the trial.
  std::string worker;                                ///< Of the attempt: what was not uploaded is on its disk.
  std::vector<job::StoredFile> files;                ///< By path.
};

struct FileSelection;

struct FilesPage {
  std::vector<TrialFilesView> trials;  ///< By trial, then attempt.
  std::int64_t next_after = 0;         ///< 0: there are no more.
  std::int64_t stored_bytes = 0;       ///< Of all of the selection, equal contents once; with the first page.
  std::int64_t files_gone = 0;         ///< That retention let go of the selection; with the first page.
};

/// A place in what an attempt's process printed.
struct OutputQuery {
  TrialId trial;
  AttemptEpoch attempt = 0;  ///< 0: the newest.
  std::int64_t offset = 0;   ///< Negative: so many bytes before the end.
  Duration wait{};           ///< At most, for more than there is.
};

struct OutputPiece {
  AttemptEpoch attempt = 0;
  std::int64_t offset = 0;  ///< Where data begins: later than asked for where that is not kept.
  std::string data;
  bool over = false;          ///< The attempt has ended, and this reaches its end.
  std::int64_t left_out = 0;  ///< Bytes of the attempt that are not kept, between its beginning and its newest.
};

/// Files of trials for people (proto/oodml/v1/artifacts.proto), in plain types. Safe from any thread. Calls that read
/// contents take as long as the disk does.
class Artifacts {
 public:
  virtual ~Artifacts() = default;
  virtual Result<FilesPage> list(const FileSelection& wanted) = 0;
  /// kNotFound: the trial has no file of this content.
  virtual Result<ContentChunk> read(TrialId trial, const std::string& sha256, std::int64_t offset) = 0;
  /// As long as it is there, whether a file names it or not: a copy of the database may name what is named no more.
  /// kNotFound: it is not.
  virtual Result<ContentChunk> read_content(const std::string& sha256, std::int64_t offset) = 0;
  /// A long poll: answers as soon as there are bytes at the offset or the attempt is over, with none when the wait is.
  virtual std::shared_ptr<Pending> read_output(const OutputQuery& query, Reply<OutputPiece> reply) = 0;
};

/// Files of trials from workers, each under a lease that is live, or was the trial's last: an attempt that ended may
/// still leave what it has, until the trial is claimed again. kAborted: it was, or began afresh. Safe from any thread.
/// All but `publish` take as long as the disk does. A full disk or quota is kResourceExhausted, and loses nothing.
class Uploads {
 public:
  virtual ~Uploads() = default;
  /// How much of a content is there already.
  virtual Result<ContentPresence> offer(const job::Lease& lease, const ContentName& content) = 0;
  /// The next bytes of a content. Where `offset` is not the next one nothing is written, and the reply says which is.
  /// kInvalidArgument: the bytes that came are another content; they are gone.
  virtual Result<ContentPresence> put(const job::Lease& lease, const ContentName& content, std::int64_t offset,
                                      std::string_view data) = 0;
  /// Gives contents that are whole their names, all or none; of the kinds checkpoint and best they replace the
  /// attempt's earlier ones. kFailedPrecondition names one that is not whole.
  virtual void publish(const job::Lease& lease, const std::vector<job::StoredFile>& files,
                       Reply<std::monostate> reply) = 0;
  /// Appends to what the attempt's process printed; up to where it is kept now. Repeats are harmless; nothing is
  /// written beyond a gap. `over`: nothing follows.
  virtual Result<std::int64_t> append_output(const job::Lease& lease, std::int64_t offset, std::string_view data,
                                             bool over) = 0;
  /// Of an attempt whose end was taken: it printed nothing, and nothing follows. Not from the writer's thread: it
  /// reads.
  virtual void note_quiet(const job::Lease& lease) = 0;
  /// Bytes of a content that the leased trial has, of whichever attempt.
  virtual Result<ContentChunk> take(const job::Lease& lease, const std::string& sha256, std::int64_t offset) = 0;
};

}  // namespace oodml::coordinator
