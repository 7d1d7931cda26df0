export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Scripts that ask `redcontrol complete` for the words; where it knows none, the shell completes files. */
export const shellScripts: Record<Shell, string> = {
  bash: `_redcontrol() {
  local IFS=$'\\n'
  COMPREPLY=($(redcontrol complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _redcontrol redcontrol
`,
  zsh: `#compdef redcontrol
_redcontrol() {
  local -a lines described
  lines=("\${(@f)$(redcontrol complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -z "\${lines[1]}" ]]; then
    _files
    return
  fi
  local line
  for line in "\${lines[@]}"; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe redcontrol described
}
compdef _redcontrol redcontrol
`,
  fish: `function __redcontrol_complete
    set -l words (commandline -opc) (commandline -ct)
    redcontrol complete -- $words[2..-1] 2>/dev/null
end
complete -c redcontrol -a '(__redcontrol_complete)'
`,
};
