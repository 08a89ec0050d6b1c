#include "coordinator/cli/scale/batch_script.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/base/words.h"

namespace oodml::cli::scale {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::string seconds_text(Duration duration) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

/// What the profile says to the worker, where worker_args do not say it.
std::vector<std::string> worker_words(const ScaleConfig& config, const Profile& profile) {
  std::vector<std::string> words = {config.worker};
  words.insert(words.end(), config.worker_arguments.begin(), config.worker_arguments.end());
  const auto add = [&](const std::string& option, const std::string& value) {
    const auto says = [&](const std::string& word) { return word == option || word.starts_with(option + "="); };
    if (std::ranges::any_of(config.worker_arguments, says)) return;
    words.push_back(option);
    if (!value.empty()) words.push_back(value);
  };
  add("--exit-when-idle", seconds_text(config.idle));
  if (profile.gpus == 0) add("--cpu-slots", std::to_string(profile.slots));
  if (profile.gpus > 1) add("--gpus-per-slot", std::to_string(profile.gpus));
  if (profile.time > Duration(0)) add("--time-limit", seconds_text(profile.time));
  if (profile.preemptible) add("--resume-at-once", "");
  return words;
}

Values values_of(const ScaleConfig& config, const Profile& profile) {
  std::vector<std::string> quoted;
  for (const std::string& word : worker_words(config, profile)) quoted.push_back(shell_quoted(word));
  return {{"worker", joined(quoted, " ")},
          {"folder", shell_quoted(config.folder.string())},
          {"name", shell_quoted(job_name(config, profile))},
          {"profile", shell_quoted(profile.name)}};
}

/// The text with each {{NAME}} replaced; the first that is not known goes to `unknown`.
std::string filled(std::string_view script, const Values& values, std::string& unknown) {
  std::string text;
  while (true) {
    const std::size_t begin = script.find("{{"), end = script.find("}}", begin);
    text += script.substr(0, begin);
    if (begin == std::string_view::npos) return text;
    const bool closed = end != std::string_view::npos;
    const std::string name(script.substr(begin + 2, closed ? end - begin - 2 : 40));
    const auto value = values.find(name);
    if (!closed || value == values.end()) {
      unknown = name;
      return text;
    }
    text += value->second;
    script.remove_prefix(end + 2);
  }
}

}  // namespace

const char* const kDefaultScript = R"(#!/bin/bash
# One worker of oodml. What stands in double braces is filled in, quoted for the shell: folder, name (of the job),
# profile, and worker, its whole command line. It takes the script's place, so that it hears of a preemption itself.
set -eu
state={{folder}}/jobs/$SLURM_JOB_ID
mkdir -p "$state"
exec {{worker}} --name {{name}}-$SLURM_JOB_ID --state-dir "$state"
)";

Status check_template(std::string_view script) {
  if (!script.starts_with("#!")) return invalid_argument("a script that starts with #! wanted");
  if (script.find("{{worker}}") == std::string_view::npos) return invalid_argument("no {{worker}} in it");
  std::string unknown;
  const Values names = values_of(ScaleConfig(), Profile());
  filled(script, names, unknown);
  if (unknown.empty()) return {};
  std::vector<std::string> known;
  for (const auto& [name, value] : names) known.push_back("{{" + name + "}}");
  return invalid_argument("{{" + unknown + " is not known; known are " + joined(known));
}

std::string batch_script(const ScaleConfig& config, const Profile& profile) {
  std::string unknown;
  return filled(config.script_template, values_of(config, profile), unknown);
}

std::string shell_quoted(std::string_view text) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-_./=:,+@%").contains(c);
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace oodml::cli::scale
