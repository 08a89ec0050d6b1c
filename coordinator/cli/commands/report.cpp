#include <algorithm>
#include <set>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/output/text.h"
#include "coordinator/cli/report/choices_text.h"
#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/kind.h"
#include "coordinator/cli/report/method_names.h"
#include "coordinator/cli/report/read_runs.h"
#include "coordinator/cli/report/run_values.h"
#include "coordinator/cli/report/shift/maps_section.h"
#include "coordinator/cli/report/shift/split_points.h"
#include "coordinator/cli/report/write_report.h"
#include "coordinator/cli/sweep_source.h"
#include "core/base/words.h"

namespace oodml::cli {
namespace {

/// What people type.
struct ReportWish {
  std::vector<std::string> sweeps;
  std::string kind, choose, interval = "student", baseline;
  std::filesystem::path folder, maps;
  std::vector<std::string> metrics, splits, default_splits;
  std::int64_t min_epochs = -1;  ///< Negative: not said.
  bool sample_std = false, strict = false;
};

const std::map<std::string, report::Choice>& choices() {
  static const std::map<std::string, report::Choice> map = {{"own-best", report::Choice::kOwnBest},
                                                            {"at-best-recall", report::Choice::kAtBestRecall},
                                                            {"last", report::Choice::kLast},
                                                            {"selected", report::Choice::kSelected}};
  return map;
}

Result<report::ReportOptions> options_of(const ReportWish& wish) {
  report::ReportOptions options{
      .spread = wish.sample_std ? report::Spread::kSample : report::Spread::kPopulation,
      .interval = wish.interval == "student" ? report::Interval::kStudent : report::Interval::kBootstrap,
      .baseline = wish.baseline,
      .min_epochs = wish.min_epochs < 0 ? std::nullopt : std::optional(wish.min_epochs)};
  for (const std::string& metric : split_commas(wish.metrics))
    options.metrics.push_back(metric.find(':') == std::string::npos ? "test:" + metric : metric);
  for (const std::string& file : wish.splits) {
    OODML_ASSIGN_OR_RETURN(std::vector<report::SplitPoint> points, report::read_split_points(file));
    std::ranges::move(points, std::back_inserter(options.splits));
  }
  for (const std::string& text : wish.default_splits) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return invalid_argument("--default-split " + one_line(text) + ": wanted is BENCHMARK=ID, as cub200=3");
    options.default_splits[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return options;
}

/// The kind that was said, else what the first sweep looks like.
Result<const report::Kind*> kind_of(const ReportWish& wish, Client& client) {
  if (!wish.kind.empty()) return report::find_kind(wish.kind);
  OODML_ASSIGN_OR_RETURN(const v1::SweepRef sweep, sweep_ref(wish.sweeps.front()));
  const std::vector<std::string> none = {":"};  // no figure is called so
  OODML_ASSIGN_OR_RETURN(const report::SweepRuns keys, report::read_runs(client, sweep, none));
  return report::guess_kind(keys.recipes, keys.axes);
}

std::string sweep_line(const v1::SweepSummary& sweep) {
  return sweep.name() + " (sweep " + std::to_string(sweep.sweep_id()) + "): " + sweep.state() + ", " +
         of_total(sweep.counts().succeeded(), sweep.trials()) + " trials succeeded";
}

Result<std::vector<report::Run>> read_all(const ReportWish& wish, const report::Kind& kind,
                                          const report::ReportOptions& options, Client& client,
                                          report::Heading& heading) {
  std::vector<std::string> figures = kind.figures;
  figures.insert(figures.end(), options.metrics.begin(), options.metrics.end());
  std::vector<report::SweepRuns> sweeps;
  for (const std::string& text : wish.sweeps) {
    OODML_ASSIGN_OR_RETURN(const v1::SweepRef sweep, sweep_ref(text));
    OODML_ASSIGN_OR_RETURN(report::SweepRuns runs, report::read_runs(client, sweep, figures));
    heading.sweeps.push_back(sweep_line(runs.sweep));
    sweeps.push_back(std::move(runs));
  }
  return report::joined_runs(std::move(sweeps));
}

Status check_baseline(const std::vector<report::Run>& runs, const std::string& baseline) {
  if (baseline.empty()) return {};
  std::set<std::string> methods;
  for (const report::Run& run : runs) {
    if (report::is_called(run, report::method_name(run).title, baseline)) return {};
    methods.insert(run.method);
  }
  return invalid_argument("--baseline: no run has the method '" + one_line(baseline) + "'; there are " +
                          joined(methods));
}

/// Of all sections, each line once.
std::vector<std::string> missing_lines(const report::Document& document) {
  std::vector<std::string> lines;
  for (const report::Section& section : document.sections) {
    for (const std::string& line : section.missing) {
      if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
    }
  }
  return lines;
}

std::string command_line(const ReportWish& wish, const std::string& kind) {
  std::string text = "oodml report " + joined(wish.sweeps, " ") + " --kind " + kind + " -o " + wish.folder.string();
  if (!wish.choose.empty()) text += " --choose " + wish.choose;
  if (wish.min_epochs >= 0) text += " --min-epochs " + std::to_string(wish.min_epochs);
  if (wish.sample_std) text += " --sample-std";
  if (wish.interval != "student") text += " --interval " + wish.interval;
  if (!wish.baseline.empty()) text += " --baseline " + wish.baseline;
  for (const std::string& metric : wish.metrics) text += " --metric " + metric;
  for (const std::string& file : wish.splits) text += " --splits " + file;
  for (const std::string& split : wish.default_splits) text += " --default-split " + split;
  if (!wish.maps.empty()) text += " --maps " + wish.maps.string();
  return text;
}

Json json_of_report(const report::Document& document, const report::Heading& heading,
                    const std::filesystem::path& folder, const Status& drawn) {
  Json figures = Json::array(), tables = Json::array();
  for (const report::Section& section : document.sections) {
    for (const auto& figure : section.figures) figures.push_back(figure.name);
    for (const auto& table : section.tables) tables.push_back(table.name);
  }
  return {{"version", 1},
          {"kind", heading.kind},
          {"page", (folder / "index.html").string()},
          {"drawn", drawn.ok()},
          {"figures", figures},
          {"tables", tables},
          {"missing", heading.missing}};
}

std::string text_of_report(const report::Document& document, const std::filesystem::path& folder) {
  std::int64_t figures = 0, tables = 0;
  for (const report::Section& section : document.sections) {
    figures += std::ssize(section.figures) + std::ssize(section.pictures);
    tables += std::ssize(section.tables);
  }
  return counted(figures, "figure") + " and " + counted(tables, "table") + ": " + (folder / "index.html").string() +
         "\n";
}

Result<int> write_report_of(Session& session, const ReportWish& wish) {
  OODML_ASSIGN_OR_RETURN(report::ReportOptions options, options_of(wish));
  OODML_RETURN_IF_ERROR(report::check_target(wish.folder));
  OODML_ASSIGN_OR_RETURN(Client * client, session.client());
  OODML_ASSIGN_OR_RETURN(const report::Kind* kind, kind_of(wish, *client));
  options.choice = wish.choose.empty() ? kind->choice : choices().at(wish.choose);
  report::Heading heading{.kind = kind->name,
                          .made = to_iso8601(session.around.clock.now()),
                          .sweeps = {},
                          .choices = report::choices_text(options),
                          .missing = {},
                          .command = command_line(wish, kind->name) + session.state_flag()};
  OODML_ASSIGN_OR_RETURN(const std::vector<report::Run> runs, read_all(wish, *kind, options, *client, heading));
  OODML_RETURN_IF_ERROR(check_baseline(runs, wish.baseline));
  report::Document document = kind->make(runs, options);
  if (!wish.maps.empty()) {
    OODML_ASSIGN_OR_RETURN(report::Section maps, report::maps_section(wish.maps));
    document.sections.push_back(std::move(maps));
  }
  document.sections.push_back({.title = "Values of the runs", .data = {report::run_values(runs, options)}});
  heading.missing = missing_lines(document);
  OODML_ASSIGN_OR_RETURN(const report::Written written, report::write_report(document, heading, wish.folder));
  for (const std::string& line : heading.missing) session.note("Missing: " + one_line(line) + "\n");
  session.print([&] { return json_of_report(document, heading, wish.folder, written.drawn); },
                [&] { return text_of_report(document, wish.folder); });
  OODML_RETURN_IF_ERROR(written.drawn);
  return wish.strict && !heading.missing.empty() ? kExitIncomplete : kExitDone;
}

void add_values(CLI::App* command, ReportWish& wish) {
  std::vector<std::string> names;
  for (const auto& [name, choice] : choices()) names.push_back(name);
  command
      ->add_option(
          "--choose", wish.choose,
          "Which value of a run counts: own-best (each metric at its own best epoch; the studies' rule but for pads), "
          "at-best-recall (that of pads), last, selected (by validation)")
      ->type_name("RULE")
      ->check(CLI::IsMember(names).description(""));
  command
      ->add_option("--min-epochs", wish.min_epochs,
                   "Leave out runs with fewer measured epochs; revisiting: 41 unless said, as its study")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber.description(""));
  command->add_flag(
      "--sample-std", wish.sample_std,
      "Standard deviations of a sample (n - 1) instead of the population of runs, as the studies have it");
  command->add_option("--interval", wish.interval, "95 % intervals of means: student (unless said) or bootstrap")
      ->type_name("KIND")
      ->check(CLI::IsMember({"student", "bootstrap"}).description(""));
  command
      ->add_option(
          "--baseline", wish.baseline,
          "Compare all methods with this one, seed by seed, with p values; by label, group or name in the report")
      ->type_name("METHOD");
  command
      ->add_option("--metric", wish.metrics,
                   "Metrics of the tables, as e_recall@1 or train:dists@intra, in place of the kind's own; commas or "
                   "repeated")
      ->type_name("METRIC")
      ->allow_extra_args(false);
}

void add_of_shifts(CLI::App* command, ReportWish& wish) {
  command
      ->add_option("--splits", wish.splits,
                   "oodml: draw the shifts of this split file, or of the progression of oodml splits create (CSV); "
                   "repeated for several benchmarks")
      ->type_name("[BENCHMARK=]FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--default-split", wish.default_splits,
                   "oodml: the split to mark, where it is neither 'default' nor a published one")
      ->type_name("BENCHMARK=ID")
      ->allow_extra_args(false);
  command->add_option("--maps", wish.maps, "Add the pictures that oodml splits map wrote into this folder")
      ->type_name("DIR");
}

}  // namespace

void add_report(CommandLine& line) {
  CLI::App* command = line.add(
      "report", "Figures, tables and one HTML page of sweeps, finished or running, as the studies have them", "Sweeps",
      {"oodml report zero-shot --kind oodml -o report", "oodml report 3 4 --kind revisiting -o report",
       "oodml report zero-shot -o report --baseline Margin_b12_Distance",
       "oodml report zero-shot -o report --splits cub200=progression.csv --maps maps",
       "oodml report 1 --state oodml-state --kind few-shot -o report     of oodml local"});
  auto wish = std::make_shared<ReportWish>();
  command->add_option("sweep", wish->sweeps, "Ids or names of the sweeps (the newest of a name)")
      ->required()
      ->type_name("SWEEP");
  command
      ->add_option("--kind", wish->kind,
                   joined(report::kind_names(), ", ") + "; by the trials' recipe unless said (docs/reports.md)")
      ->type_name("KIND");
  command
      ->add_option("-o,--out", wish->folder,
                   "Folder to write; an earlier report there is replaced, files of others are not")
      ->required()
      ->type_name("DIR");
  add_values(command, *wish);
  add_of_shifts(command, *wish);
  command->add_flag("--strict", wish->strict, "Exit with 3 when something is missing");
  line.on_stored(command, [wish](Session& session) { return write_report_of(session, *wish); });
}

}  // namespace oodml::cli
