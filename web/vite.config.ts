import { defineConfig, type Plugin } from 'vite';
import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
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

// The list that the service worker (public/sw.js) keeps for use without a network.
function fileList(): Plugin {
  return {
    name: 'nexus-file-list',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = Object.keys(bundle).filter((name) => name !== 'index.html').concat('icon.svg', 'app.webmanifest').sort();
        const version = createHash('sha256').update(JSON.stringify([files, fs.readFileSync(here('index.html'), 'utf8')])).digest('hex').slice(0, 12);
        this.emitFile({ type: 'asset', fileName: 'files.json', source: JSON.stringify({ version, files }) });
      },
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), engineFile(), fileList()],
  define: { __HAS_ENGINE__: JSON.stringify(hasEngine) },
  resolve: { alias: { '@nexusdb/nexus': here('../host-wasm/package') } },
  worker: { format: 'es' },
  // Nothing is inlined as a data: URL, which the server's content policy refuses for fonts and code.
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  server: {
    fs: { allow: [here('..')] },
    proxy: Object.fromEntries(['/api', '/health', '/metrics'].map((path) => [path, process.env.NEXUS_SERVER ?? 'http://127.0.0.1:7474'])),
  },
});
