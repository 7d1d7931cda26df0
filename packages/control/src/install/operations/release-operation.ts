import type { InstallOperation, WantedInstall } from '../operation.ts';
import { serverPaths } from '../paths.ts';
import { releaseFiles, releaseName } from '../release-name.ts';
import type { ServerFacts } from '../server-facts.ts';

/** The daemon's bundle in a directory of its own; nothing runs from it until the service operation switches. */
export function releaseOperation(facts: ServerFacts, wanted: WantedInstall): InstallOperation | undefined {
  const name = releaseName(wanted);
  if (facts.redcontrol.releases.includes(name)) return undefined;
  const { unit, hello } = releaseFiles(wanted.daemon.version);
  return {
    id: 'release',
    kind: 'create',
    target: facts.hostname,
    description: `Send the daemon ${wanted.daemon.version}`,
    warning: null,
    check: `[ -f ${serverPaths.releases}/"$2"/redcontrol-daemon.mjs ]`,
    script: `cd ${serverPaths.releases}
find . -maxdepth 1 -name '.new-*' -mmin +120 -exec rm -rf {} +
new=$(mktemp -d .new-XXXXXX)
trap 'rm -rf "${serverPaths.releases}/$new"' EXIT
gzip -dc >"$new/redcontrol-daemon.mjs"
echo "$1  $new/redcontrol-daemon.mjs" | sha256sum --check --status || { echo 'the daemon arrived damaged' >&2; exit 66; }
ln -s "../../runtime/node-$3/bin/node" "$new/node"
printf '%s' "$4" >"$new/redcontrol.service"
printf '%s' "$5" >"$new/hello.mjs"
chmod 755 "$new"; chmod 644 "$new"/*.mjs "$new/redcontrol.service"
sync "$new"/*
rm -rf "./$2"
mv -T "$new" "$2"`,
    arguments: [name, wanted.nodeVersion, unit, hello],
    upload: { kind: 'file', path: wanted.daemon.path, sha256: wanted.daemon.sha256 },
  };
}
