#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sweeps_text.h"

namespace oodml::cli {
namespace {

/// Whom the coordinator takes the caller for.
Result<std::string> own_name(Client& client) {
  OODML_ASSIGN_OR_RETURN(const v1::WhoAmIReply me, client.who_am_i());
  if (!me.name().empty()) return me.name();
  return invalid_argument("--owner me: the coordinator asks nobody for a token, so you have no name there");
}

}  // namespace

void add_list(CommandLine& line) {
  CLI::App* command = line.add("list", "List sweeps, newest first", "Sweeps",
                               {"oodml list", "oodml list --owner me", "oodml list --limit 10",
                                "oodml list --state oodml-state", "oodml list -o json"});
  auto request = std::make_shared<v1::ListRequest>();
  command
      ->add_option_function<std::int64_t>(
          "--limit", [request](std::int64_t n) { request->set_limit(n); },
          "At most this many sweeps, 1 to 10000; 100 unless said")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000}).description(""));
  command
      ->add_option_function<std::int64_t>(
          "--before", [request](std::int64_t id) { request->set_before_sweep_id(id); },
          "Only sweeps older than this id")
      ->type_name("ID")
      ->check(an_id());
  command
      ->add_option_function<std::string>(
          "--owner", [request](const std::string& name) { request->set_owner(name); },
          "Only sweeps of this owner; me for your own")
      ->type_name("NAME");
  command->add_flag_callback(
      "--archived", [request] { request->set_archived(true); }, "Those that are archived, in place of the others");
  line.on_stored(command, [request](Session& session) -> Result<int> {
    OODML_ASSIGN_OR_RETURN(Client * client, session.client());
    if (request->owner() == "me") {
      OODML_ASSIGN_OR_RETURN(*request->mutable_owner(), own_name(*client));
    }
    OODML_ASSIGN_OR_RETURN(const v1::ListReply reply, client->list(*request));
    session.print([&] { return json_of(reply); },
                  [&] {
                    if (reply.sweeps().empty() && !request->owner().empty())
                      return "No sweeps of " + request->owner() + ".\n";
                    return list_text(reply, session.now_millis(), session.around.out_style);
                  });
    return kExitDone;
  });
}

}  // namespace oodml::cli
