#include "coordinator/artifacts/stored_artifacts.h"

#include <algorithm>
#include <utility>

#include "coordinator/results/trial_selector.h"
#include "coordinator/service/selections.h"
#include "coordinator/store/file_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"
#include "core/job/limits.h"

namespace oodml::coordinator::artifacts {
namespace {

constexpr std::int64_t kTrialsOfPage = 500;
/// With some hundred bytes each below job::kMaxPageBytes.
constexpr std::size_t kFilesOfPage = 10'000;
constexpr Duration kLongestWait = std::chrono::seconds(60);
/// For what an attempt printed last to arrive after its end.
constexpr Duration kAfterEnd = std::chrono::minutes(2);

/// One entry for each attempt of the trial that left something; how many files they are.
std::size_t add_files(store::Connection& database, const TrialView& trial, FilesPage& page) {
  std::size_t count = 0;
  for (auto& [attempt, files] : store::read_files(database, trial.id)) {
    const auto place = store::find_place(database, trial.id, attempt);
    count += files.size();
    page.trials.push_back({.trial = trial.id,
                           .attempt = attempt,
                           .state = trial.state,
                           .labels = trial.labels,
                           .worker = place ? place->worker : "",
                           .files = std::move(files)});
  }
  return count;
}

Result<FilesPage> files_of_trial(store::Connection& database, TrialId trial) {
  const auto stored = store::read_trial_view(database, trial, SweepId{});
  if (!stored) return store::no_trial(database, trial);
  FilesPage page{.stored_bytes = store::stored_bytes(database, trial),
                 .files_gone = store::files_gone(database, trial)};
  add_files(database, stored->view, page);
  return page;
}

Result<FilesPage> files_of_sweep(store::Connection& database, const FileSelection& wanted) {
  OODML_ASSIGN_OR_RETURN(const SweepId sweep, store::find_sweep(database, wanted.sweep));
  const store::SweepRow row = store::read_sweep(database, sweep);
  OODML_ASSIGN_OR_RETURN(const results::Filter filter, results::select_trials(row.axes, row.name, wanted.where));
  // A sum over all files: once, not with each of a hundred pages.
  FilesPage page;
  if (wanted.after.value == 0) {
    page.stored_bytes = store::stored_bytes(database, sweep, filter);
    page.files_gone = store::files_gone(database, sweep);
  }
  const auto trials =
      store::read_trial_views(database, sweep, {.states = {}, .labels = filter}, kTrialsOfPage, wanted.after.value);
  std::size_t files = 0;
  for (const store::StoredTrialView& trial : trials) {
    files += add_files(database, trial.view, page);
    page.next_after = trial.view.id.value;
    if (files >= kFilesOfPage) return page;
  }
  if (std::ssize(trials) < kTrialsOfPage) page.next_after = 0;
  return page;
}

}  // namespace

Result<FilesPage> StoredArtifacts::list(const FileSelection& wanted) {
  return store_.read([&](store::Connection& database) {
    return wanted.trial.value != 0 ? files_of_trial(database, wanted.trial) : files_of_sweep(database, wanted);
  });
}

Result<ContentChunk> StoredArtifacts::read(TrialId trial, const std::string& sha256, std::int64_t offset) {
  const Status known = store_.read([&](store::Connection& database) -> Status {
    if (store::has_content(database, trial, sha256)) return {};
    if (!store::has_trial(database, trial)) return store::no_trial(database, trial);
    return not_found("trial " + std::to_string(trial.value) + " has no file with the SHA-256 " + sha256 +
                     " (any more); list its files again");
  });
  OODML_RETURN_IF_ERROR(known);
  return contents_.read(sha256, offset);
}

Result<OutputPiece> StoredArtifacts::output_now(const OutputQuery& query) const {
  OODML_ASSIGN_OR_RETURN(const store::AttemptPlace place, store_.read([&](store::Connection& database) {
    return store::find_place(database, query.trial, query.attempt);
  }));
  if (place.attempt == 0) return OutputPiece{};
  OODML_ASSIGN_OR_RETURN(OutputBytes bytes, outputs_.read(query.trial, place.attempt, query.offset));
  const bool nothing_follows = bytes.state.over || outputs_.is_quiet(query.trial, place.attempt) ||
                               (place.finished && (!place.is_newest || clock_.now() - *place.finished >= kAfterEnd));
  const bool at_end = bytes.offset + std::ssize(bytes.data) >= bytes.state.end;
  return OutputPiece{.attempt = place.attempt,
                     .offset = bytes.offset,
                     .data = std::move(bytes.data),
                     .over = nothing_follows && at_end,
                     .left_out = bytes.state.left_out()};
}

std::shared_ptr<Pending> StoredArtifacts::read_output(const OutputQuery& query, Reply<OutputPiece> reply) {
  struct Answered final : Pending {
    void cancel() override {}
  };
  const auto says_something = [](const Result<OutputPiece>& piece) {
    return !piece || !piece->data.empty() || piece->over;
  };
  Result<OutputPiece> now = output_now(query);
  if (says_something(now) || query.wait <= Duration(0)) {
    reply(std::move(now));
    return std::make_shared<Answered>();
  }
  OutputQuery more = query;
  if (now->attempt != 0) more.attempt = now->attempt;
  more.offset = now->offset;
  const auto waiting = waits_->add({.query = more,
                                    .none = *now,
                                    .deadline = clock_.steady_now() + std::min(query.wait, kLongestWait),
                                    .reply = std::move(reply)});
  // What came between the look and the waiting told nobody.
  if (Result<OutputPiece> again = output_now(more); says_something(again)) waits_->answer(waiting, std::move(again));
  return waits_->handle_of(waiting);
}

void StoredArtifacts::output_grew(TrialId trial) {
  for (const auto& waiting : waits_->of(trial)) {
    Result<OutputPiece> piece = output_now(waiting->query);
    if (!piece || !piece->data.empty() || piece->over) waits_->answer(waiting, std::move(piece));
  }
}

}  // namespace oodml::coordinator::artifacts
