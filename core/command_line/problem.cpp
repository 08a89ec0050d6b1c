#include "core/command_line/problem.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <string_view>

#include "core/base/exit_code.h"
#include "core/base/printable.h"
#include "core/catalogue/catalogue.h"

namespace oodml::command_line {
namespace {

const CLI::App* chosen_below(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? nullptr : chosen.front();
}

void add_options(const CLI::App& app, std::vector<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
}

/// The command that was chosen, and those above it.
struct Path {
  std::string words;                 ///< "oodml db backup".
  std::vector<std::string> options;  ///< Known on the way.
  const CLI::App* last = nullptr;
};

Path path_of(const CLI::App& app) {
  Path path;
  for (const CLI::App* at = &app; at != nullptr; at = chosen_below(*at)) {
    path.words += (path.words.empty() ? "" : " ") + at->get_name();
    add_options(*at, path.options);
    path.last = at;
  }
  return path;
}

/// "see ... --help", after what is near where something is.
std::string hint(const std::string& close, const std::string& words) {
  return (close.empty() ? "see " : "did you mean '" + close + "'? See ") + words + " --help";
}

std::string in_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return printable(text);
}

bool is_option(const std::string& word) { return word.size() > 1 && word.starts_with('-'); }

std::string unknown_option(const Path& path, const std::string& word) {
  const std::string close = catalogue::nearest(word.substr(0, word.find('=')), path.options);
  return "unknown option '" + printable(word) + "'; " + hint(close, path.words);
}

/// Bounds without the zeros that the library writes: 0.000000 to 1000000000.000000.
std::string without_zeros(std::string text) {
  constexpr std::string_view kZeros = ".000000";
  for (auto at = text.find(kZeros); at != std::string::npos; at = text.find(kZeros)) text.erase(at, kZeros.size());
  return text;
}

/// "priority: 'abc' is no number that it takes" for the library's "Could not convert: priority = abc".
std::string said(const CLI::App& app, const CLI::ParseError& error) {
  constexpr std::string_view kBeginning = "Could not convert: ", kEquals = " = ";
  const std::string text = error.what();
  if (text.find(" not in range ") != std::string::npos) return in_one_line(without_zeros(text));
  const std::size_t equals = text.find(kEquals);
  if (!text.starts_with(kBeginning) || equals == std::string::npos) return in_one_line(text);
  const std::string name = text.substr(kBeginning.size(), equals - kBeginning.size());
  const CLI::Option* option = app.get_option_no_throw(name);
  const bool is_flag = option != nullptr && option->get_expected_max() == 0;
  return in_one_line(name + ": '" + text.substr(equals + kEquals.size()) +
                     (is_flag ? "' is neither true nor false" : "' is no number that it takes"));
}

/// What is wrong with the file of --config, where that is it: the library names a setting that nobody has, `a.++` where
/// a section [a] begins, and nothing for a line that is none.
std::string in_config(const Path& path, const std::string& text) {
  constexpr std::string_view kUnknown = "INI was not able to parse ", kUnreadable = " was not readable (missing?)";
  if (text.ends_with(kUnreadable)) {
    return "--config " + printable(text.substr(0, text.size() - kUnreadable.size())) +
           " cannot be read; wanted is a file; " + hint("", path.words);
  }
  if (!text.starts_with(kUnknown)) return "";
  const std::string word = printable(text.substr(kUnknown.size()));
  const auto dot = word.find('.');
  if (word.empty() || dot != std::string::npos) {
    const bool is_section = word.ends_with(".++");
    const std::string what = word.empty()
                                 ? "a line that is something else"
                                 : (is_section ? "the section [" + word.substr(0, dot) + "]" : "'" + word + "'");
    return "the file of --config has " + what + "; wanted are lines `name = value` alone; " + hint("", path.words);
  }
  const std::string close = catalogue::nearest("--" + word, path.options);
  return "unknown setting '" + word + "' in the file of --config; " +
         hint(close.empty() ? "" : close.substr(2), path.words);
}

}  // namespace

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::string unknown_command(const CLI::App& app, const std::string& word) {
  const Path path = path_of(app);
  return "unknown command '" + printable(word) + "'; " +
         hint(catalogue::nearest(word, command_names(*path.last)), path.words);
}

std::string problem(const CLI::App& app, const CLI::ParseError& error) {
  const Path path = path_of(app);
  const std::vector<std::string> rest = app.remaining(true);
  const auto option = std::ranges::find_if(rest, is_option);
  if (option != rest.end()) return unknown_option(path, *option);
  if (std::string config = in_config(path, error.what()); !config.empty()) return config;
  if (rest.empty()) return said(*path.last, error) + "; see " + path.words + " --help";
  if (!command_names(*path.last).empty()) return unknown_command(app, rest.front());
  return "'" + printable(rest.front()) + "' is one argument too many; see " + path.words + " --help";
}

int say(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error), kExitDone;
  std::cerr << app.get_name() << ": " << problem(app, error) << "\n";
  return kExitUsage;
}

}  // namespace oodml::command_line
