#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/settings_text.h"

namespace oodml::cli {

void add_whoami(CommandLine& line) {
  CLI::App* command = line.add("whoami", "Say who the coordinator takes you for, and what you may do", "Service",
                               {"oodml whoami", "oodml whoami -o json"});
  line.on(command, [](Session& session) -> Result<int> {
    OODML_ASSIGN_OR_RETURN(Client * client, session.client());
    OODML_ASSIGN_OR_RETURN(const v1::WhoAmIReply reply, client->who_am_i());
    session.print([&] { return json_of(reply); }, [&] { return whoami_text(reply); });
    return kExitDone;
  });
}

}  // namespace oodml::cli
