// Serves one app with reload while it is being written: npm run dev console [http://127.0.0.1:8000]
import { createServer } from "vite";
import { appConfig } from "./apps.mjs";

const [app = "console", target = "http://127.0.0.1:8000"] = process.argv.slice(2);
const server = await createServer({ ...appConfig(app), logLevel: "info", server: { proxy: { "/api": target } } });
await server.listen();
server.printUrls();
