// Builds the three apps to dist/, then the technician's service worker over what was built.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "vite";
import { APPS, appConfig, WEB, workerConfig } from "./apps.mjs";

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile() && !path.endsWith("sw.js"));
}

const started = performance.now();
await Promise.all(APPS.map((app) => build(appConfig(app))));

const root = join(WEB, "dist", "technician");
const paths = filesBelow(root).sort();
const hash = createHash("sha256");
for (const path of paths) hash.update(relative(root, path)).update(readFileSync(path));
const files = paths.map((path) => `/technician/${relative(root, path).replaceAll("\\", "/")}`);
await build(workerConfig(files, hash.digest("hex").slice(0, 12)));

for (const app of APPS) {
  const bytes = filesBelow(join(WEB, "dist", app)).reduce((sum, path) => sum + statSync(path).size, 0);
  console.log(`dist/${app}  ${(bytes / 1024).toFixed(0)} kB`);
}
console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
