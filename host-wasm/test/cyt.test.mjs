// The .cyt corpus in WebAssembly, in memory.
import test from 'node:test';
import { cytCases } from './cyt-corpus.mjs';
import { Nexus, wasm } from './package.mjs';

for (const { title, skip, run } of cytCases()) {
  test(title, { skip }, async () => {
    const nexus = await Nexus.open({ wasm });
    await run(nexus);
    await nexus.close();
  });
}
