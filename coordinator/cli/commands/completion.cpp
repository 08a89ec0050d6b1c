#include "coordinator/cli/output/completion.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/report/kind.h"

namespace oodml::cli {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->nonpositional(); })) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  return flags;
}

std::vector<std::string> words_of(const std::string& command) {
  if (command == "components") return {"criteria", "miners", "samplers", "backbones", "metrics", "benchmarks", "keys"};
  if (command == "db") return {"backup", "verify", "restore", "stats"};
  if (command == "completion") return {"bash", "zsh", "fish"};
  if (command == "report") return report::kind_names();
  if (command == "show" || command == "curves") return {"trial"};
  if (command == "workers") return {"cordon", "drain", "uncordon"};
  return {};
}

/// What of the coordinator's the arguments name.
std::string ids_of(const std::string& command) {
  constexpr std::array<std::string_view, 10> kOfSweeps = {"show",   "watch", "results", "report", "curves",
                                                          "cancel", "pause", "resume",  "retry",  "diff"};
  if (std::ranges::find(kOfSweeps, command) != kOfSweeps.end()) return "sweeps";
  if (command == "workers") return "workers";
  return command == "logs" || command == "history" ? "trials" : "";
}

std::vector<CompletionCommand> commands_of(const CLI::App& root) {
  std::vector<CompletionCommand> commands;
  for (const CLI::App* app : root.get_subcommands([](const CLI::App*) { return true; })) {
    if (app->get_group().empty()) continue;  // for scripts
    CompletionCommand command{app->get_name(), app->get_description(), flags_of(*app), words_of(app->get_name())};
    command.ids = ids_of(command.name);
    for (const std::string& flag : flags_of(root)) {
      if (flag != "--help" && flag != "-h" && flag != "--version") command.flags.push_back(flag);
    }
    const std::string& name = command.name;
    command.takes_file = name == "submit" || name == "plan" || name == "local" || name == "run";
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace

void add_completion(CommandLine& line) {
  CLI::App* command = line.add("completion", "Print the completion script of a shell", "Service",
                               {"source <(oodml completion bash)", "oodml completion fish | source"});
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("SHELL")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
  line.on(command,
          [shell, &root = line.root()](Session& session) -> Result<int> {
            OODML_ASSIGN_OR_RETURN(const std::string script, completion_script(*shell, commands_of(root)));
            session.print(script);
            return kExitDone;
          },
          {});
}

}  // namespace oodml::cli
