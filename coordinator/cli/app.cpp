#include "coordinator/cli/app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/programs.h"
#include "coordinator/cli/output/text.h"
#include "core/base/atomic_file.h"
#include "core/base/exit_code.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::cli {
namespace {

constexpr std::uint64_t kMaxTokenBytes = 4096;

/// What is said before or after any command.
struct Globals {
  std::string coordinator, token_file, tls_ca, output = "table";
  bool insecure = false;
};

void add_globals(CLI::App& app, Globals& globals) {
  app.add_option("--coordinator", globals.coordinator,
                 "Where the coordinator listens; else OODML_COORDINATOR, else 127.0.0.1:7070")
      ->type_name("HOST:PORT");
  app.add_option("--token-file", globals.token_file,
                 "File with the token that lets you in; else the token in OODML_TOKEN")
      ->type_name("FILE");
  app.add_option("--tls-ca", globals.tls_ca,
                 "PEM file of the authority that signed the coordinator's certificate; else OODML_TLS_CA")
      ->type_name("FILE");
  app.add_flag("--insecure", globals.insecure, "Send the token to another machine without TLS");
  app.add_option("-o,--output", globals.output, "table (unless said), json, and where it makes sense csv, latex, markdown")
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
  add_results(line);
  add_local(line);
  add_changes(line);
  add_workers(line);
  add_components(line);
  add_version(line);
  add_completion(line);
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

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

const CLI::App* chosen_command(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? nullptr : chosen.front();
}

std::string help_hint(const CLI::App* command) {
  return "see oodml " + (command == nullptr ? "" : command->get_name() + " ") + "--help";
}

Status unexpected(const CLI::App& app) {
  const CLI::App* command = chosen_command(app);
  std::vector<std::string> rest = app.remaining(true);
  const std::string word = rest.empty() ? "" : rest.front();
  const bool flag = word.starts_with("-") && word.size() > 1;
  if (command == nullptr && !flag) {
    const std::string close = catalogue::nearest(word, command_names(app));
    return invalid_argument("unknown command '" + one_line(word) + "'; " +
                            (close.empty() ? "see oodml --help" : "did you mean '" + close + "'? See oodml --help"));
  }
  if (!flag) return invalid_argument("'" + one_line(word) + "' is one argument too many; " + help_hint(command));
  std::vector<std::string> known = flag_names(app);
  if (command != nullptr) std::ranges::copy(flag_names(*command), std::back_inserter(known));
  const std::string close = catalogue::nearest(word.substr(0, word.find('=')), known);
  return invalid_argument("unknown option '" + one_line(word) + "'; " +
                          (close.empty() ? "" : "did you mean '" + close + "'? ") + help_hint(command));
}

/// `oodml sweep.yaml local`: the command stands behind its argument.
Status check_order(const CLI::App& app, const std::vector<std::string>& arguments) {
  const std::vector<std::string> commands = command_names(app);
  const auto is_command = [&](const std::string& word) { return std::ranges::find(commands, word) != commands.end(); };
  if (arguments.size() < 2 || arguments[0].starts_with("-") || is_command(arguments[0]) || !is_command(arguments[1])) return {};
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

Result<std::string> token_of(const Globals& globals, const Surroundings& around) {
  if (globals.token_file.empty()) return around.environment("OODML_TOKEN").value_or("");
  Result<std::string> text = read_file(globals.token_file, kMaxTokenBytes);
  if (!text)
    return failure(text.error().code() == StatusCode::kPermissionDenied ? StatusCode::kPermissionDenied
                                                                        : StatusCode::kInvalidArgument,
                   "--token-file: " + text.error().message());
  const auto first = text->find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return invalid_argument("--token-file: " + globals.token_file + " is empty");
  return text->substr(first, text->find_first_of(" \t\r\n", first) - first);
}

Result<Connection> connection_of(const Globals& globals, const Surroundings& around) {
  Connection connection;
  const std::string address =
      globals.coordinator.empty() ? around.environment("OODML_COORDINATOR").value_or("") : globals.coordinator;
  connection.given = !address.empty();
  if (connection.given) connection.address = address;
  const auto colon = connection.address.rfind(':');
  const std::string port = colon == std::string::npos ? "" : connection.address.substr(colon + 1);
  const bool number =
      !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
  if (!number || colon == 0) {
    return invalid_argument("--coordinator " + one_line(connection.address) + ": wanted HOST:PORT, as in gpu1:7070");
  }
  connection.tls_ca = globals.tls_ca.empty() ? around.environment("OODML_TLS_CA").value_or("") : globals.tls_ca;
  OODML_ASSIGN_OR_RETURN(connection.token, token_of(globals, around));
  const std::string host = connection.address.substr(0, colon);
  const bool loopback = host == "localhost" || host.starts_with("127.") || host == "[::1]";
  if (!connection.token.empty() && connection.tls_ca.empty() && !loopback && !globals.insecure) {
    return invalid_argument("the token would travel readably to " + one_line(host) +
                            ": give --tls-ca FILE for TLS, or --insecure to send it all the same");
  }
  return connection;
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
  if (!arguments.empty() && is_core_command(arguments.front()))
    return report(hand_over_to_core(arguments), json, around);

  CLI::App app("Sweeps of deep metric learning experiments under growing distribution shift.", "oodml");
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", std::string("oodml ") + OODML_VERSION);
  app.footer(
      "First steps:
  oodml plan sweep.yaml                  check a sweep and count its trials
"
      "  oodml local sweep.yaml                 run a sweep on this machine, no service needed
"
      "  oodml results 1 --state oodml-state    its table again; also list, show, watch, logs
"
      "  oodml submit sweep.yaml                hand it to a coordinator; then: oodml watch, oodml results
"
      "oodml COMMAND --help explains each with examples.
" +
      exit_codes_help({kExitDone, kExitFailed, kExitUsage, kExitIncomplete, kExitNotAllowed, kExitNotFound,
                       kExitConflict, kExitUnreachable, kExitInterrupted}));
  Globals globals;
  add_globals(app, globals);
  CommandLine line(app);
  add_commands(line);
  if (const Status order = check_order(app, arguments); !order.ok()) return report(order, json, around);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success, around.out, around.err);
  } catch (const CLI::ExtrasError&) {
    return report(unexpected(app), json, around);
  } catch (const CLI::ParseError& error) {
    return report(invalid_argument(one_line(error.what()) + "; " + help_hint(chosen_command(app))), json, around);
  }
  if (!line.chosen()) {
    around.err << app.help() << std::flush;
    return kExitUsage;
  }
  const Result<int> code = run_chosen(line, globals, around);
  return code ? *code : report(code.error(), json, around);
}

}  // namespace oodml::cli
