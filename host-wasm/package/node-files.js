// Files for the module in Node: node:fs, synchronous, fsync'ed; nothing outside `root`.
import fs from 'node:fs';
import path from 'node:path';

const missing = -2, exists = -3, full = -4, locked = -5, failed = -1;
const utf8 = new TextDecoder();

function answer(error) {
  switch (error.code) {
    case 'ENOENT': return missing;
    case 'EEXIST': return exists;
    case 'ENOSPC':
    case 'EDQUOT': return full;
    default: return failed;
  }
}

function syncDirectory(directory) {
  const file = fs.openSync(directory, 'r');
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// A lock is a file with the holder's process id; one whose holder is gone is taken over.
function takeLock(target) {
  for (let attempt = 0; attempt < 2; ++attempt) {
    try {
      fs.writeFileSync(target, String(process.pid), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(fs.readFileSync(target, 'utf8'));
      if (Number.isInteger(holder) && holder > 0 && (holder === process.pid || isAlive(holder))) return false;
      fs.rmSync(target, { force: true });
    }
  }
  return false;
}

// Answers the imports for one instance; `memory()` is a fresh view of the module's heap.
export function nodeFiles(root) {
  const base = path.resolve(root);
  fs.mkdirSync(base, { recursive: true, mode: 0o700 });
  return (memory) => {
    const open = new Map(); // Handle → descriptor, or → the path of a held lock.
    let nextHandle = 1;
    let listing = new Uint8Array(0);
    const resolve = (start, length) => path.join(base, utf8.decode(memory().slice(start, start + length)));
    const guarded = (action) => (...given) => {
      try {
        return action(...given) ?? 0;
      } catch (error) {
        return answer(error);
      }
    };
    const keep = (what) => (open.set(nextHandle, what), nextHandle++);
    const writeAll = (file, bytes) => {
      for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done, bytes.length - done);
    };

    return {
      file_open: guarded((start, length, mode) => {
        const target = resolve(start, length);
        if (mode === 0) return keep(fs.openSync(target, 'r'));
        fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
        return keep(fs.openSync(target, mode === 1 ? 'a+' : 'ax+', 0o600));
      }),
      file_close(handle) {
        const what = open.get(handle);
        open.delete(handle);
        if (typeof what === 'number') fs.closeSync(what);
        else if (typeof what === 'string') fs.rmSync(what, { force: true });
      },
      file_append: guarded((handle, start, length) => writeAll(open.get(handle), memory().subarray(start, start + length))),
      file_read: guarded((handle, offset, start, length) => {
        let done = 0;
        while (done < length) {
          const count = fs.readSync(open.get(handle), memory(), start + done, length - done, offset + done);
          if (count === 0) break;
          done += count;
        }
        return done;
      }),
      file_sync: guarded((handle) => fs.fdatasyncSync(open.get(handle))),
      file_size: guarded((handle) => fs.fstatSync(open.get(handle)).size),
      path_replace: guarded((start, length, bytes, count) => {
        const target = resolve(start, length);
        fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
        const temporary = `${target}.new`;
        const file = fs.openSync(temporary, 'w', 0o600);
        try {
          writeAll(file, memory().subarray(bytes, bytes + count));
          fs.fsyncSync(file);
        } finally {
          fs.closeSync(file);
        }
        fs.renameSync(temporary, target);
        syncDirectory(path.dirname(target));
      }),
      path_truncate: guarded((start, length, size) => {
        const file = fs.openSync(resolve(start, length), 'r+');
        try {
          fs.ftruncateSync(file, size);
          fs.fsyncSync(file);
        } finally {
          fs.closeSync(file);
        }
      }),
      path_rename: guarded((from, fromLength, to, toLength) => fs.renameSync(resolve(from, fromLength), resolve(to, toLength))),
      path_remove: guarded((start, length, tree) => {
        fs.rmSync(resolve(start, length), tree ? { recursive: true, force: true } : {});
      }),
      path_exists: guarded((start, length) => (fs.existsSync(resolve(start, length)) ? 1 : 0)),
      path_list: guarded((start, length) => {
        const directory = resolve(start, length);
        const entries = fs.existsSync(directory) ? fs.readdirSync(directory, { withFileTypes: true }) : [];
        const parts = [];
        entries.sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)));
        for (const entry of entries) {
          const name = Buffer.from(entry.name);
          const head = Buffer.alloc(9);
          head[0] = entry.isDirectory() ? 1 : 0;
          head.writeDoubleLE(entry.isDirectory() ? 0 : fs.statSync(path.join(directory, entry.name)).size, 1);
          const size = name.length < 128 ? [name.length] : [(name.length & 0x7f) | 0x80, name.length >> 7];
          parts.push(head, Buffer.from(size), name);
        }
        listing = Buffer.concat(parts);
        return listing.length;
      }),
      list_take(start) {
        memory().set(listing, start);
      },
      path_sync: guarded((start, length) => {
        const directory = resolve(start, length);
        if (fs.existsSync(directory)) syncDirectory(directory);
      }),
      path_lock: guarded((start, length) => {
        const target = resolve(start, length);
        fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
        return takeLock(target) ? keep(target) : locked;
      }),
    };
  };
}
