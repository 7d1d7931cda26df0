/** Who may import whom: ARCHITECTURE.md shows the same as a table. */
const packageBorder = (from, allowed) => ({
  name: `${from}-imports`,
  severity: 'error',
  comment: `packages/${from} may import ${allowed.join(', ') || 'no other package'}.`,
  from: { path: `^packages/${from}/src` },
  to: { path: '^packages/', pathNot: [from, ...allowed].map((name) => `^packages/${name}/`) },
});

module.exports = {
  forbidden: [
    packageBorder('contract', []),
    packageBorder('system', ['contract']),
    packageBorder('client', ['contract', 'system']),
    packageBorder('presets', ['contract']),
    packageBorder('daemon', ['contract', 'system', 'presets']),
    packageBorder('control', ['client', 'contract', 'system', 'presets']),
    packageBorder('desktop', ['contract']),
    packageBorder('redwatch', ['client', 'contract', 'system']),
    {
      name: 'one-place-for-child-processes',
      severity: 'error',
      comment: 'Programs are started by packages/system alone.',
      from: { path: '^packages/', pathNot: '^packages/system/src/process/' },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'contract-needs-zod-only',
      severity: 'error',
      comment: 'The contract does no I/O.',
      from: { path: '^packages/contract/src', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles-between-folders', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '/fixtures/', '/shell/target/', 'packages/desktop/src'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
