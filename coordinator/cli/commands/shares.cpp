#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/sharing_text.h"
#include "core/base/ids.h"

namespace oodml::cli {
namespace {

struct ShareOptions {
  std::string who;
  std::optional<double> weight;
  std::optional<std::int64_t> max_parallel;
};

Result<v1::ListSharesReply> set_share(Client& client, const ShareOptions& options) {
  v1::SetShareRequest request;
  const std::size_t equals = options.who.find('=');
  if (equals == std::string::npos) {
    request.set_owner(options.who);
  } else {
    request.set_axis(options.who.substr(0, equals));
    request.set_label(options.who.substr(equals + 1));
  }
  if (options.weight) request.set_weight(*options.weight);
  if (options.max_parallel) request.set_max_parallel(*options.max_parallel);
  request.set_request_id(random_hex_128());
  return client.set_share(request);
}

Result<int> shares(Session& session, const ShareOptions& options) {
  const bool changes = options.weight || options.max_parallel;
  if (changes && options.who.empty()) {
    return invalid_argument(
        "--weight and --max-parallel want an owner or AXIS=LABEL, as in: oodml shares alice --weight 2");
  }
  if (!changes && !options.who.empty()) {
    return invalid_argument("what of " + options.who + "? Say --weight or --max-parallel");
  }
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const v1::ListSharesReply reply, changes ? set_share(*client, options) : client->shares());
  session.print([&] { return json_of(reply); }, [&] { return shares_text(reply, session.around.out_style); });
  return kExitDone;
}

}  // namespace

void add_shares(CommandLine& line) {
  CLI::App* command =
      line.add("shares", "List what owners have of the workers; set weights and limits (operators)", "Service",
               {"oodml shares", "oodml shares alice --weight 2 --max-parallel 8",
                "oodml shares criterion=margin --max-parallel 4", "oodml shares alice --max-parallel 0"});
  auto options = std::make_shared<ShareOptions>();
  command->add_option("who", options->who, "Whose: an owner, or AXIS=LABEL for all trials with a label")
      ->type_name("OWNER|AXIS=LABEL");
  command
      ->add_option("--weight", options->weight,
                   "Of an owner: 2 gets twice as much as 1, while both want it; 0.001 to 1000")
      ->type_name("W");
  command->add_option("--max-parallel", options->max_parallel, "Trials at once; 0: no limit")->type_name("N");
  line.on(command, [options](Session& session) { return shares(session, *options); });
}

}  // namespace oodml::cli
