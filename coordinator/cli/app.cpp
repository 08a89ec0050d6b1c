#include "coordinator/cli/app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/files/cached_checkpoint.h"
#include "coordinator/cli/local/programs.h"
#include "coordinator/cli/output/text.h"
#include "core/base/build_info.h"
#include "core/base/exit_code.h"
#include "core/base/words.h"
#include "core/command_line/problem.h"
#include "core/connection/client_settings.h"

namespace oodml::cli {
namespace {

/// What is said before or after any command.
struct Globals {
  ClientOptions client;
  std::string output = "table";
};

void add_globals(CLI::App& app, Globals& globals) {
  // By functions, as an empty text is an answer here: none.
  const auto add = [&](const char* name, std::optional<std::string>& value, const std::string& help) {
    return app.add_option_function<std::string>(name, [&value](const std::string& text) { value = text; }, help);
  };
  add("--coordinator", globals.client.coordinator, "Where the coordinator listens; by default " + Address().text())
      ->type_name("HOST:PORT");
  add("--token-file", globals.client.token_file, "File with the token that lets you in, readable by you alone")
      ->type_name("FILE");
  add("--tls-ca", globals.client.tls_ca, "PEM file of the authority that signed the coordinator's certificate")
      ->type_name("FILE");
  app.add_flag("--insecure", globals.client.insecure, "Send the token to another machine without TLS");
  app.add_option("-o,--output", globals.output,
                 "table (unless said), json, and where it makes sense csv, latex, markdown")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json", "csv", "latex", "markdown"}).description(""));
}

void add_commands(CommandLine& line) {
  add_submit(line);
  add_plan(line);
  add_list(line);
  add_show(line);
  add_watch(line);
  add_logs(line);
  add_curves(line);
  add_results(line);
  add_report(line);
  add_artifacts(line);
  add_fetch(line);
  add_diff(line);
  add_history(line);
  add_local(line);
  add_changes(line);
  add_priority(line);
  add_limit(line);
  add_removals(line);
  add_workers(line);
  add_top(line);
  add_shares(line);
  add_scale(line);
  add_whoami(line);
  add_db(line);
  add_components(line);
  add_version(line);
  add_completion(line);
  add_complete(line);
  add_core(line);
}

/// Whether errors go out as JSON; asked before the arguments could be parsed.
bool wants_json(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "-ojson" || word == "-o=json" || word == "--output=json") return true;
    if ((word == "-o" || word == "--output") && i + 1 < arguments.size() && arguments[i + 1] == "json") return true;
  }
  return false;
}

int report(const Status& status, bool json, Surroundings& around) {
  if (json) {
    around.out << json_text(json_of(status)) << std::flush;
    return exit_code_of(status.code());
  }
  // Findings in a file keep their place at the start of the line, where editors look for it.
  const bool many = status.message().find('\n') != std::string::npos;
  around.err << (many ? "" : around.err_style.paint(Colour::kRed, "oodml:") + " ") << status.message() << "\n"
             << std::flush;
  return exit_code_of(status.code());
}

const CLI::App* chosen_command(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? nullptr : chosen.front();
}

/// `oodml sweep.yaml local`: the command stands behind its argument.
Status check_order(const CLI::App& app, const std::vector<std::string>& arguments) {
  const std::vector<std::string> commands = command_line::command_names(app);
  const auto is_command = [&](const std::string& word) { return std::ranges::find(commands, word) != commands.end(); };
  if (arguments.size() < 2 || arguments[0].starts_with("-") || is_command(arguments[0]) || !is_command(arguments[1]))
    return {};
  return invalid_argument("the command comes first: oodml " + arguments[1] + " " + one_line(arguments[0]) + "; " +
                          "see oodml " + arguments[1] + " --help");
}

Result<Format> format_of(const std::string& word, const std::vector<Format>& accepted) {
  std::vector<std::string> words = {"table"};
  if (word == "table") return Format::kTable;
  for (const Format format : accepted) {
    if (word == to_text(format)) return format;
    words.emplace_back(to_text(format));
  }
  return invalid_argument("this command cannot print " + word + "; -o takes " + joined(words));
}

Result<Connection> connection_of(const Globals& globals, const Surroundings& around) {
  OODML_ASSIGN_OR_RETURN(ClientSettings settings, client_settings(globals.client, around.environment));
  return Connection{.address = settings.coordinator.text(),
                    .given = settings.coordinator_given,
                    .token = std::move(settings.token),
                    .tls_ca = std::move(settings.tls_ca),
                    .token_file = std::move(settings.token_file)};
}

Result<int> run_chosen(const CommandLine& line, const Globals& globals, Surroundings& around) {
  OODML_ASSIGN_OR_RETURN(const Format format, format_of(globals.output, line.formats()));
  OODML_ASSIGN_OR_RETURN(Connection connection, connection_of(globals, around));
  Session session(around, format, std::move(connection));
  return line.chosen()(session);
}

}  // namespace

int run(const std::vector<std::string>& arguments, Surroundings& around) {
  const bool json = wants_json(arguments);
  if (!arguments.empty() && is_core_command(arguments.front())) {
    const auto resolved = with_trials_fetched(arguments, around);
    return report(resolved ? hand_over("oodml-core", *resolved) : resolved.error(), json, around);
  }

  CLI::App app("Sweeps of deep metric learning experiments under growing distribution shift.", "oodml");
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", version_line("oodml"));
  app.footer(std::string(kClientSettingsHelp) +
             "\n\nFirst steps:\n"
             "  oodml plan sweep.yaml                  check a sweep and count its trials\n"
             "  oodml local sweep.yaml                 run a sweep on this machine, no service needed\n"
             "  oodml results 1 --state oodml-state    its table again; also list, show, watch, logs\n"
             "  oodml submit sweep.yaml                hand it to a coordinator; then: oodml watch, oodml results\n"
             "oodml COMMAND --help explains each with examples.\n" +
             exit_codes_help({kExitDone, kExitFailed, kExitUsage, kExitIncomplete, kExitNotAllowed, kExitNotFound,
                              kExitConflict, kExitUnreachable, kExitTimeOver, kExitInterrupted}));
  Globals globals;
  add_globals(app, globals);
  CommandLine line(app);
  add_commands(line);
  if (const Status order = check_order(app, arguments); !order.ok()) return report(order, json, around);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::Success& success) {  // --help, --version
    // `oodml tokens --help` asks for a command that there is not: the help of another thing is no answer.
    const std::vector<std::string> rest = app.remaining(true);
    if (chosen_command(app) == nullptr && !rest.empty() && !rest.front().starts_with("-")) {
      return report(invalid_argument(command_line::unknown_command(app, rest.front())), json, around);
    }
    return app.exit(success, around.out, around.err);
  } catch (const CLI::ParseError& error) {
    return report(invalid_argument(command_line::problem(app, error)), json, around);
  }
  if (!line.chosen()) {
    around.err << app.help() << std::flush;
    return kExitUsage;
  }
  const Result<int> code = run_chosen(line, globals, around);
  return code ? *code : report(code.error(), json, around);
}

}  // namespace oodml::cli
