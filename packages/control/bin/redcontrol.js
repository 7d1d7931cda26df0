#!/usr/bin/env node
// Written for any Node.js, so that an old one can be told what is wanted instead of failing on the syntax.
const wanted = 24;
if (Number(process.versions.node.split('.')[0]) < wanted) {
  process.stderr.write(`error USAGE: Expected Node.js ${wanted} or newer, got ${process.versions.node}\nhint: Run it with a newer Node.js, for example by \`npx -p node@26 node ${process.argv[1]}\`.\n`);
  process.exitCode = 2;
} else {
  import('node:module').then(({ enableCompileCache }) => {
    enableCompileCache();
    return import('../src/main.ts');
  });
}
