// Instantiates nexus.wasm: the few imports it has, and growable views of its memory.
//
// The module is a plain reactor without generated glue, so the same file loads in Node, in
// a browser and in a worker.

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
        text += new TextDecoder().decode(new Uint8Array(memory().buffer, start, length).slice());
        total += length;
      }
      view.setUint32(written, total, true);
      diagnostics(text);
      return 0;
    },
    fd_seek: () => badFile,
    fd_close: () => badFile,
    clock_time_get(_clock, _precision, result) {
      new DataView(memory().buffer).setBigUint64(result, BigInt(Date.now()) * 1000000n, true);
      return 0;
    },
    environ_get: () => 0,
    environ_sizes_get(count, bytes) {
      const view = new DataView(memory().buffer);
      view.setUint32(count, 0, true);
      view.setUint32(bytes, 0, true);
      return 0;
    },
  };
}

const randomWords = new Uint32Array(256);
let randomLeft = 0;

// Why not Web Crypto in Node: to load it there takes longer than everything else the first statement needs.
function fillRandom(words) {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs');
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
      const bytes = new Uint8Array(memory().buffer, start >>> 0, length).slice();
      normal = encoder.encode(decoder.decode(bytes).normalize(normalForms[form]));
      return normal.length;
    },
    text_take: (start) => new Uint8Array(memory().buffer).set(normal, start >>> 0),
  };
}

// `files` holds the file_… and path_… imports (node-files.js), or is null for memory only;
// `procedures` the procedure_… imports (nexus.js).
export async function instantiate(module, files, procedures, diagnostics = (text) => console.error(text.trimEnd())) {
  let exports = null;
  const memory = () => exports.memory;
  const host = {
    wall_clock: () => Date.now(),
    steady_clock: () => performance.now(),
    random: randomWord,
    ...normalForm(memory),
    ...procedures(() => new Uint8Array(exports.memory.buffer)),
    ...(files ? files(() => new Uint8Array(exports.memory.buffer)) : {}),
  };
  const imports = { nexus: host, wasi_snapshot_preview1: wasi(memory, diagnostics), env: { emscripten_notify_memory_growth() {} } };
  for (const { module: space, name } of WebAssembly.Module.imports(module)) {
    if (imports[space]?.[name]) continue;
    if (space === 'nexus') imports.nexus[name] = () => { throw new Error(`this store has no files (${name})`); };
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
    const { readFileSync } = await import('node:fs');
    return new WebAssembly.Module(readFileSync(url));
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
