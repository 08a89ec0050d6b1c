#include "coordinator/cli/commands/commands.h"

namespace oodml::cli {

CLI::App* CommandLine::add(const std::string& name, const std::string& summary, const std::string& group,
                           std::initializer_list<const char*> examples) {
  CLI::App* command = root_.add_subcommand(name, summary);
  command->group(group);
  std::string footer = examples.size() == 0 ? "" : "Examples:";
  for (const char* example : examples) footer += std::string("\n  ") + example;
  command->footer(footer + "\nOptions of every command (--coordinator, --token-file, --tls-ca, -o): oodml --help");
  return command;
}

void CommandLine::on(CLI::App* command, Command run, std::vector<Format> formats) {
  command->callback([this, run = std::move(run), formats = std::move(formats)] {
    chosen_ = run;
    formats_ = formats;
  });
}

void CommandLine::on_stored(CLI::App* command, Command run, std::vector<Format> formats) {
  const auto read_and_run = [state = add_state(command), run = std::move(run)](Session& session) -> Result<int> {
    OODML_RETURN_IF_ERROR(session.read_state(*state));
    return run(session);
  };
  on(command, read_and_run, std::move(formats));
}

CLI::Validator an_id() {
  const auto refuse = [](std::string& text) -> std::string {
    const bool digits =
        !text.empty() && text.size() < 19 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return digits && text.find_first_not_of('0') != std::string::npos
               ? ""
               : "'" + text + "' is no id; ids are whole numbers from 1";
  };
  return CLI::Validator(refuse, "");
}

void add_where(CLI::App* command, std::vector<std::string>& where) {
  command
      ->add_option(
          "--where", where,
          "Only trials with these labels, as criterion=margin,split=1..3: labels of one axis (1,3 or 1..3) are "
          "alternatives, axes narrow each other; may be repeated")
      ->type_name("AXIS=LABEL,...")
      ->allow_extra_args(false);
}

std::vector<std::string> split_commas(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const std::string& text : texts) {
    for (std::size_t start = 0; start <= text.size();) {
      const std::size_t end = std::min(text.find(',', start), text.size());
      if (end > start) words.push_back(text.substr(start, end - start));
      start = end + 1;
    }
  }
  return words;
}

std::shared_ptr<std::string> add_state(CLI::App* command) {
  auto folder = std::make_shared<std::string>();
  command
      ->add_option(
          "--state", *folder,
          "Read what oodml local left, or is doing, in its state folder (./oodml-state unless it was told another); "
          "no coordinator is asked")
      ->type_name("DIR");
  return folder;
}

void add_roots(CLI::App* command, RootOptions& options) {
  command
      ->add_option(
          "--benchmarks-root", options.benchmarks,
          "Folder with one subfolder a benchmark; OODML_BENCHMARKS or ~/.local/share/oodml/benchmarks unless said")
      ->type_name("DIR");
  command->add_option("--weights-root", options.weights, "Folder with initial weights; OODML_WEIGHTS_ROOT unless said")
      ->type_name("DIR");
}

void add_sweep_source(CLI::App* command, SweepSource& source) {
  command->add_option("file", source.file, "Sweep file in YAML; - reads standard input")->required()->type_name("FILE");
  command
      ->add_option("--set", source.settings,
                   "Overrides a key of `trial:`, as epochs=2 or criterion.beta=0.6; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option("--set-file", source.file_settings,
                   "The same with the value, in YAML, in a file of at most 60 000 bytes; may be repeated")
      ->type_name("KEY=FILE")
      ->allow_extra_args(false);
}

void add_scripts_on_workers(CLI::App* command, SweepSource& source) {
  command->add_flag("--scripts-on-workers", source.scripts_on_workers,
                    "Files of code that the sweep names (docs/pytorch.md) lie in the workers' --allow-scripts DIR, and "
                    "do not travel with it");
}

void add_sharing(CLI::App* command, SharingOptions& options) {
  CLI::Option* rerun = command->add_flag(
      "--rerun", options.rerun, "Run trials again that were run before; their old results stay in their history");
  command
      ->add_option("--filter", options.filters,
                   "With --rerun: only trials with this label, as axis=label; may be repeated")
      ->type_name("AXIS=LABEL")
      ->allow_extra_args(false)
      ->needs(rerun);
  command->add_flag(
      "--reuse", options.reuse,
      "Share earlier results although they were made of other data (splits, images, weights) than there is now");
}

Status apply(const SharingOptions& options, v1::SubmitRequest& request) {
  request.set_rerun(options.rerun);
  request.set_reuse(options.reuse);
  return add_filters(options.filters, *request.mutable_rerun_only());
}

Status add_filters(const std::vector<std::string>& filters, google::protobuf::RepeatedPtrField<v1::Label>& labels) {
  for (const std::string& filter : filters) {
    const auto equals = filter.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return invalid_argument("--filter " + filter + ": wanted axis=label, as in --filter split=3");
    }
    v1::Label& label = *labels.Add();
    label.set_axis(filter.substr(0, equals));
    label.set_label(filter.substr(equals + 1));
  }
  return {};
}

}  // namespace oodml::cli
