#include "coordinator/cli/output/latex_text.h"

#include <array>
#include <utility>

namespace oodml::cli {
namespace {

using Names = std::array<std::pair<std::string_view, std::string_view>, 11>;
constexpr Names kSigns = {{{"±", "\\pm "},
                           {"β", "\\beta "},
                           {"π", "\\pi "},
                           {"ρ", "\\rho "},
                           {"σ", "\\sigma "},
                           {"Δ", "\\Delta "},
                           {"≥", "\\geq "},
                           {"≤", "\\leq "},
                           {"×", "\\times "},
                           {"−", "-"},
                           {"→", "\\to "}}};

/// The sign at this place of the text, with its length in bytes; a length of 0: none.
std::pair<std::size_t, std::string_view> sign_at(std::string_view text, std::size_t place) {
  for (const auto& [sign, command] : kSigns) {
    if (text.substr(place).starts_with(sign)) return {sign.size(), command};
  }
  return {0, ""};
}

std::string latex_character(char c) {
  switch (c) {
    case '\\':
      return "\\textbackslash{}";
    case '~':
      return "\\textasciitilde{}";
    case '^':
      return "\\textasciicircum{}";
    case '&':
    case '%':
    case '$':
    case '#':
    case '_':
    case '{':
    case '}':
      return std::string("\\") + c;
    default:
      return static_cast<unsigned char>(c) < 0x20 ? " " : std::string(1, c);
  }
}

/// Digits, signs and spaces, with at least one digit.
bool is_number(std::string_view text) {
  bool has_digit = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto [length, command] = sign_at(text, i);
    has_digit = has_digit || (text[i] >= '0' && text[i] <= '9');
    if (length > 0) {
      if (text[i] != "±"[0] && command != "-") return false;
      i += length - 1;
    } else if (std::string_view("0123456789.,+- []()").find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return has_digit;
}

}  // namespace

std::string latex_escaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto [length, command] = sign_at(text, i);
    if (length == 0) {
      result += latex_character(text[i]);
      continue;
    }
    result.append("$").append(command.substr(0, command.find_last_not_of(' ') + 1)).append("$");
    i += length - 1;
  }
  return result;
}

std::string latex_cell(std::string_view text) {
  if (text == "-") return "--";
  if (!is_number(text)) return latex_escaped(text);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto [length, command] = sign_at(text, i);
    if (length == 0) {
      result += text[i];
      continue;
    }
    result += command;
    i += length - 1;
  }
  return "$" + result + "$";
}

}  // namespace oodml::cli
