#include <istream>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/upkeep_text.h"
#include "coordinator/cli/sweep_source.h"
#include "core/base/ids.h"

namespace oodml::cli {
namespace {

struct RemovalOptions {
  std::string sweep;
  bool yes = false;
};

using RemovalCall = Result<v1::RemoveReply> (Client::*)(const v1::RemoveRequest&);

std::string name_of(const v1::SweepSummary& sweep) {
  return "sweep " + std::to_string(sweep.sweep_id()) + (sweep.name().empty() ? "" : " " + one_line(sweep.name()));
}

Result<v1::RemoveReply> ask_removal(Session& session, const std::string& sweep, RemovalCall call, bool go_ahead) {
  v1::RemoveRequest request;
  OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(sweep));
  request.set_go_ahead(go_ahead);
  if (go_ahead) request.set_request_id(random_hex_128());
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  return (client->*call)(request);
}

Result<int> put_away(Session& session, const RemovalOptions& options, RemovalCall call, const char* done) {
  OODML_ASSIGN_OR_RETURN(const v1::RemoveReply reply, ask_removal(session, options.sweep, call, true));
  session.print([&] { return json_of(reply); }, [&] { return done + (" " + name_of(reply.sweep())) + ".\n"; });
  return kExitDone;
}

/// Says first what would go; anything but yes is no.
Result<int> remove(Session& session, const RemovalOptions& options) {
  OODML_ASSIGN_OR_RETURN(const v1::RemoveReply would,
                         ask_removal(session, options.sweep, &Client::remove_sweep, false));
  session.note(removal_text(would) + ".\n");
  if (!options.yes && !session.around.in_is_terminal) {
    return invalid_argument(
        "nothing was deleted: there is no terminal to ask on; say --yes to delete without a question");
  }
  if (!options.yes) {
    session.note("Delete it for good? [y/N] ");
    std::string answer;
    std::getline(session.around.in, answer);
    if (answer != "y" && answer != "Y" && answer != "yes") {
      session.note("Nothing was deleted.\n");
      return kExitFailed;
    }
  }
  // By its id: a name may be another sweep's by now.
  OODML_ASSIGN_OR_RETURN(const v1::RemoveReply reply,
                         ask_removal(session, std::to_string(would.sweep().sweep_id()), &Client::remove_sweep, true));
  session.print([&] { return json_of(would); }, [&] { return "Deleted " + name_of(would.sweep()) + ".\n"; });
  return kExitDone;
}

std::shared_ptr<RemovalOptions> add_sweep(CLI::App* command) {
  auto options = std::make_shared<RemovalOptions>();
  command->add_option("sweep", options->sweep, "Id or name of the sweep (its newest)")->required()->type_name("SWEEP");
  return options;
}

}  // namespace

void add_removals(CommandLine& line) {
  CLI::App* archive = line.add("archive", "Put a sweep out of sight: it is not listed or changed, its results stay",
                               "Changing sweeps", {"oodml archive smoke", "oodml list --archived"});
  line.on(archive, [options = add_sweep(archive)](Session& session) {
    return put_away(session, *options, &Client::archive, "Archived");
  });
  CLI::App* unarchive = line.add("unarchive", "Bring an archived sweep back", "Changing sweeps", {"oodml unarchive 3"});
  line.on(unarchive, [options = add_sweep(unarchive)](Session& session) {
    return put_away(session, *options, &Client::unarchive, "Brought back");
  });
  CLI::App* removal =
      line.add("delete", "Delete a sweep that is over, with trials that no other sweep has; says first what would go",
               "Changing sweeps", {"oodml delete 3", "oodml delete 3 --yes"});
  const auto options = add_sweep(removal);
  removal->add_flag("-y,--yes", options->yes, "Do not ask; needed where there is no terminal to ask on");
  line.on(removal, [options](Session& session) { return remove(session, *options); });
}

}  // namespace oodml::cli
