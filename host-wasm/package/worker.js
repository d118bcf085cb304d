// The engine's thread in a browser: browser.js talks to it.
import { serve } from './serving.js';

serve(globalThis);
