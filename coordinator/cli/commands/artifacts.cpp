#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/files/artifact_client.h"
#include "coordinator/cli/output/files_text.h"

namespace oodml::cli {

std::shared_ptr<FileOwners> add_file_owners(CLI::App* command) {
  auto owners = std::make_shared<FileOwners>();
  command
      ->add_option("sweep", owners->what, "Id or name of the sweep (its newest); `trial ID` or trial:ID is one trial")
      ->required()
      ->type_name("SWEEP|trial");
  command->add_option("trial", owners->trial, "Id of the trial")->type_name("ID")->check(an_id());
  add_where(command, owners->where);
  return owners;
}

void add_artifacts(CommandLine& line) {
  CLI::App* command = line.add("artifacts", "List the files that trials left: networks, results, logs", "Sweeps",
                               {"oodml artifacts trial 17", "oodml artifacts smoke     of all its trials",
                                "oodml artifacts smoke --where criterion=margin,split=1..3",
                                "oodml artifacts 3 -o json", "oodml artifacts 1 --state oodml-state"});
  const auto owners = add_file_owners(command);
  line.on_stored(command, [owners](Session& session) -> Result<int> {
    OODML_ASSIGN_OR_RETURN(const v1::ListArtifactsRequest request, file_selection("artifacts", *owners));
    OODML_ASSIGN_OR_RETURN(Client * client, session.client());
    OODML_ASSIGN_OR_RETURN(const v1::ListArtifactsReply reply, ArtifactClient(*client).list(request));
    session.print([&] { return json_of(reply); },
                  [&] { return files_text(reply, session.now_millis(), session.around.out_style); });
    return kExitDone;
  });
}

}  // namespace oodml::cli
