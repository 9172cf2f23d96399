// What the builds of the three apps have in common.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";

export const WEB = fileURLToPath(new URL("..", import.meta.url));
export const APPS = ["console", "technician", "customer"];

export function appConfig(app) {
  return {
    configFile: false,
    root: `${WEB}${app}`,
    base: `/${app}/`,
    plugins: [react()],
    logLevel: "warn",
    build: {
      outDir: `${WEB}dist/${app}`,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 800,
    },
  };
}

/** The service worker is one classic script that knows every file of its app. */
export function workerConfig(files, version) {
  return {
    configFile: false,
    root: `${WEB}technician`,
    base: "/technician/",
    publicDir: false,
    logLevel: "warn",
    define: { __FILES__: JSON.stringify(files), __VERSION__: JSON.stringify(version) },
    build: {
      outDir: `${WEB}dist/technician`,
      emptyOutDir: false,
      target: "es2022",
      rollupOptions: {
        input: `${WEB}technician/sw/sw.ts`,
        output: { format: "iife", entryFileNames: "sw.js" },
      },
    },
  };
}
