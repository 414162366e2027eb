import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';
import { places } from './place';

const chromium = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));

export default defineConfig({
	testDir: '.',
	testMatch: '**/*.e2e.ts',
	globalSetup: './prepare.ts',
	globalTeardown: './clean.ts',
	timeout: 120_000,
	expect: { timeout: 15_000 },
	retries: process.env.CI ? 1 : 0,
	workers: 2,
	fullyParallel: true,
	forbidOnly: true,
	reporter: 'list',
	outputDir: places.output,
	use: {
		baseURL: places.origin,
		storageState: places.lead,
		viewport: { width: 1440, height: 900 },
		launchOptions: {
			...(chromium ? { executablePath: chromium } : {}),
			args: [
				'--no-sandbox',
				'--disable-quic',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				'--no-first-run'
			]
		}
	}
});
