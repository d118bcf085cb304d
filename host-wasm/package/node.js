// The package's entry in Node: everything of nexus.js, and files.
export * from './nexus.js';

// A store in `directory`: created when missing, one process at a time, every commit fsync'ed.
export const nodeFs = (directory) => ({
  kind: 'nodeFs',
  files: async () => (await import('./node-files.js')).nodeFiles(directory), // Which need not be read for the others.
});
