import type { InstallOperation, WantedInstall } from '../operation.ts';
import { serverPaths } from '../paths.ts';
import { doesNotRunExitCode } from '../send-upload.ts';
import type { ServerFacts } from '../server-facts.ts';

/** Node for the daemon, beside any that the server has: it appears at once, after its checksum was right and it ran. */
export function nodeOperation(facts: ServerFacts, wanted: WantedInstall): InstallOperation | undefined {
  const name = `node-${wanted.nodeVersion}`;
  if (facts.redcontrol.runtimes.includes(name)) return undefined;
  return {
    id: 'node',
    kind: 'create',
    target: facts.hostname,
    description: `Send Node ${wanted.nodeVersion} for the daemon`,
    warning: null,
    check: `[ "$(${serverPaths.runtime}/"$2"/bin/node --version 2>/dev/null)" = "v$3" ]`,
    script: `cd ${serverPaths.runtime}
find . -maxdepth 1 -name '.new-*' -mmin +120 -exec rm -rf {} +
new=$(mktemp -d .new-XXXXXX)
trap 'rm -rf "${serverPaths.runtime}/$new"' EXIT
mkdir "$new/bin"
gzip -dc >"$new/bin/node"
echo "$1  $new/bin/node" | sha256sum --check --status || { echo 'Node arrived damaged' >&2; exit 66; }
chmod 755 "$new" "$new/bin" "$new/bin/node"
[ "$("$new/bin/node" --version)" = "v$3" ] || exit ${doesNotRunExitCode}
sync "$new/bin/node"
rm -rf "./$2"
mv -T "$new" "$2"`,
    arguments: [name, wanted.nodeVersion],
    upload: { kind: 'node', version: wanted.nodeVersion, architecture: facts.architecture },
  };
}
