#include "coordinator/cli/output/completion.h"

#include "coordinator/cli/output/text.h"
#include "core/base/words.h"

namespace oodml::cli {
namespace {

constexpr const char* kFormats = "table json csv latex markdown";

/// Inside '...' of any of the three shells; our own texts only, but they may hold an apostrophe.
std::string quoted(const std::string& text, bool fish) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += fish ? "\\'" : "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string names(const std::vector<CompletionCommand>& commands) {
  std::vector<std::string> words;
  for (const auto& command : commands) words.push_back(command.name);
  return joined(words, " ");
}

std::string bash(const std::vector<CompletionCommand>& commands) {
  std::string text =
      "# oodml completion for bash: source <(oodml completion bash)\n_oodml() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word flags= words= file= ids= i\n"
      "  local -a around=()\n"
      "  case $prev in\n"
      "    -o|--out|--maps) [[ ${COMP_WORDS[1]} == report ]] && { COMPREPLY=($(compgen -d -- \"$cur\")); return; };;\n"
      "  esac\n  case $prev in\n"
      "    -o|--output) COMPREPLY=($(compgen -W '" +
      std::string(kFormats) +
      "' -- \"$cur\")); return;;\n"
      "    --token-file|--tls-ca|--splits) COMPREPLY=($(compgen -f -- \"$cur\")); return;;\n"
      "    --state|--benchmarks-root|--weights-root) [[ ${COMP_WORDS[1]} == local ]] && "
      "{ COMPREPLY=($(compgen -d -- \"$cur\")); return; };;\n  esac\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=${COMP_WORDS[i]}\n"
      "    case $word in\n"
      "      --token-file|--tls-ca) around+=(\"$word\" \"${COMP_WORDS[i+1]}\");;\n"
      "      --coordinator)\n        around+=(\"$word\" \"${COMP_WORDS[i+1]}\")\n"  // HOST:PORT is three words to bash
      "        [[ ${COMP_WORDS[i+2]} == : ]] && around[-1]+=:${COMP_WORDS[i+3]};;\n    esac\n"
      "    case \" " +
      names(commands) +
      " \" in *\" $word \"*) [[ -z $command ]] && command=$word;; esac\n  done\n"
      "  case $command in\n    '') words='" +
      names(commands) + " --help --version --coordinator --output';;\n";
  for (const auto& command : commands) {
    text += "    " + command.name + ") flags='" + joined(command.flags, " ") + "' words='" +
            joined(command.words, " ") + "'" + (command.takes_file ? " file=1" : "") +
            (command.ids.empty() ? "" : " ids=" + command.ids) + ";;\n";
  }
  return text +
         "  esac\n"
         "  case $prev in trial|--trial) ids=trials;; --sweep) ids=sweeps;; cordon|drain|uncordon) words=;; workers) ids=;; esac\n"
         "  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"$flags $words\" -- \"$cur\")); return; fi\n"
         "  [[ -n $ids ]] && words+=\" $(\"${COMP_WORDS[0]}\" \"${around[@]}\" complete $ids 2>/dev/null)\"\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  [[ -n $file ]] && COMPREPLY+=($(compgen -f -- \"$cur\"))\n}\n"
         "complete -o filenames -F _oodml oodml\n";
}

std::string zsh(const std::vector<CompletionCommand>& commands) {
  std::string text =
      "#compdef oodml\n# oodml completion for zsh: source <(oodml completion zsh)\n_oodml() {\n"
      "  local -a commands ids\n  local command= word\n  commands=(\n";
  for (const auto& command : commands) text += "    " + quoted(command.name + ":" + command.summary, false) + "\n";
  text += "  )\n  case ${words[CURRENT-1]} in\n    -o|--output) compadd " + std::string(kFormats) +
          "; return;;\n    --token-file|--tls-ca) _files; return;;\n  esac\n"
          "  for word in ${words[2,CURRENT-1]}; do\n    case \" " +
          names(commands) +
          " \" in *\" $word \"*) command=$word; break;; esac\n  done\n"
          "  if [[ -z $command ]]; then _describe command commands; compadd -- --help --version; return; fi\n"
          "  case $command in\n";
  for (const auto& command : commands) {
    text +=
        "    " + command.name + ") compadd -- " + joined(command.flags, " ") + " " + joined(command.words, " ") +
        (command.takes_file ? "; _files" : "") +
        (command.ids.empty() ? ""
                             : "; ids=(${(f)\"$(oodml complete " + command.ids + " 2>/dev/null)\"}); compadd -a ids") +
        ";;\n";
  }
  text +=
      "  esac\n}\n"
      "if [[ $funcstack[1] == _oodml ]]; then _oodml \"$@\"; else compdef _oodml oodml; fi\n";
  return text;
}

std::string fish(const std::vector<CompletionCommand>& commands) {
  std::string text =
      "# oodml completion for fish: oodml completion fish | source\ncomplete -c oodml -f\n"
      "complete -c oodml -s o -l output -x -a '" +
      std::string(kFormats) + "'\n";
  for (const auto& command : commands) {
    text +=
        "complete -c oodml -n __fish_use_subcommand -a " + command.name + " -d " + quoted(command.summary, true) + "\n";
    const std::string when = "complete -c oodml -n '__fish_seen_subcommand_from " + command.name + "'";
    for (const std::string& flag : command.flags) {
      if (flag == "--output" || flag == "-o") continue;
      text += when + (flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1)) + "\n";
    }
    if (!command.words.empty()) text += when + " -a '" + joined(command.words, " ") + "'\n";
    if (!command.ids.empty()) text += when + " -a '(oodml complete " + command.ids + " 2>/dev/null)'\n";
    if (command.takes_file) text += when + " -F\n";
  }
  return text;
}

}  // namespace

Result<std::string> completion_script(const std::string& shell, const std::vector<CompletionCommand>& commands) {
  if (shell == "bash") return bash(commands);
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  return invalid_argument("no completion for '" + shell + "'; known: bash, zsh, fish");
}

}  // namespace oodml::cli
