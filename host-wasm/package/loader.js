// Instantiates nexus.wasm: the few imports it has, and growable views of its memory.
//
// The module is a plain reactor without generated glue, so the same file loads in Node, in
// a browser and in a worker.

// The module's memory as it is now, by a function: to grow it makes another buffer.
export function memoryView(exportsOf) {
  let view = new Uint8Array(0);
  return () => {
    const { buffer } = exportsOf().memory;
    if (view.buffer !== buffer) view = new Uint8Array(buffer);
    return view;
  };
}

// What the module's C library may ask of its surroundings; anything else is refused at load.
function wasi(memory, diagnostics) {
  const badFile = 8;
  return {
    proc_exit(code) {
      throw new Error(`the engine stopped with code ${code}`);
    },
    fd_write(file, vectors, count, written) {
      const view = new DataView(memory().buffer);
      let text = '';
      let total = 0;
      for (let at = 0; at < count; ++at) {
        const start = view.getUint32(vectors + at * 8, true);
        const length = view.getUint32(vectors + at * 8 + 4, true);
        text += new TextDecoder().decode(memory().slice(start, start + length));
        total += length;
      }
      view.setUint32(written, total, true);
      diagnostics(text);
      return 0;
    },
    fd_seek: (_file, _offset, _whence, _result) => badFile,
    fd_close: (_file) => badFile,
    clock_time_get(_clock, _precision, result) {
      new DataView(memory().buffer).setBigUint64(result, BigInt(Date.now()) * 1000000n, true);
      return 0;
    },
    environ_get: (_variables, _text) => 0,
    environ_sizes_get(count, bytes) {
      const view = new DataView(memory().buffer);
      view.setUint32(count, 0, true);
      view.setUint32(bytes, 0, true);
      return 0;
    },
  };
}

// Of Node, since 20.16: an import takes 2 ms to make a module of what is there already.
const builtin = (name) => globalThis.process?.getBuiltinModule?.(name);

const randomWords = new Uint32Array(256);
let randomLeft = 0;

// Why not Web Crypto in Node: to load it there takes longer than everything else the first statement needs.
function fillRandom(words) {
  const fs = builtin('node:fs');
  try {
    const file = fs.openSync('/dev/urandom', 'r');
    try {
      if (fs.readSync(file, words) === words.byteLength) return;
    } finally {
      fs.closeSync(file);
    }
  } catch {
    // A browser, or a system without that file.
  }
  globalThis.crypto.getRandomValues(words);
}

function randomWord() {
  if (randomLeft === 0) {
    fillRandom(randomWords);
    randomLeft = randomWords.length;
  }
  return randomWords[--randomLeft];
}

// Unicode's normal forms are the surroundings', so that the module carries no tables of them.
const normalForms = ['NFC', 'NFD', 'NFKC', 'NFKD'];
function normalForm(memory) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const encoder = new TextEncoder();
  let normal = new Uint8Array(0);
  return {
    text_normalize(form, start, length) {
      const bytes = memory().slice(start >>> 0, (start >>> 0) + length);
      normal = encoder.encode(decoder.decode(bytes).normalize(normalForms[form]));
      return normal.length;
    },
    text_take: (start) => memory().set(normal, start >>> 0),
  };
}

// The functions that a start does not need are a second module, which the first carries as bytes (finish.mjs). Their places in the
// table ask for it; by then it is compiled, unless they are called at once.
class Rest {
  #module;
  #compiled = null;
  constructor(module) {
    this.#module = module;
  }
  #bytes() {
    return WebAssembly.Module.customSections(this.#module, 'rest')[0];
  }
  get compiled() {
    return this.#compiled ??= new WebAssembly.Module(this.#bytes());
  }
  async prepare() {
    const bytes = this.#compiled ? undefined : this.#bytes();
    if (!bytes) return; // It is there, or the module is whole.
    const compiled = await WebAssembly.compile(bytes);
    this.#compiled ??= compiled;
  }
}

const rests = new WeakMap(); // Module → its Rest, which its instances share.
const restSoonMs = 200;

async function restOf(module) {
  const known = rests.get(module);
  const rest = known ?? new Rest(module);
  rests.set(module, rest);
  // A page's own thread may be forbidden to compile at once.
  if (globalThis.document) await rest.prepare();
  else if (!known) setTimeout(() => rest.prepare().catch(() => {}), restSoonMs).unref?.();
  return rest;
}

// With as many parameters as the module's files have: where the numbers differ, an engine makes code for each difference.
const parametersOfFiles = {
  file_open: 3, file_close: 1, file_append: 3, file_read: 4, file_sync: 1, file_size: 1, list_take: 1, path_replace: 4,
  path_truncate: 3, path_rename: 4, path_remove: 3, path_exists: 2, path_list: 2, path_sync: 2, path_lock: 2,
};
function refusing(name) {
  const refuse = () => { throw new Error(`this store has no files (${name})`); };
  return [refuse, (_1) => refuse(), (_1, _2) => refuse(), (_1, _2, _3) => refuse(), (_1, _2, _3, _4) => refuse()][parametersOfFiles[name] ?? 0];
}

// `files` holds the file_… and path_… imports (node-files.js), or is null for memory only;
// `procedures` the procedure_… imports (instance.js).
export async function instantiate(module, files, procedures, diagnostics = (text) => console.error(text.trimEnd())) {
  let exports = null;
  const memory = memoryView(() => exports);
  const rest = await restOf(module);
  const host = {
    rest_load: () => new WebAssembly.Instance(rest.compiled, { first: exports }),
    wall_clock: () => Date.now(),
    steady_clock: () => performance.now(),
    random: randomWord,
    ...normalForm(memory),
    ...procedures(memory),
    ...(files ? files(memory) : {}),
  };
  const imports = { nexus: host, wasi_snapshot_preview1: wasi(memory, diagnostics), env: { emscripten_notify_memory_growth() {} } };
  for (const { module: space, name } of WebAssembly.Module.imports(module)) {
    if (imports[space]?.[name]) continue;
    if (space === 'nexus') imports.nexus[name] = refusing(name);
    else throw new Error(`nexus.wasm imports ${space}.${name}, which this loader does not offer`);
  }
  exports = (await WebAssembly.instantiate(module, imports)).exports;
  exports._initialize?.();
  return exports;
}

// The module from a WebAssembly.Module, bytes, a URL, or a promise of one; without any, from the file beside this one.
export async function compile(given = new URL('./nexus.wasm', import.meta.url)) {
  const source = await given;
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
  const url = source instanceof URL ? source : new URL(source, import.meta.url);
  if (url.protocol === 'file:') {
    // Both at once: nothing else is to be done meanwhile, and all processors check the module then.
    const fs = builtin('node:fs') ?? await import('node:fs');
    return new WebAssembly.Module(fs.readFileSync(url));
  }
  const response = await fetch(url);
  // While it arrives; and browsers keep what they compiled of a stream.
  if (WebAssembly.compileStreaming && response.ok && response.headers.get('content-type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] !== 0 || bytes[1] !== 0x61) {
    throw new Error(`${url} is not WebAssembly (a bundler answered something else): pass { wasm } to Nexus.open, or exclude this package from dependency pre-bundling`);
  }
  return WebAssembly.compile(bytes);
}
