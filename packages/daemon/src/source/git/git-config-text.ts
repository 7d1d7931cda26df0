/**
 * The configuration that every git of ours reads in place of the system's and the user's.
 * A file and not `-c` arguments: git 2.34 takes safe.directory only from here, and git's own children read it too.
 * https://git-scm.com/docs/git-config
 */
export const gitConfigText = `# Written by RedControl at every start; changes are lost.
[safe]
	directory = *
[core]
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
	fsmonitor = false
	protectHFS = true
	protectNTFS = true
	askPass =
[credential]
	helper =
[protocol]
	version = 2
	allow = never
[protocol "https"]
	allow = always
[protocol "http"]
	allow = always
[protocol "ssh"]
	allow = always
[protocol "file"]
	allow = always
[protocol "ext"]
	allow = never
[http]
	lowSpeedLimit = 1000
	lowSpeedTime = 30
[fetch]
	unpackLimit = 1
	recurseSubmodules = false
	showForcedUpdates = false
[submodule]
	recurse = false
[gc]
	auto = 0
[maintenance]
	auto = false
[uploadpack]
	allowAnySHA1InWant = true
[checkout]
	workers = 2
[advice]
	detachedHead = false
	fetchShowForcedUpdates = false
`;
