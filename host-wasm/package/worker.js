// The engine's thread in a browser: browser.js talks to it. What is named without being used is fetched at
// once, not when somebody further down asks for it.
import './engine-host.js';
import './member.js';
import './instance.js';
import './idb-connection.js';
import './indexeddb-store.js';
import './opfs-store.js';
import './memory-files.js';
import './loader.js';
import './session-parts.js';
import './columns.js';
import './wire.js';
import { serve } from './serving.js';

serve(globalThis);
