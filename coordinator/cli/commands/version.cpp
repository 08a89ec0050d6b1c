#include "coordinator/cli/commands/commands.h"

namespace oodml::cli {

void add_version(CommandLine& line) {
  CLI::App* command = line.add("version", "Version of this program and, if it can be reached, of the coordinator",
                               "Service", {"oodml version", "oodml version -o json"});
  line.on(command, [](Session& session) -> Result<int> {
    OODML_ASSIGN_OR_RETURN(Client * client, session.client());
    const Result<v1::GetVersionReply> reply = client->version();
    const auto document = [&] {
      Json coordinator = Json();
      if (reply) {
        coordinator = {
            {"address", client->address()}, {"version", reply->version()}, {"schema", reply->schema_version()}};
      }
      return Json{{"oodml", OODML_VERSION}, {"coordinator", coordinator}};
    };
    session.print(document, [&] {
      const std::string own = std::string("oodml ") + OODML_VERSION + "\n";
      if (!reply) return own + "coordinator: " + reply.error().message() + "\n";
      return own + "coordinator at " + client->address() + ": " + reply->version() + ", database schema " +
             std::to_string(reply->schema_version()) + "\n";
    });
    // Someone who named a coordinator wants to know whether it is there.
    return !reply && session.connection.given ? exit_code_of(reply.error().code()) : kExitDone;
  });
}

}  // namespace oodml::cli
