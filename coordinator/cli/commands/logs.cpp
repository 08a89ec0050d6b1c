#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/files/program_output.h"
#include "coordinator/cli/output/metric_rows.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/output/trial_text.h"
#include "coordinator/cli/sweep_source.h"
#include "core/job/limits.h"
#include "core/job/trial_state.h"

namespace oodml::cli {
namespace {

constexpr std::chrono::milliseconds kPollInterval{1000};

struct LogsOptions {
  std::int64_t trial = 0;
  std::string sweep;
  std::vector<std::string> where;  ///< Which trials of it.
  bool follow = false;
  bool output = false;       ///< What the program printed, in place of events.
  std::int64_t attempt = 0;  ///< With output; 0: the newest.
};

bool over(const v1::TrialSummary& trial) {
  const auto state = job::parse_trial_state(trial.state());
  return state && job::is_final(*state);
}

void print_event(Session& session, const v1::Event& event) {
  session.print(session.json() ? json_line(json_of(event)) : event_line(event, session.around.out_style));
}

void print_end(Session& session, const v1::TrialSummary& trial) {
  const std::string note = trial_note(trial, session.now_millis());
  session.note("Trial " + std::to_string(trial.trial_id()) + " " + trial.state() + (note.empty() ? "" : ", " + note) +
               "\n");
}

/// The figures of every epoch, page by page: of one trial at a time in memory.
Result<int> figures(Session& session, const LogsOptions& options) {
  v1::ReadMetricsRequest request;
  request.set_trial_id(options.trial);
  if (!options.sweep.empty()) {
    OODML_ASSIGN_OR_RETURN(*request.mutable_sweep(), sweep_ref(options.sweep));
  }
  for (const std::string& terms : options.where) request.add_where(terms);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  MetricRows rows(session.json() ? MetricRows::Form::kJsonLines : MetricRows::Form::kCsv);
  bool more = true;
  while (more) {
    OODML_ASSIGN_OR_RETURN(const v1::ReadMetricsReply page, client->metrics(request));
    session.print(rows.take(page));
    more = page.has_next();
    *request.mutable_after() = page.next();
  }
  session.print(rows.finish());
  return kExitDone;
}

Result<int> logs(Session& session, const LogsOptions& options) {
  if (options.trial == 0 && options.sweep.empty()) {
    return invalid_argument(
        "logs wants the id of a trial, or --sweep SWEEP with -o csv or -o json; see oodml logs --help");
  }
  if (options.trial != 0 && !options.sweep.empty()) {
    return invalid_argument("logs takes a trial's id or --sweep, not both");
  }
  if (!options.sweep.empty() && session.format == Format::kTable) {
    return invalid_argument("the figures of a whole sweep are for programs: add -o csv or -o json");
  }
  if (!options.where.empty() && options.sweep.empty()) {
    return invalid_argument("--where chooses among the trials of --sweep SWEEP; this is one trial");
  }
  if (options.output && (session.format != Format::kTable || options.trial == 0)) {
    return invalid_argument("--output prints what a trial's program printed, as it is: oodml logs ID --output");
  }
  if (options.attempt != 0 && !options.output) return invalid_argument("--attempt N goes with --output");
  if (options.output) {
    return print_program_output(session,
                                {.trial = options.trial, .attempt = options.attempt, .follow = options.follow});
  }
  if (session.format == Format::kCsv || !options.sweep.empty()) return figures(session, options);
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  const bool follows = options.follow && session.idle_folder().empty();
  const int interrupts_before = follows ? session.around.interrupts() : 0;
  v1::GetTrialRequest request;
  request.set_trial_id(options.trial);
  request.set_max_events(job::kUsualEvents);
  while (true) {
    OODML_ASSIGN_OR_RETURN(const v1::GetTrialReply reply, client->get_trial(request));
    for (const auto& event : reply.events()) print_event(session, event);
    request.set_events_after(request.events_after() + reply.events_size());
    if (reply.events_size() == job::kUsualEvents) continue;
    if (follows && !over(reply.trial())) {
      if (session.interrupted_within(kPollInterval, interrupts_before)) return kExitInterrupted;
      continue;
    }
    if (!session.json()) print_end(session, reply.trial());
    return kExitDone;
  }
}

}  // namespace

void add_logs(CommandLine& line) {
  CLI::App* command = line.add(
      "logs", "Print a trial's events (progress, metrics, warnings, how it ended), or every epoch's figures of a sweep",
      "Sweeps",
      {"oodml logs 17", "oodml logs 17 --follow",
       "oodml logs 17 --output -f     what its program prints, live; of all attempts from here on",
       "oodml logs 17 -o json     one event a line", "oodml logs 17 -o csv      its figures, one a line",
       "oodml logs --sweep smoke -o csv > epochs.csv     of all its trials: trial, a column an axis, attempt, epoch, set,",
       "                                                 metric, value in [0, 1], time in UTC",
       "oodml logs --sweep smoke --where criterion=margin,split=1..3 -o csv",
       "oodml logs --sweep 1 --state oodml-state -o json     the same, of oodml local, one document a line"});
  auto options = std::make_shared<LogsOptions>();
  command->add_option("trial", options->trial, "Id of the trial, as oodml show lists them")
      ->type_name("ID")
      ->check([](std::string word) {
        const std::string refusal = an_id()(word);
        return refusal.empty()
                   ? refusal
                   : refusal + "; the figures of a whole sweep: oodml logs --sweep " + one_line(word) + " -o csv";
      });
  command
      ->add_option("--sweep", options->sweep,
                   "With -o csv or -o json: the figures of every epoch of all trials of this sweep, by id or name")
      ->type_name("SWEEP");
  add_where(command, options->where);
  command->add_flag("-f,--follow", options->follow, "Go on until the trial has ended");
  command->add_flag("--output", options->output,
                    "Print what its program printed: the first 8 MiB and the newest 7 (formats are -o's alone here)");
  command->add_option("--attempt", options->attempt, "With --output: of this attempt; the newest unless said")
      ->type_name("N")
      ->check(an_id());
  line.on_stored(command, [options](Session& session) { return logs(session, *options); },
                 {Format::kJson, Format::kCsv});
}

}  // namespace oodml::cli
