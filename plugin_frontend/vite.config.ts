/** Builds the panel into kd_projector/plugin/static/, and serves it with hot reload inside a running TensorBoard. */
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const TENSORBOARD = process.env.TENSORBOARD ?? "http://localhost:6006";
const ENTRY = "src/main.ts";

/** Everything but the panel's own modules comes from TensorBoard; the panel's entry comes from here. */
function insideTensorBoard(): Plugin {
  return {
    name: "inside-tensorboard",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!/\/data\/plugin\/kd_projector\/index\.js(\?|$)/.test(request.url ?? "")) return next();
        response.setHeader("Content-Type", "text/javascript");
        response.end(`export { render } from "/${ENTRY}";\n`);
      });
    },
  };
}

export default defineConfig({
  base: "./",
  // The page is TensorBoard's, so there is no index.html for Vite to serve.
  appType: "custom",
  plugins: [insideTensorBoard()],
  build: {
    outDir: fileURLToPath(new URL("../kd_projector/plugin/static", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { index: fileURLToPath(new URL(ENTRY, import.meta.url)) },
      // TensorBoard imports index.js and calls its export `render`.
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "index.css" : "assets/[name]-[hash][extname]",
      },
    },
  },
  worker: { format: "es" },
  server: {
    port: 5173,
    proxy: { "^/(?!@|src/|node_modules/)": { target: TENSORBOARD } },
  },
  test: { include: ["src/**/*.test.ts", "test/**/*.test.ts"], environment: "node" },
});
