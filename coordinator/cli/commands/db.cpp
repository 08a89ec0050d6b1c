#include "coordinator/cli/backup_file.h"
#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/programs.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/upkeep_text.h"

namespace oodml::cli {
namespace {

constexpr std::int64_t kHundred = 100;

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

Result<int> back_up(Session& session, const std::filesystem::path& file) {
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  Percents percents(session);
  OODML_ASSIGN_OR_RETURN(
      const std::int64_t bytes,
      write_backup(*client, file, [&](std::int64_t done, std::int64_t total) { percents.show(done, total); }));
  session.print(file.string() + ": " + bytes_text(bytes) + "\n");
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
                               "oodml db backup -o oodml-$(date +%F).db");
  auto file = std::make_shared<std::filesystem::path>();
  command->add_option("-o,--out", *file, "File to write, that is not there yet; it holds digests of tokens (mode 0600)")
      ->required()
      ->type_name("FILE");
  line.on(command, [file](Session& session) { return back_up(session, *file); });
}

void add_verify(CommandLine& line, CLI::App* parent) {
  CLI::App* command = add_part(parent, "verify", "Look whether a database file is whole; no coordinator is asked",
                               "oodml db verify oodml-2026-11-29.db");
  auto file = std::make_shared<std::string>();
  command->add_option("file", *file, "A backup, or a database that nobody owns")->required()->type_name("FILE");
  line.on(command, [file](Session&) -> Result<int> {
    OODML_RETURN_IF_ERROR(hand_over("oodml-coordinator", {"--verify", *file}));
    return kExitFailed;
  });
}

void add_restore(CommandLine& line, CLI::App* parent) {
  CLI::App* command =
      add_part(parent, "restore",
               "Put a backup into the place of a database that no coordinator owns; the old one stays beside it",
               "oodml db restore oodml-2026-11-29.db --database /var/lib/oodml/coordinator.db");
  struct Files {
    std::string backup, database;
  };
  auto files = std::make_shared<Files>();
  command->add_option("file", files->backup, "The backup, which is verified first")->required()->type_name("FILE");
  command->add_option("--database", files->database, "The database of the stopped coordinator")
      ->required()
      ->type_name("DB");
  line.on(command, [files](Session&) -> Result<int> {
    OODML_RETURN_IF_ERROR(hand_over("oodml-coordinator", {"--restore", files->backup, "--database", files->database}));
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
