import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** Report files read of one run. */
const maxReports = 500;
/** Folder entries looked at, breadth first, so that the usual places come before what is deep. */
const maxEntries = 100_000;
const maxDepth = 12;
/** Reports are named until they are together this long. */
const maxTotalBytes = 128 * 1024 ** 2;

const reportName = /^(.*junit.*|TEST-.+|.*xunit.*|nosetests|pytest.*|test-?(report|results?)|report)\.xml$/i;
/** Every XML file in a folder of this name, or below it, is looked into. */
const reportFolder = /^((surefire|failsafe)-reports|test-?(reports?|results?)|reports?|junit)$/i;
const skippedFolders = new Set(['.git', 'node_modules', 'vendor', '.venv', 'venv', 'site-packages', '__pycache__', '.tox', '.cache', '.gradle', '.m2', '.cargo', '.next']);

/**
 * Paths of the JUnit reports in a working tree, by the names and folders that test runners use by default.
 * `sinceMs`: only files changed at that time (ms since 1970 UTC) or later; give the moment after the checkout, so that a
 * report that lies in the repository does not count. Symbolic links are never followed. Bounded in entries, depth, files and bytes.
 */
export async function findReports(tree: string, { sinceMs }: { sinceMs: number }): Promise<string[]> {
  const reports: string[] = [];
  let level = [{ path: await realpath(tree), isReportFolder: false }];
  let entriesLeft = maxEntries;
  let bytesLeft = maxTotalBytes;
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth += 1) {
    const next: typeof level = [];
    for (const folder of level) {
      for (const entry of await entriesOf(folder.path)) {
        entriesLeft -= 1;
        if (entriesLeft < 0 || reports.length >= maxReports) return reports;
        const path = join(folder.path, entry.name);
        if (entry.isDirectory()) {
          if (!skippedFolders.has(entry.name)) next.push({ path, isReportFolder: folder.isReportFolder || reportFolder.test(entry.name) });
        } else if (entry.isFile() && isReport(entry.name, folder.isReportFolder)) {
          const size = await sizeIfNew(path, sinceMs);
          if (size === undefined || size > bytesLeft) continue;
          bytesLeft -= size;
          reports.push(path);
        }
      }
    }
    level = next;
  }
  return reports;
}

function isReport(name: string, isInReportFolder: boolean): boolean {
  return reportName.test(name) || (isInReportFolder && /\.xml$/i.test(name));
}

/** Sorted, so that the same tree gives the same list; a folder that cannot be read counts as empty. */
async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function sizeIfNew(path: string, sinceMs: number): Promise<number | undefined> {
  const stat = await lstat(path).catch(() => undefined);
  return stat?.isFile() && stat.mtimeMs >= sinceMs ? stat.size : undefined;
}
