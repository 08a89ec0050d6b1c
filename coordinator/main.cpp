#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>

#include "coordinator/main_options.h"
#include "coordinator/metrics/counters.h"
#include "coordinator/metrics/exposition.h"
#include "coordinator/offline.h"
#include "coordinator/open_service.h"
#include "coordinator/rpc/server.h"
#include "coordinator/service/service.h"
#include "coordinator/sweep_planner.h"
#include "coordinator/web/health.h"
#include "coordinator/web/web_server.h"
#include "core/base/atomic_file.h"
#include "core/base/clock.h"
#include "core/base/guard.h"
#include "core/base/hangup.h"
#include "core/base/parent_process.h"
#include "core/base/private_file.h"
#include "core/connection/token_file.h"
#include "core/connection/watched_files.h"
#include "core/daemon/logging.h"
#include "core/daemon/service_manager.h"

namespace oodml::coordinator {
namespace {

constexpr timespec kTick{.tv_sec = 0, .tv_nsec = 250'000'000};
constexpr auto kGrace = std::chrono::seconds(5);
constexpr unsigned kStopSeconds = 10;  // all of a stop; systemd and scripts count on it

/// The signals that run() waits for. Blocked before there are threads, so none of them gets one.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return signals;
}

/// Nothing may be answered any more, and nothing written: not even a clean stop.
[[noreturn]] void end_at_once(const Status& status) {
  spdlog::critical(
      "the disk failed: {}; ending with exit code {}, unanswered calls will be asked again; the next start "
      "reads what is on disk (check the disk before that)",
      status.message(), kExitDiskFailed);
  spdlog::default_logger()->flush();
  ::_exit(kExitDiskFailed);
}

/// A connection is an open file, and login shells and systemd allow 1024 of them unless one asks for more.
void allow_many_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    spdlog::warn("cannot raise the limit of open files, and with it of connections: {}", std::strerror(errno));
  }
}

Status prepare_files(const Options& options) {
  std::error_code error;
  const auto folder = options.service.database.parent_path();
  if (!options.service.read_only && !folder.empty()) {
    std::filesystem::create_directories(folder, error);
    if (error) return system_failure("cannot make the database's folder " + folder.string(), error.value());
  }
  // A port of an earlier run must not be taken for ours.
  for (const auto& file : {options.port_file, options.web_port_file, options.web_entry_file}) {
    if (!file.empty()) std::filesystem::remove(file, error);
  }
  return Status();
}

Status announce(const Options& options, const rpc::Server& server, const daemon::ServiceManager& manager) {
  Address address = options.server.listen;
  address.port = server.port();
  if (!options.port_file.empty()) {
    OODML_RETURN_IF_ERROR(write_file_atomically(options.port_file, std::to_string(server.port()) + "\n"));
  }
  // A collector of JSON reads both streams of a container, and the log says it too.
  if (options.log.format == "text") std::cout << "listening on " << address.text() << std::endl;
  manager.ready("listening on " + address.text());
  const rpc::Security& security = options.server.security;
  spdlog::info("oodml-coordinator {} listening on {} database={} tls={} tokens={}", OODML_VERSION, address.text(),
               options.service.database.string(), !security.tls_cert.empty(), !security.tokens.empty());
  if (!address.is_loopback() && (security.tls_cert.empty() || security.tokens.empty())) {
    spdlog::warn("--insecure: other machines can reach {} without {}", address.text(),
                 security.tokens.empty() ? "a token" : "encryption");
  }
  return Status();
}

/// The web page, where one was asked for; else null. `scrape`: the text of /metrics, where it was asked for.
Result<std::unique_ptr<web::WebServer>> start_web(const Options& options, rpc::Server& server,
                                                  const web::HealthCheck& health,
                                                  const std::function<std::string()>& scrape, const Clock& clock) {
  if (!options.web) return std::unique_ptr<web::WebServer>();
  web::WebOptions wanted = *options.web;
  if (options.metrics) wanted.monitoring.metrics = scrape;
  if (!options.web_entry_token.empty()) {
    OODML_ASSIGN_OR_RETURN(wanted.entry_token, read_token_file(options.web_entry_token, "--web-entry-token"));
  }
  OODML_ASSIGN_OR_RETURN(std::unique_ptr<web::WebServer> page, web::WebServer::start(wanted, server, health, clock));
  if (!options.web_entry_file.empty()) {
    OODML_RETURN_IF_ERROR(write_private_file(options.web_entry_file, page->url() + page->entry_path() + "\n"));
  }
  if (!options.web_port_file.empty()) {
    OODML_RETURN_IF_ERROR(write_file_atomically(options.web_port_file, std::to_string(page->port()) + "\n"));
  }
  spdlog::info("web page at {}", page->url());
  return page;
}

bool has_files(const Options& options) {
  const rpc::Security& security = options.server.security;
  return !security.tokens.empty() || !security.tls_cert.empty() || !options.service.webhooks.empty();
}

void show_certificate_again(web::WebServer* page) {
  if (page == nullptr) return;
  if (const Status status = page->reload_certificate(); !status.ok()) {
    spdlog::error("the web page's old certificate stays: {}", status.text());
  }
}

void read_files_again(Service& service, rpc::Server& server, web::WebServer* page, const Options& options) {
  static_cast<void>(server.read_files_again());  // the log has it
  if (!options.server.security.tls_cert.empty()) show_certificate_again(page);
  if (options.service.webhooks.empty()) return;
  const Status status = service.reload();
  if (status.ok()) spdlog::info("webhooks read again");
  if (!status.ok()) spdlog::error("the old webhooks stay: {}", status.text());
}

/// Ticks until a signal says stop; SIGHUP reads tokens, certificate and webhooks again; where there is none it stops,
/// unless nohup had it ignored.
void serve(Service& service, rpc::Server& server, web::WebServer* page, const Options& options, const sigset_t& signals,
           daemon::ServiceManager& manager) {
  const SystemClock clock;
  const rpc::Security& security = options.server.security;
  std::optional<WatchedFiles> certificate;
  if (page != nullptr && !security.tls_cert.empty()) certificate.emplace({security.tls_cert, security.tls_key});
  for (;;) {
    const int number = sigtimedwait(&signals, nullptr, &kTick);
    if (number == SIGHUP && has_files(options)) {
      read_files_again(service, server, page, options);
    } else if (number == SIGHUP && hangup_is_ignored()) {
      spdlog::debug("the terminal is gone");
    } else if (number > 0) {
      spdlog::info("stopping on {}", ::strsignal(number));
      return;
    }
    server.look_at_files();
    if (certificate && certificate->look()) show_certificate_again(page);
    service.tick();
    manager.alive(clock.steady_now());
  }
}

/// From here on a Ctrl-C, or too long a stop, ends the process; the database survives that. Further SIGTERMs change
/// nothing: a parent that sends one and ends (--die-with-parent) sends two.
void limit_stop() {
  ::signal(SIGALRM, [](int) {
    constexpr char kText[] = "oodml-coordinator: did not stop in time; ended\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kText, sizeof(kText) - 1);
    ::_exit(kExitFailed);
  });
  ::alarm(kStopSeconds);
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
}

/// With who counts; null: nobody asked for metrics.
ServiceOptions told(ServiceOptions options, metrics::Counters* counters) {
  options.disk_failed = end_at_once;
  if (counters == nullptr) return options;
  options.committed = [counters](const store::Commit& commit) { counters->committed(commit); };
  options.listener = counters;
  return options;
}
rpc::ServerOptions told(rpc::ServerOptions options, metrics::Counters* counters) {
  if (counters == nullptr) return options;
  options.call_ended = [counters](std::string_view method, StatusCode code, auto took) {
    counters->call_ended(method, code, took);
  };
  return options;
}

Status run(const Options& options, const sigset_t& signals, daemon::ServiceManager& manager) {
  OODML_RETURN_IF_ERROR(rpc::check_exposure(options.server.listen, options.server.security));
  OODML_RETURN_IF_ERROR(prepare_files(options));
  allow_many_connections();
  SystemClock clock;
  metrics::Counters counters;
  OODML_ASSIGN_OR_RETURN(
      const std::unique_ptr<Service> service,
      open_service(told(options.service, options.metrics ? &counters : nullptr), clock, plan_sweep_text));
  OODML_ASSIGN_OR_RETURN(const std::unique_ptr<rpc::Server> server,
                         rpc::Server::start(told(options.server, options.metrics ? &counters : nullptr), *service));
  metrics::Exposition exposition(counters, [&service] { return service->census(); }, clock);
  web::HealthCheck health(*service, options.service.database, clock, web::HealthTerms(),
                          [&server](bool is_well) { server->set_serving(is_well); });
  OODML_ASSIGN_OR_RETURN(const std::unique_ptr<web::WebServer> page,
                         start_web(options, *server, health, [&exposition] { return exposition.text(); }, clock));
  OODML_RETURN_IF_ERROR(announce(options, *server, manager));
  serve(*service, *server, page.get(), options, signals, manager);
  manager.stopping();
  limit_stop();
  if (page != nullptr) page->begin_stop();
  health.stop();  // it tells the server
  server->stop(kGrace);
  if (page != nullptr) page->end_stop();
  std::error_code ignored;
  for (const auto& file : {options.port_file, options.web_port_file, options.web_entry_file}) {
    if (!file.empty()) std::filesystem::remove(file, ignored);
  }
  return Status();
}

int run_main(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options.has_value()) return options.error();
  if (const auto code = work_offline(*options)) return *code;
  if (options->parent != 0 && !end_with_parent(static_cast<pid_t>(options->parent), SIGTERM)) {
    std::fprintf(stderr, "%s: the process %lld, which this one was to end with, has ended\n", argv[0],
                 static_cast<long long>(options->parent));
    return kExitFailed;
  }
  const sigset_t signals = block_signals();
  daemon::set_up_logging("oodml-coordinator", options->log);
  rpc::log_grpc_at_debug_level();
  daemon::ServiceManager manager = daemon::ServiceManager::from_environment();
  if (const Status status = run(*options, signals, manager); !status.ok()) {
    daemon::tell_failure("oodml-coordinator", status.message());
    // Its database is nobody's input: a supervisor may try again what is damaged.
    return status.code() == StatusCode::kDataLoss ? kExitFailed : exit_code_here(status.code());
  }
  spdlog::info("stopped");
  return kExitDone;
}

}  // namespace
}  // namespace oodml::coordinator

int main(int argc, char** argv) {
  return oodml::run_program("oodml-coordinator", [&] { return oodml::coordinator::run_main(argc, argv); });
}
