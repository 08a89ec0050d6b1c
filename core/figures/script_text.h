#pragma once

#include <string>
#include <vector>

namespace oodml::figures {

// Words of gnuplot that all kinds of panels have in common.

/// A text in gnuplot's single quotes: nothing in it is a command or an escape.
std::string quoted(const std::string& text);

/// The number in a column of the lines of this key (figure_csv.h); undefined in other lines, and where it is missing.
std::string column_of(const std::string& key, int column);

/// "title 'Margin'", or that there is none.
std::string title_of(const std::string& name);

/// One command of all plots; a line that says so where there are none.
std::string plot_command(const std::vector<std::string>& plots);

}  // namespace oodml::figures
