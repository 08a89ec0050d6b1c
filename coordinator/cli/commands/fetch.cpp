#include <chrono>
#include <filesystem>
#include <functional>
#include <map>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/files/artifact_client.h"
#include "coordinator/cli/files/chosen_files.h"
#include "coordinator/cli/files/download.h"
#include "coordinator/cli/files/trial_file.h"
#include "coordinator/cli/output/files_text.h"
#include "coordinator/cli/output/text.h"
#include "core/base/atomic_file.h"
#include "core/base/words.h"

namespace oodml::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRedraw{100};

struct FetchOptions {
  std::shared_ptr<const FileOwners> owners;
  std::string kind = "best";
  std::filesystem::path folder;
};

/// What is told of a transfer while it runs, on one line of the terminal.
class Progress {
 public:
  Progress(Session& session, const ChosenFiles& chosen)
      : session_(session), interrupts_before_(session.around.interrupts()), begin_(steady_clock::now()) {
    transfer_.files_total = std::ssize(chosen.files);
    for (const ChosenFile& file : chosen.files) transfer_.bytes_total += file.file.bytes;
  }

  Status came(std::int64_t bytes) {
    if (session_.around.interrupts() > interrupts_before_) return Status(StatusCode::kCancelled, "interrupted");
    transfer_.bytes += bytes;
    if (steady_clock::now() - drawn_ >= kRedraw) draw();
    return {};
  }
  void file_done(bool came) {
    ++transfer_.files;
    files_came_ += came ? 1 : 0;
  }
  void end() {
    if (!session_.around.err_is_terminal) return;
    draw();
    session_.note("\n");
  }
  std::int64_t files_came() const { return files_came_; }
  const Transfer& transfer() const { return transfer_; }

 private:
  void draw() {
    if (!session_.around.err_is_terminal) return;
    drawn_ = steady_clock::now();
    const double seconds = std::chrono::duration<double>(drawn_ - begin_).count();
    if (seconds > 1) transfer_.bytes_per_second = static_cast<double>(transfer_.bytes) / seconds;
    session_.note("\r" + transfer_line(transfer_, session_.around.err_style) + "\x1b[K");
  }

  Session& session_;
  const int interrupts_before_;
  const steady_clock::time_point begin_;
  steady_clock::time_point drawn_{};
  Transfer transfer_;
  std::int64_t files_came_ = 0;
};

Result<v1::ListArtifactsReply> listed(ArtifactClient& client, const v1::ListArtifactsRequest& request) {
  OODML_ASSIGN_OR_RETURN(v1::ListArtifactsReply reply, client.list(request));
  if (!reply.trials().empty()) return reply;
  const std::string whose = request.where_size() > 0 ? "its trials with " + joined(request.where(), " and ") : "it";
  return not_found("no files of " + whose + " are stored (yet); oodml artifacts shows what there is");
}

std::string missing_text(const ChosenFiles& chosen, const std::string& kind) {
  std::vector<std::string> ids;
  for (const std::int64_t trial : chosen.without) ids.push_back(std::to_string(trial));
  return "no '" + kind + "' is stored of trial " + joined(ids, ", ") +
         "; --what all fetches what there is, oodml artifacts lists it";
}

/// Beside the networks, for whoever opens them: `oodml embed` and `oodml evaluate` read from it what they are.
Status write_trial_files(Client& client, const ChosenFiles& chosen, const std::filesystem::path& folder) {
  std::map<std::int64_t, std::filesystem::path> places;
  for (const ChosenFile& file : chosen.files) {
    if (file.to.filename() == "network.safetensors") places.emplace(file.trial, file.place);
  }
  for (const auto& [trial, place] : places) {
    OODML_RETURN_IF_ERROR(write_trial_file(client, trial, folder / place / kTrialFile));
  }
  return {};
}

Result<int> fetch(Session& session, const FetchOptions& options) {
  OODML_ASSIGN_OR_RETURN(const What what, parse_what(options.kind));
  OODML_ASSIGN_OR_RETURN(const v1::ListArtifactsRequest request, file_selection("fetch", *options.owners));
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  ArtifactClient artifacts(*client);
  OODML_ASSIGN_OR_RETURN(const v1::ListArtifactsReply list, listed(artifacts, request));
  OODML_ASSIGN_OR_RETURN(const ChosenFiles chosen, choose_files(list, what, /*folders=*/request.trial_id() == 0));
  if (chosen.files.empty()) return not_found(missing_text(chosen, options.kind));
  OODML_RETURN_IF_ERROR(make_folders(options.folder));

  Progress progress(session, chosen);
  const Came came = [&](std::int64_t bytes) { return progress.came(bytes); };
  for (const ChosenFile& file : chosen.files) {
    const Result<bool> fetched = download(artifacts, options.folder, file, came);
    if (!fetched) {
      progress.end();
      if (fetched.error().code() != StatusCode::kCancelled) return failure(fetched.error());
      session.note("Interrupted; the same command goes on from here.\n");
      return kExitInterrupted;
    }
    progress.file_done(*fetched);
  }
  progress.end();
  OODML_RETURN_IF_ERROR(write_trial_files(*client, chosen, options.folder));
  session.print(
      [&] {
        Json files = Json::array();
        for (const ChosenFile& file : chosen.files) {
          files.push_back({{"trial_id", file.trial},
                           {"path", (options.folder / file.to).string()},
                           {"kind", job::to_text(file.file.kind)},
                           {"bytes", file.file.bytes},
                           {"sha256", file.file.sha256}});
        }
        return Json{{"files", std::move(files)}, {"trials_without", chosen.without}};
      },
      [&] {
        return counted(std::ssize(chosen.files), "file") + " of " + bytes_text(progress.transfer().bytes_total) +
               " in " + options.folder.string() + " (" + std::to_string(progress.files_came()) + " came, " +
               std::to_string(std::ssize(chosen.files) - progress.files_came()) + " were there)\n";
      });
  if (chosen.without.empty()) return kExitDone;
  session.note("Warning: " + missing_text(chosen, options.kind) + "\n");
  return kExitIncomplete;
}

}  // namespace

void add_fetch(CommandLine& line) {
  CLI::App* command = line.add(
      "fetch", "Get the files that trials left, from any machine", "Sweeps",
      {"oodml fetch trial 17 -o best       its best network", "oodml fetch trial 17 --what all -o trial-17",
       "oodml fetch smoke --what last -o networks     a folder a trial, named by id and labels",
       "oodml fetch smoke --where criterion=margin,split=1..3 --what log -o logs",
       "Interrupted, or run again, it goes on where it was; files that are there and whole are not sent again."});
  auto options = std::make_shared<FetchOptions>(FetchOptions{.owners = add_file_owners(command)});
  command->add_option("--what", options->kind, "best (unless said), last, log or all")->type_name("WHAT");
  command->add_option("-o,--out", options->folder, "Folder to write into; made when it is missing")
      ->required()
      ->type_name("DIR");
  line.on_stored(command, [options](Session& session) { return fetch(session, *options); });
}

}  // namespace oodml::cli
