#include "coordinator/main_options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "core/base/build_info.h"
#include "core/base/exit_code.h"
#include "core/base/log_levels.h"
#include "core/command_line/problem.h"
#include "core/connection/address.h"

namespace oodml::coordinator {
namespace {

std::string exit_codes() {
  return exit_codes_help(
             {kExitDone, kExitFailed, kExitUsage, kExitNotAllowed, kExitNotFound, kExitConflict, kExitDiskFailed}) +
         "\nAfter 74 nothing unsafe was answered; a restart reads what is on disk.";
}

/// $XDG_STATE_HOME/oodml/coordinator.db, by default below ~/.local/state; empty without a home.
std::filesystem::path usual_database() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return std::filesystem::path(state) / "oodml" / "coordinator.db";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::filesystem::path(home) / ".local" / "state" / "oodml" / "coordinator.db";
  }
  return {};
}

/// The terms in seconds, as people write them.
struct Seconds {
  double heartbeat = 10, lease = 120, restart_grace = 120;
};

/// In days; 0: for ever.
struct Days {
  std::int64_t events = 0, points = 0, artifacts = 0, requests = 7;
};

Duration millis(double seconds) { return Duration(static_cast<std::int64_t>(seconds * 1000)); }

struct Words {
  std::string listen = Address().text();
  std::int64_t artifact_quota_gib = 0, artifact_largest_gib = 64;
  Seconds seconds;
  Days days;
  std::string web;
  std::filesystem::path page;
  bool metrics_open = false, metrics_only = false;
};

void add_retention(CLI::App& app, Options& options, Words& words) {
  const auto add = [&](const char* name, std::int64_t& value, const char* help) {
    app.add_option(name, value, help)->capture_default_str()->check(CLI::Range(0, 36'500));
  };
  add("--keep-events-days", words.days.events,
      "How long what trials said beside figures is kept after their end, but the last words; 0: for ever");
  add("--keep-points-days", words.days.points,
      "How long all points of their curves are kept; after that they are thinned. 0: for ever");
  app.add_option("--keep-points", options.service.retention.kept_points,
                 "To so many points of a curve, beside the first, last, best and selected ones, which stay as they are")
      ->capture_default_str()
      ->check(CLI::Range(2, 100'000));
  add("--keep-artifacts-days", words.days.artifacts,
      "How long files of trials are kept after their end; then best networks, results and logs alone, and the last\n"
      "network where there is no best one. 0: for ever");
  add("--keep-requests-days", words.days.requests,
      "How long a call that is asked again, by its request id, is known as the same; 0: for ever");
}

/// What is done in place of serving; `oodml db` calls it.
void add_offline(CLI::App& app, Options& options) {
  CLI::Option* verify =
      app.add_option("--verify", options.verify,
                     "Look whether a database file is whole, with --artifact-root the contents it names too, and end");
  app.add_flag("--contents", options.reads_contents, "Of contents look at the bytes, and not only at the sizes")
      ->needs(verify);
  CLI::Option* restore =
      app.add_option(
             "--restore", options.restore,
             "Put this backup into the place of --database, which nobody may own, and end; the old one stays beside it")
          ->excludes(verify);
  app.add_option("--restore-artifacts", options.restore_artifacts,
                 "Before that put the contents that it names from this folder to --artifact-root")
      ->needs(restore);
  app.add_option("--list-contents", options.list_contents, "Print SHA-256 and size of what a database names, and end")
      ->excludes(verify)
      ->excludes(restore);
}

void add_options(CLI::App& app, Options& options, Words& words) {
  rpc::Security& security = options.server.security;
  app.add_option("--database", options.service.database, "SQLite file; one coordinator owns it")->capture_default_str();
  artifacts::ArtifactOptions& artifacts = options.service.artifacts;
  const auto gib = CLI::Range(0, 1 << 20);
  app.add_option("--artifact-root", artifacts.root,
                 "Folder of the files that trials leave, by default beside the database; workers may share it");
  app.add_option("--artifact-quota-gib", words.artifact_quota_gib, "How much of them is kept; 0: as the disk has room")
      ->capture_default_str()
      ->check(gib);
  app.add_option("--artifact-reserve-mib", artifacts.limits.room.reserve_mib, "What they leave free of their disk")
      ->capture_default_str()
      ->check(gib);
  app.add_option("--artifact-largest-gib", words.artifact_largest_gib, "The largest file that is taken")
      ->capture_default_str()
      ->check(gib);
  app.add_option("--listen", words.listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "Write the port here once listening");
  app.add_option("--tls-cert", security.tls_cert,
                 "Certificate chain, PEM; it and its key are read again when they change, and on SIGHUP");
  app.add_option("--tls-key", security.tls_key, "Its private key, PEM; mode 0600, or 0640 of root's");
  app.add_option(
      "--tokens", security.tokens,
      "Who may call: lines `ROLE TOKEN NAME`. Roles of people: viewer (sees everything), submitter (and submits, and changes\n"
      "what is its own), operator (and changes everything). `worker` becomes the token of the first worker that registers\n"
      "with it, `workers` is one that several share. Mode 0600; read again when it changes, and on SIGHUP");
  app.add_option(
      "--web", words.web,
      "HOST:PORT of the web page, with the same certificate and tokens; port 0 takes a free one; default: none");
  app.add_option("--web-port-file", options.web_port_file, "Write the page's port here once listening");
  app.add_option("--web-entry-file", options.web_entry_file,
                 "Write a link here (mode 0600) that opens the page once; without --tokens nobody else sees it");
  app.add_option("--web-entry-token", options.web_entry_token,
                 "With --tokens: the file of the token that whoever opens that link has");
  app.add_option("--web-files", words.page, "Serve the page from this folder, for those who work on it");
  app.add_flag("--metrics", options.metrics,
               "Answer Prometheus at /metrics on the --web port, where whose token may see everything");
  app.add_flag("--metrics-open", words.metrics_open, "The same without a token, for whoever reaches the port");
  app.add_flag("--metrics-only", words.metrics_only,
               "With either, nothing but /metrics and /healthz on that port: no page, no calls");
  app.add_flag("--insecure", security.insecure, "Listen beyond loopback without TLS or tokens");
  const auto range = CLI::Range(0.05, 86'400.0);
  app.add_option("--heartbeat-seconds", words.seconds.heartbeat, "How often workers report")
      ->capture_default_str()
      ->check(range);
  app.add_option("--lease-seconds", words.seconds.lease,
                 "How long a worker may be silent before its trial goes elsewhere")
      ->capture_default_str()
      ->check(range);
  app.add_option("--restart-grace-seconds", words.seconds.restart_grace, "The same, right after a restart")
      ->capture_default_str()
      ->check(range);
  app.add_option("--machine-retries", options.service.terms.machine_retries,
                 "How often a trial is tried again after faults of machines; 0 where there is one machine only")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  add_retention(app, options, words);
  add_offline(app, options);
  app.add_option("--log-level", options.log.level, kLogLevels)
      ->transform(CLI::Validator(check_log_level, ""))
      ->capture_default_str();
  app.add_option("--log-format", options.log.format, daemon::kLogFormatHelp)
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->capture_default_str();
  app.add_option(
      "--webhooks", options.service.webhooks,
      "Who is told of what: lines `NAME SWEEPS EVENTS FORMAT URL [SECRET]`; mode 0600; SIGHUP reads it again\n"
      "(docs/operations.md#telling-people)");
  app.add_flag("--test-webhooks", options.test_webhooks, "Send a test to each of --webhooks, say what came of it, end");
  app.add_flag("--accept-damaged-log", options.service.accept_damaged_log,
               "Start without what a damaged write-ahead log had confirmed; a copy of the log is kept");
  app.add_flag("--read-only", options.service.read_only,
               "Only show what the database holds: nothing is locked or changed, workers are refused");
  app.add_option("--die-with-parent", options.parent, "Stop when the process that started this one ends; its id");
  app.set_config("--config", "", "Options from a file, `name = value` lines (configs/coordinator.toml)");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_version_flag("--version", version_line("oodml-coordinator"));
}

Status finish_web(Options& options, const Words& words) {
  options.metrics = options.metrics || words.metrics_open;
  if (words.web.empty()) {
    if (options.metrics || words.metrics_only) {
      return invalid_argument(
          "--metrics, --metrics-open and --metrics-only need --web HOST:PORT, the port to answer on");
    }
    const bool is_meant = !words.page.empty() || !options.web_port_file.empty() || !options.web_entry_file.empty() ||
                          !options.web_entry_token.empty();
    if (!is_meant) return Status();
    return invalid_argument(
        "--web-files, --web-port-file, --web-entry-file and --web-entry-token need --web HOST:PORT");
  }
  if (words.metrics_only && !options.metrics)
    return invalid_argument("--metrics-only needs --metrics or --metrics-open");
  const bool has_tokens = !options.server.security.tokens.empty(), has_link = !options.web_entry_file.empty();
  if (options.web_entry_token.empty() ? has_link && has_tokens : !(has_link && has_tokens)) {
    return invalid_argument("--web-entry-file with --tokens needs --web-entry-token FILE, which goes with both alone");
  }
  Result<Address> listen = Address::parse_listening(words.web);
  if (!listen) return Status(listen.error().code(), "--web " + listen.error().message());
  options.web =
      web::WebOptions{.listen = *std::move(listen),
                      .security = options.server.security,
                      .page = words.page,
                      .monitoring = {.metrics = {}, .is_open = words.metrics_open, .is_all = words.metrics_only},
                      .has_entry_link = has_link,
                      .is_read_only = options.service.read_only};
  return Status();
}

Status finish(Options& options, const Words& words) {
  Result<Address> listen = Address::parse_listening(words.listen);
  if (!listen) return Status(listen.error().code(), "--listen " + listen.error().message());
  options.server.listen = *std::move(listen);
  OODML_RETURN_IF_ERROR(finish_web(options, words));
  if (words.seconds.lease < 2 * words.seconds.heartbeat) {
    return invalid_argument(
        "--lease-seconds must be at least twice --heartbeat-seconds; one lost message would cost a trial");
  }
  options.service.terms.heartbeat = millis(words.seconds.heartbeat);
  options.service.terms.lease = millis(words.seconds.lease);
  options.service.terms.restart_grace = millis(words.seconds.restart_grace);
  options.service.artifacts.limits.room.quota_bytes = words.artifact_quota_gib << 30;
  options.service.artifacts.limits.room.largest_bytes = words.artifact_largest_gib << 30;
  RetentionTerms& retention = options.service.retention;
  retention.events = std::chrono::days(words.days.events);
  retention.points = std::chrono::days(words.days.points);
  retention.artifacts = std::chrono::days(words.days.artifacts);
  retention.requests = std::chrono::days(words.days.requests);
  if (options.test_webhooks && options.service.webhooks.empty()) {
    return invalid_argument("--test-webhooks wants --webhooks FILE");
  }
  if (options.service.database.empty()) {
    return invalid_argument("--database is needed where neither XDG_STATE_HOME nor HOME is set");
  }
  return Status();
}

}  // namespace

std::expected<Options, int> parse_options(int argc, char** argv) {
  CLI::App app("The oodml coordinator: takes sweeps, hands their trials to workers, keeps the results.",
               "oodml-coordinator");
  Options options;
  options.service.database = usual_database();
  Words words;
  add_options(app, options, words);
  app.footer(exit_codes());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(command_line::say(app, error));
  }
  if (const Status status = finish(options, words); !status.ok()) {
    std::cerr << "oodml-coordinator: " << status.message() << "\n";
    return std::unexpected(exit_code_here(status.code()));
  }
  return options;
}

}  // namespace oodml::coordinator
