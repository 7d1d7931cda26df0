import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';

/** Adds a command's arguments, options, subcommands and action. */
export type DefineCommand = (command: Command, cli: Cli) => void;

interface CommandEntry {
  name: string;
  description: string;
  /** Loads the file of the command, only when it is used. */
  load(): Promise<DefineCommand>;
}

/** All commands in the order in which the help lists them. */
const commands: readonly CommandEntry[] = [
  { name: 'init', description: 'write a first redcontrol.yml from a look at the repository', load: async () => (await import('./init.ts')).defineInit },
  { name: 'import', description: 'write a redcontrol.yml from a Procfile, app.json, docker-compose.yml or Kamal\'s deploy.yml', load: async () => (await import('./import.ts')).defineImport },
  { name: 'check', description: 'check redcontrol.yml without contacting a server', load: async () => (await import('./check.ts')).defineCheck },
  { name: 'schema', description: 'print the JSON Schema of redcontrol.yml, for editors', load: async () => (await import('./schema.ts')).defineSchema },
  { name: 'plan', description: 'show what apply would do', load: async () => (await import('./plan.ts')).definePlan },
  { name: 'apply', description: 'install RedControl where it is missing, and bring the project to what redcontrol.yml says', load: async () => (await import('./apply.ts')).defineApply },
  { name: 'status', description: 'environments with their live version, health and last run', load: async () => (await import('./status.ts')).defineStatus },
  { name: 'runs', description: 'what was pushed, tested and deployed', load: async () => (await import('./runs.ts')).defineRuns },
  { name: 'run', description: 'show, follow, cancel or retry a run', load: async () => (await import('./run.ts')).defineRun },
  { name: 'deploy', description: 'deploy a branch, tag or commit', load: async () => (await import('./deploy.ts')).defineDeploy },
  { name: 'releases', description: 'versions of an environment', load: async () => (await import('./releases.ts')).defineReleases },
  { name: 'changes', description: 'commits between two releases', load: async () => (await import('./changes.ts')).defineChanges },
  { name: 'rollback', description: 'go back to an earlier release', load: async () => (await import('./rollback.ts')).defineRollback },
  { name: 'pause', description: 'deploy no pushes to an environment until it is resumed', load: async () => (await import('./pause.ts')).definePause },
  { name: 'resume', description: 'deploy pushes to an environment again', load: async () => (await import('./resume.ts')).defineResume },
  { name: 'maintenance', description: 'show visitors a maintenance page, and end it', load: async () => (await import('./maintenance.ts')).defineMaintenance },
  { name: 'previews', description: 'branches\' own environments, with their addresses', load: async () => (await import('./previews.ts')).definePreviews },
  { name: 'preview', description: 'make, keep or remove a preview', load: async () => (await import('./preview.ts')).definePreview },
  { name: 'app', description: 'look at the app, open a shell in it, restart, stop, start and scale it', load: async () => (await import('./app.ts')).defineApp },
  { name: 'metrics', description: 'what an environment or the server took and answered, up to 30 days back', load: async () => (await import('./metrics.ts')).defineMetrics },
  { name: 'alerts', description: 'what is wrong now', load: async () => (await import('./alerts.ts')).defineAlerts },
  { name: 'jobs', description: 'scheduled jobs with their state, next and last time', load: async () => (await import('./jobs.ts')).defineJobs },
  { name: 'job', description: 'run, pause, resume or cancel a job; its logs and history', load: async () => (await import('./job.ts')).defineJob },
  { name: 'secret', description: 'set, list and remove secrets', load: async () => (await import('./secret.ts')).defineSecret },
  { name: 'channel', description: 'where news go, and test messages', load: async () => (await import('./channel.ts')).defineChannel },
  { name: 'people', description: 'who may do what, by SSH key', load: async () => (await import('./people.ts')).definePeople },
  { name: 'look', description: 'look for pushes in the repository now', load: async () => (await import('./look.ts')).defineLook },
  { name: 'webhook', description: 'address and secret for the webhook of the git host', load: async () => (await import('./webhook.ts')).defineWebhook },
  { name: 'config', description: 'what was applied, and earlier revisions', load: async () => (await import('./config.ts')).defineConfig },
  { name: 'project', description: 'projects of a server', load: async () => (await import('./project.ts')).defineProject },
  { name: 'events', description: 'what happened', load: async () => (await import('./events.ts')).defineEvents },
  { name: 'audit', description: 'who asked for what, when and from where', load: async () => (await import('./audit.ts')).defineAudit },
  { name: 'databases', description: 'databases and versions that the server can get', load: async () => (await import('./databases.ts')).defineDatabases },
  { name: 'database', description: 'a shell in a database, dump, load, upgrade, and data kept from before', load: async () => (await import('./database.ts')).defineDatabase },
  { name: 'backup', description: 'backups of databases and volumes', load: async () => (await import('./backup.ts')).defineBackup },
  { name: 'restore', description: 'bring the data of a backup into an environment', load: async () => (await import('./restore.ts')).defineRestore },
  { name: 'server', description: 'check, show, upgrade, back up, restore or uninstall a server', load: async () => (await import('./server.ts')).defineServer },
  { name: 'ui', description: 'open the desktop app\'s page in the browser', load: async () => (await import('./ui.ts')).defineUi },
  { name: 'doctor', description: 'look for what is wrong, and say what to do', load: async () => (await import('./doctor.ts')).defineDoctor },
  { name: 'completion', description: 'completion of commands for bash, zsh and fish', load: async () => (await import('./completion.ts')).defineCompletion },
];

/** Adds all commands to the program; of those that are not wanted now only the name and description. */
export async function addCommands(program: Command, cli: Cli, isWanted: (name: string) => boolean): Promise<void> {
  for (const { name, description, load } of commands) {
    const command = program.command(name).description(description);
    if (isWanted(name)) (await load())(command, cli);
  }
}
