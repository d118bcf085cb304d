// The package's entry in Node: everything of nexus.js, and files.
export * from './nexus.js';
import { nodeFiles } from './node-files.js';

// A store in `directory`: created when missing, one process at a time, every commit fsync'ed.
export const nodeFs = (directory) => nodeFiles(directory);
