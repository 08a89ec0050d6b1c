#include "core/figures/script_text.h"

#include <fmt/format.h>

#include "core/base/words.h"

namespace oodml::figures {

std::string quoted(const std::string& text) {
  std::string inside;
  for (const char c : text) {
    if (c == '\'')
      inside += "''";
    else if (static_cast<unsigned char>(c) < 0x20)
      inside += ' ';
    else
      inside += c;
  }
  return "'" + inside + "'";
}

std::string column_of(const std::string& key, int column) {
  return fmt::format("(strcol(1) eq '{0}' ? ${1} : NaN)", key, column);
}

std::string title_of(const std::string& name) { return name.empty() ? "notitle" : "title " + quoted(name); }

std::string plot_command(const std::vector<std::string>& plots) {
  if (plots.empty()) return "set label 'nothing to draw' at graph 0.5, 0.5 center\nplot [0:1] [0:1] 1/0 notitle\n";
  return "plot " + joined(plots, ", \\\n     ") + "\n";
}

}  // namespace oodml::figures
