import { defineConfig, type Plugin } from 'vite';
import react from '@vitejs/plugin-react';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The engine for databases in the browser. A build without it has no such databases.
const engine = process.env.NEXUS_WASM ?? here('../build/wasm/package/nexus.wasm');
const hasEngine = fs.existsSync(engine);

function engineFile(): Plugin {
  return {
    name: 'nexus-engine',
    configureServer(server) {
      server.middlewares.use('/nexus.wasm', (_request, response) => {
        response.setHeader('Content-Type', 'application/wasm');
        fs.createReadStream(engine).pipe(response);
      });
    },
    generateBundle() {
      if (hasEngine) this.emitFile({ type: 'asset', fileName: 'nexus.wasm', source: fs.readFileSync(engine) });
      else this.warn(`there is no ${engine}: built without databases in the browser`);
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), engineFile()],
  define: { __HAS_ENGINE__: JSON.stringify(hasEngine) },
  resolve: { alias: { '@nexusdb/nexus': here('../host-wasm/package') } },
  worker: { format: 'es' },
  // Nothing is inlined as a data: URL, which the server's content policy refuses for fonts and code.
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: {
    fs: { allow: [here('..')] },
    proxy: Object.fromEntries(['/api', '/health', '/metrics'].map((path) => [path, process.env.NEXUS_SERVER ?? 'http://127.0.0.1:7474'])),
  },
});
