#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace oodml::command_line {

/// What is wrong with the words that `app` has just refused, in one line for a person, without the program's name:
/// "unknown option '--metrics'; did you mean '--metric'? See oodml results --help". A word that nothing knows is told
/// before what is missing because of it.
std::string problem(const CLI::App& app, const CLI::ParseError& error);

/// Of the commands directly below it.
std::vector<std::string> command_names(const CLI::App& app);

/// "unknown command 'sumbit'; did you mean 'submit'? See oodml --help".
std::string unknown_command(const CLI::App& app, const std::string& word);

/// Of a program that does not start: prints help or version, which were asked for, or the problem. Its exit code.
int say(const CLI::App& app, const CLI::ParseError& error);

}  // namespace oodml::command_line
