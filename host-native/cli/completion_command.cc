// `nexus completion` and `nexus manual`: what packages install beside the program.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "host-native/cli/commands.h"
#include "host-native/cli/manual.h"
#include "host-native/cli/options.h"

namespace nexus::host {
namespace {

// Why the words are put together again: bash cuts them at ':' and '=', nexus must see them as they are.
constexpr const char* kBash = R"(# bash completion for nexus; printed by: nexus completion bash
_nexus() {
  local rest=${COMP_LINE:0:COMP_POINT} words=() word blank line current prefix i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    blank=${rest%%[![:space:]]*}
    rest=${rest#"$blank"}
    ((i == COMP_CWORD)) && word=$rest
    if ((i == 0)) || [[ -n $blank ]]; then words+=("$word"); else words[-1]+=$word; fi
    rest=${rest#"$word"}
  done
  for i in "${!words[@]}"; do
    [[ ${words[i]} == '~/'* ]] && words[i]=$HOME/${words[i]:2}
  done
  current=${words[-1]}
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files)
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${current##*=}")
        return ;;
      :directories)
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "${current##*=}")
        return ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]}" complete -- "${words[@]:1}" 2>/dev/null)
  # What stands before the last ':' or '=' is a word of its own for bash.
  prefix=${current%"${current##*[:=]}"}
  COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _nexus nexus
)";

constexpr const char* kZsh = R"(#compdef nexus
# zsh completion for nexus; printed by: nexus completion zsh
_nexus() {
  local -a lines described
  local line
  lines=("${(@f)$("${words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    case $line in
      '') ;;
      :files) compset -P '*='; _files; return ;;
      :directories) compset -P '*='; _files -/; return ;;
      *) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  (( $#described )) && _describe nexus described
}
if [[ $funcstack[1] == _nexus ]]; then
  _nexus "$@"
else
  compdef _nexus nexus
fi
)";

constexpr const char* kFish = R"(# fish completion for nexus; printed by: nexus completion fish
function __nexus_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] complete -- $words[2..-1] 2>/dev/null)
    switch "$lines[1]"
        case ':files'
            __fish_complete_path (commandline -ct)
        case ':directories'
            __fish_complete_directories (commandline -ct)
        case '*'
            printf '%s\n' $lines
    end
end
complete -c nexus -f -a '(__nexus_complete)'
)";

struct CompletionFlags {
  std::string shell;
};

struct ManualFlags {
  std::string command;
  std::string directory;
};

int print_script(const CompletionFlags& flags) {
  std::fputs(flags.shell == "bash" ? kBash : flags.shell == "zsh" ? kZsh : kFish, stdout);
  return kExitOk;
}

int write_manuals(const CLI::App& root, const std::string& directory) {
  for (const CLI::App* command : commands_with_pages(root)) {
    const std::string path = directory + "/" + page_name(*command) + ".1";
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << manual_page(*command);
    file.close();
    if (!file) {
      print_error(Error{ErrorCode::IoError, "cannot write '" + path + "'"});
      return kExitFailed;
    }
  }
  return kExitOk;
}

int print_manual(const CLI::App& root, const ManualFlags& flags) {
  if (!flags.directory.empty()) return write_manuals(root, flags.directory);
  for (const CLI::App* command : commands_with_pages(root)) {
    if (command->get_name() != (flags.command.empty() ? root.get_name() : flags.command)) continue;
    std::fputs(manual_page(*command).c_str(), stdout);
    return kExitOk;
  }
  print_error(Error{ErrorCode::InvalidArgument, "there is no command '" + flags.command + "'"});
  return kExitUsage;
}

}  // namespace

Command add_completion(CLI::App& command) {
  auto flags = std::make_shared<CompletionFlags>();
  command.add_option("shell", flags->shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command.footer("Example: nexus completion bash > ~/.local/share/bash-completion/completions/nexus");
  return [flags] { return print_script(*flags); };
}

Command add_manual(CLI::App& command) {
  auto flags = std::make_shared<ManualFlags>();
  auto* name = command.add_option("command", flags->command, "Command of nexus; nexus itself by default");
  command.add_option("--directory", flags->directory, "Write the pages of all commands there")->type_name("DIR")->excludes(name);
  command.footer("Example: nexus manual shell | man -l -");
  return [flags, &command] { return print_manual(*command.get_parent(), *flags); };
}

}  // namespace nexus::host
