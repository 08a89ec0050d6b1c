#include <algorithm>
#include <chrono>
#include <filesystem>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/curves/chart_reader.h"
#include "coordinator/cli/sweep_source.h"
#include "coordinator/cli/watch/screen.h"
#include "core/base/words.h"
#include "core/figures/draw.h"

namespace oodml::cli {
namespace {

constexpr std::chrono::milliseconds kRedrawInterval{1000};
constexpr std::size_t kRowsOfAPicture = 40;  ///< So many differ in colour or dash.

struct CurvesOptions {
  std::string what;
  std::int64_t trial = 0;
  std::vector<std::string> metrics, by, filters;
  std::string sort;
  bool follow = false, plain = false;
  std::filesystem::path svg;
};

Status check(const Session& session, const CurvesOptions& options) {
  const bool of_trial = options.what == "trial";
  if (of_trial && options.trial == 0) {
    return invalid_argument("curves trial wants the trial's id after it, as in: oodml curves trial 17");
  }
  if (!of_trial && options.trial != 0) {
    return invalid_argument("curves takes one sweep; for a trial write: oodml curves trial " +
                            std::to_string(options.trial));
  }
  if (of_trial && !(options.by.empty() && options.filters.empty() && options.sort.empty())) {
    return invalid_argument("--by, --filter and --sort choose rows of a sweep; a trial has one");
  }
  if (session.format != Format::kTable) {
    const std::string which = of_trial ? std::to_string(options.trial) : "--sweep " + options.what;
    return invalid_argument("curves draws; every number of it, for programs: oodml logs " + which +
                            session.state_flag() + " -o " + to_text(session.format));
  }
  if (!options.svg.empty() && options.svg.extension() != ".svg") {
    return invalid_argument("--svg " + options.svg.string() +
                            ": wanted a name that ends in .svg; PDF, CSV and the script of gnuplot go beside it");
  }
  return {};
}

Result<curves::Wanted> wanted_by(const CurvesOptions& options) {
  curves::Wanted wanted{.trial = options.trial,
                        .metrics = split_commas(options.metrics),
                        .by = split_commas(options.by),
                        .sort = options.sort};
  if (options.trial == 0) {
    OODML_ASSIGN_OR_RETURN(wanted.sweep, sweep_ref(options.what));
  }
  OODML_RETURN_IF_ERROR(add_filters(options.filters, wanted.filter));
  return wanted;
}

curves::Room room_of(const Session& session) {
  if (!session.around.out_is_terminal) return {};
  const TerminalSize size = session.around.terminal_size();
  return {.columns = std::max<std::size_t>(size.columns, 2) - 1, .rows = std::max<std::size_t>(size.rows, 3) - 1};
}

std::vector<std::string> drawn(const Session& session, const curves::Chart& chart, bool plain) {
  Style style = session.around.out_style;
  style.utf8 = style.utf8 && !plain;
  return curves::chart_lines(chart, room_of(session), curves::form_for(chart, style, plain), style);
}

std::string text_of(const std::vector<std::string>& lines) { return joined(lines, "\n") + "\n"; }

Status write_picture(Session& session, const curves::Chart& chart, const std::filesystem::path& file) {
  if (chart.panels.empty()) {
    session.note("There is nothing for " + file.string() + " yet.\n");
    return {};
  }
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  OODML_RETURN_IF_ERROR(figures::draw({curves::picture_of(chart, file.stem().string())}, folder));
  session.note("Wrote " + file.string() +
               ", and beside it .pdf, .csv (the numbers) and .gp (the script, to restyle).\n");
  return {};
}

/// What is left to say and to write when the last chart has been drawn.
Result<int> finish_following(Session& session, const CurvesOptions& options, const curves::Reading& last,
                             bool interrupted) {
  if (!options.svg.empty()) OODML_RETURN_IF_ERROR(write_picture(session, last.chart, options.svg));
  if (interrupted) {
    session.note("Stopped watching; it goes on. Come back with: oodml curves " + last.again + " -f" +
                 session.state_flag() + "\n");
    return kExitInterrupted;
  }
  if (!last.has_ended) session.note("There is nothing to wait for; the command of the run goes on with it.\n");
  return kExitDone;
}

Result<curves::Reading> read_anew(Session& session, const curves::Wanted& wanted, curves::FigureReader& reader) {
  OODML_RETURN_IF_ERROR(session.look_at_state_again());
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  return curves::read_chart(*client, reader, wanted, session.now_millis());
}

/// Redraws in place until nothing more will come or the person interrupts; without a terminal it waits, and draws the
/// end.
Result<int> follow_curves(Session& session, const CurvesOptions& options, const curves::Wanted& wanted,
                          curves::FigureReader& reader) {
  const int interrupts_before = session.around.interrupts();
  const bool redraws = session.around.out_is_terminal;
  Screen screen;
  while (true) {
    const auto begin = std::chrono::steady_clock::now();
    const Result<curves::Reading> reading = read_anew(session, wanted, reader);
    const bool over = !reading || reading->has_ended || !session.idle_folder().empty();
    if (reading && (redraws || over)) {
      const std::vector<std::string> lines = drawn(session, reading->chart, options.plain);
      session.print(redraws ? screen.frame(lines, session.around.terminal_size().columns) : text_of(lines));
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    // A sweep that takes long to read is read less often.
    const bool left = !over && session.interrupted_within(std::max(kRedrawInterval, 4 * took), interrupts_before);
    if (!over && !left) continue;
    session.print(screen.finish());
    if (!reading) return failure(reading.error());
    return finish_following(session, options, *reading, left);
  }
}

Result<int> show_curves(Session& session, const CurvesOptions& options) {
  OODML_RETURN_IF_ERROR(check(session, options));
  OODML_ASSIGN_OR_RETURN(curves::Wanted wanted, wanted_by(options));
  if (!options.svg.empty()) wanted.most_rows = kRowsOfAPicture;
  curves::FigureReader reader;
  if (options.follow && session.idle_folder().empty()) return follow_curves(session, options, wanted, reader);
  OODML_ASSIGN_OR_RETURN(const curves::Reading reading, read_anew(session, wanted, reader));
  session.print(text_of(drawn(session, reading.chart, options.plain)));
  if (!options.svg.empty()) OODML_RETURN_IF_ERROR(write_picture(session, reading.chart, options.svg));
  return kExitDone;
}

void add_choices(CLI::App* command, CurvesOptions& options) {
  command
      ->add_option(
          "--metric", options.metrics,
          "A metric of the test set, or SET:METRIC as train:loss; commas or repeated; the training loss and all "
          "metrics of the other sets unless said")
      ->type_name("METRIC")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--by", options.by,
          "Of a sweep: axes of the rows, a curve each; commas or repeated; every axis but the seed unless said")
      ->type_name("AXIS")
      ->allow_extra_args(false);
  command
      ->add_option("--filter", options.filters,
                   "Of a sweep: only trials with this label, as axis=label; may be repeated")
      ->type_name("AXIS=LABEL")
      ->allow_extra_args(false);
  command
      ->add_option("--sort", options.sort,
                   "Of a sweep: the rows in this order, as in results: -e_recall@1 begins with the best")
      ->type_name("KEY");
}

}  // namespace

void add_curves(CommandLine& line) {
  CLI::App* command = line.add(
      "curves", "Draw loss and metrics over the epochs in the terminal, and as SVG and PDF", "Sweeps",
      {"oodml curves trial 17            training loss, test and validation metrics of a trial",
       "oodml curves smoke -f            of a sweep, a curve a row, means over seeds; goes on until the sweep has ended",
       "oodml curves smoke --by criterion --filter split=3 --metric train:loss,e_recall@1",
       "oodml curves study --sort -e_recall@1 --metric e_recall@1",
       "oodml curves smoke --svg figures/smoke.svg     also as a picture, with PDF, CSV and gnuplot's script beside it",
       "oodml curves 1 --state oodml-state             of oodml local",
       "oodml logs --sweep smoke -o csv                every number of it, for programs"});
  auto options = std::make_shared<CurvesOptions>();
  command->add_option("sweep", options->what, "Id or name of a sweep (its newest), or the word trial")
      ->required()
      ->type_name("SWEEP");
  command->add_option("id", options->trial, "After the word trial: the trial's id")->type_name("ID")->check(an_id());
  add_choices(command, *options);
  command->add_flag("-f,--follow", options->follow,
                    "Redraw until the sweep or trial has ended; Ctrl-C leaves it running");
  command->add_flag("--plain", options->plain, "Draw with ASCII characters, a mark of its own for each curve");
  command->add_option("--svg", options->svg, "Also write this picture; PDF, CSV and script of the same name beside it")
      ->type_name("FILE.svg");
  line.on_stored(command, [options](Session& session) { return show_curves(session, *options); },
                 {Format::kJson, Format::kCsv});
}

}  // namespace oodml::cli
