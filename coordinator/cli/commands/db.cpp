#include <chrono>
#include <optional>
#include <vector>

#include "coordinator/cli/backup_file.h"
#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/files/content_copy.h"
#include "coordinator/cli/local/child_process.h"
#include "coordinator/cli/local/programs.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/upkeep_text.h"
#include "core/base/atomic_file.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kHundred = 100;
constexpr std::uint64_t kMaxList = 1 << 30;  // bytes: of some ten million contents
constexpr std::chrono::milliseconds kLookAgain{50};

struct BackupOptions {
  fs::path file;
  fs::path artifacts;  ///< Empty: the database alone.
};

/// On a terminal, over itself; a person who sends it to a file wants the end alone.
class Percents {
 public:
  explicit Percents(Session& session) : session_(session) {}
  void show(std::int64_t done, std::int64_t total) {
    const std::int64_t percent = total == 0 ? -1 : kHundred * done / total;
    if (!session_.around.err_is_terminal || percent == shown_) return;
    shown_ = percent;
    session_.note(percent < 0 ? "\rthe coordinator makes its copy"
                              : "\r" + std::to_string(percent) + " % of " + bytes_text(total) + "           ");
  }
  ~Percents() {
    if (shown_ != kNothing) session_.note("\n");
  }

 private:
  static constexpr std::int64_t kNothing = -2;
  Session& session_;
  std::int64_t shown_ = kNothing;
};

/// What the backup names, as the coordinator's program reads it, in a file of `folder`.
Result<std::vector<Content>> contents_of(Session& session, const fs::path& backup, const fs::path& folder) {
  OODML_ASSIGN_OR_RETURN(const fs::path program, program_beside("oodml-coordinator"));
  OODML_RETURN_IF_ERROR(make_folders(folder));
  const fs::path list = folder / "contents.txt";
  std::error_code error;
  fs::remove(list, error);
  if (error) return system_failure("remove " + list.string(), error.value());
  OODML_ASSIGN_OR_RETURN(ChildProcess child, ChildProcess::start(program, {"--list-contents", backup.string()}, list));
  const int interrupts_before = session.around.interrupts();
  std::optional<std::string> end;
  while (!(end = child.ended())) {
    if (session.interrupted_within(kLookAgain, interrupts_before))
      return failure(StatusCode::kCancelled, "interrupted");
  }
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(list, kMaxList));
  if (*end != "exit code 0") return failed_precondition(program.string() + " ended with " + *end + ": " + text);
  return parse_contents(text);
}

Result<int> copy_artifacts(Session& session, Client& client, const BackupOptions& options) {
  OODML_ASSIGN_OR_RETURN(const std::vector<Content> contents, contents_of(session, options.file, options.artifacts));
  std::int64_t total = 0, done = 0;
  for (const Content& content : contents) total += content.bytes;
  ArtifactClient artifacts(client);
  Percents percents(session);
  const int interrupts_before = session.around.interrupts();
  OODML_ASSIGN_OR_RETURN(const ContentCopy copy,
                         copy_contents(artifacts, contents, options.artifacts, [&](std::int64_t bytes) -> Status {
                           done += bytes;
                           percents.show(done, total);
                           if (session.around.interrupts() == interrupts_before) return {};
                           return Status(StatusCode::kCancelled, "interrupted; the same command goes on");
                         }));
  session.print(options.artifacts.string() + ": " + counted(copy.copied, "content") + " copied, " +
                bytes_text(copy.copied_bytes) + "; " + std::to_string(copy.there) + " were there\n");
  for (const std::string& sha256 : copy.lacking)
    session.note("The coordinator has no content " + sha256 + " any more.\n");
  return copy.lacking.empty() ? kExitDone : kExitFailed;
}

Result<int> back_up(Session& session, const BackupOptions& options) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  {
    Percents percents(session);
    OODML_ASSIGN_OR_RETURN(const std::int64_t bytes,
                           write_backup(*client, options.file,
                                        [&](std::int64_t done, std::int64_t total) { percents.show(done, total); }));
    session.print(options.file.string() + ": " + bytes_text(bytes) + "\n");
  }
  if (!options.artifacts.empty()) return copy_artifacts(session, *client, options);
  session.note("The files of trials are not in it; --artifacts DIR copies those too.\n");
  return kExitDone;
}

Result<int> show_stats(Session& session) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::GetStatsReply reply, client->stats());
  session.print([&] { return json_of(reply); }, [&] { return stats_text(reply, session.around.out_style); });
  return kExitDone;
}

CLI::App* add_part(CLI::App* parent, const char* name, const char* summary, const char* example) {
  CLI::App* command = parent->add_subcommand(name, summary);
  command->footer(std::string("Example:\n  ") + example);
  return command;
}

void add_backup(CommandLine& line, CLI::App* parent) {
  CLI::App* command = add_part(parent, "backup", "Copy the coordinator's database, as of one moment, while it works",
                               "oodml db backup -o oodml-$(date +%F).db --artifacts backup-artifacts");
  auto options = std::make_shared<BackupOptions>();
  command
      ->add_option("-o,--out", options->file,
                   "File to write, that is not there yet; it holds digests of tokens (mode 0600)")
      ->required()
      ->type_name("FILE");
  command
      ->add_option(
          "--artifacts", options->artifacts,
          "Then copy the files of trials that the backup names to this folder, as far as it lacks them: the same "
          "folder serves every backup. Without it the database alone is copied")
      ->type_name("DIR");
  line.on(command, [options](Session& session) { return back_up(session, *options); });
}

void add_verify(CommandLine& line, CLI::App* parent) {
  CLI::App* command = add_part(parent, "verify", "Look whether a database file is whole; no coordinator is asked",
                               "oodml db verify oodml-2026-11-29.db --artifact-root backup-artifacts --contents");
  struct Wanted {
    std::string file, artifact_root;
    bool contents = false;
  };
  auto wanted = std::make_shared<Wanted>();
  command->add_option("file", wanted->file, "A backup, or a database; a coordinator may work on it")
      ->required()
      ->type_name("FILE");
  CLI::Option* root =
      command
          ->add_option("--artifact-root", wanted->artifact_root,
                       "Look there for the files of trials that it names, too: a coordinator's --artifact-root "
                       "(DATABASE.artifacts unless said), or the folder of db backup --artifacts")
          ->type_name("DIR");
  command->add_flag("--contents", wanted->contents, "Read them, and compare their SHA-256 and not only their sizes")
      ->needs(root);
  line.on(command, [wanted](Session&) -> Result<int> {
    std::vector<std::string> words = {"--verify", wanted->file};
    if (!wanted->artifact_root.empty()) words.insert(words.end(), {"--artifact-root", wanted->artifact_root});
    if (wanted->contents) words.push_back("--contents");
    OODML_RETURN_IF_ERROR(hand_over("oodml-coordinator", words));
    return kExitFailed;
  });
}

void add_restore(CommandLine& line, CLI::App* parent) {
  CLI::App* command = add_part(
      parent, "restore",
      "Put a backup into the place of a database that no coordinator owns; the old one stays beside it",
      "oodml db restore oodml-2026-11-29.db --database /var/lib/oodml/coordinator.db --artifacts backup-artifacts");
  struct Files {
    std::string backup, database, artifacts, artifact_root;
  };
  auto files = std::make_shared<Files>();
  command->add_option("file", files->backup, "The backup, which is verified first")->required()->type_name("FILE");
  command->add_option("--database", files->database, "The database of the stopped coordinator")
      ->required()
      ->type_name("DB");
  command
      ->add_option("--artifacts", files->artifacts,
                   "Before that put back the files of trials that it names, from the folder of db backup --artifacts")
      ->type_name("DIR");
  command
      ->add_option("--artifact-root", files->artifact_root,
                   "Where the coordinator keeps them; DATABASE.artifacts unless said")
      ->type_name("DIR");
  line.on(command, [files](Session&) -> Result<int> {
    std::vector<std::string> words = {"--restore", files->backup, "--database", files->database};
    if (!files->artifacts.empty()) words.insert(words.end(), {"--restore-artifacts", files->artifacts});
    if (!files->artifact_root.empty()) words.insert(words.end(), {"--artifact-root", files->artifact_root});
    OODML_RETURN_IF_ERROR(hand_over("oodml-coordinator", words));
    return kExitFailed;
  });
}

}  // namespace

void add_db(CommandLine& line) {
  CLI::App* command =
      line.add("db", "Back up, verify and restore the coordinator's database, and see what fills it", "Service",
               {"oodml db backup -o oodml.db", "oodml db verify oodml.db",
                "oodml db restore oodml.db --database coordinator.db", "oodml db stats"});
  command->require_subcommand(1);
  add_backup(line, command);
  add_verify(line, command);
  add_restore(line, command);
  CLI::App* stats = add_part(command, "stats", "Show the size of the database by table, and what is kept how long",
                             "oodml db stats -o json");
  line.on(stats, show_stats);
}

}  // namespace oodml::cli
