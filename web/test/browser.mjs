// A headless Chromium for the tests and the pictures: NEXUS_CHROMIUM, else the system's own.
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

export const chromiumPath = process.env.NEXUS_CHROMIUM ?? places.find((place) => fs.existsSync(place));

export const launch = () => chromium.launch({
  executablePath: chromiumPath,
  // Software WebGL: a machine without a graphics card still draws graphs.
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
