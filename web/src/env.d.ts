/// <reference types="vite/client" />
/** Whether this build carries nexus.wasm. */
declare const __HAS_ENGINE__: boolean;
