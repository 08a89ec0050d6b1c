#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sweeps_text.h"

namespace oodml::cli {

void add_workers(CommandLine& line) {
  CLI::App* command =
      line.add("workers", "List workers: slots, what they have on disk, running trials, why one takes none", "Service",
               {"oodml workers", "oodml workers -o json"});
  line.on(command, [](Session& session) -> Result<int> {
    OODML_ASSIGN_OR_RETURN(Client * client, session.client());
    OODML_ASSIGN_OR_RETURN(const v1::ListWorkersReply reply, client->workers());
    session.print([&] { return json_of(reply); },
                  [&] { return workers_text(reply, session.now_millis(), session.around.out_style); });
    return kExitDone;
  });
}

}  // namespace oodml::cli
