import { defineConfig } from "@playwright/test";

/**
 * The screens in a real browser, over the loopback host, against a real server and real encrypted files. One worker:
 * every commune's server serves at the port its laptops enrolled with.
 */
export default defineConfig({
  testDir: "tests",
  outputDir: "../target/browser-tests",
  globalSetup: "./tests/setup.ts",
  workers: 1,
  forbidOnly: true,
  reporter: [["list"]],
  timeout: 90_000,
  expect: {
    timeout: 15_000,
    // The edges of letters may differ by a shade; a line that moved may not.
    toHaveScreenshot: { threshold: 0.2, maxDiffPixelRatio: 0.0005 },
  },
  snapshotPathTemplate: "{testDir}/looks/{arg}{ext}",
  use: {
    viewport: { width: 1366, height: 768 },
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    actionTimeout: 15_000,
    screenshot: "only-on-failure",
    launchOptions: { executablePath: process.env["TUNGNHA_CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
});
